"""Every error storyreel raises on purpose: whose fault it is, and what the process exits with.

A message is a sentence for the person who can act: *what, where, what next*. Facts that a caller may want stand in
fields, never only in the prose. Expected outcomes of shooting (a failed shot, a refusal, a lost answer) are events of
a take (`model.take`); they become errors only when a run ends with them.
"""

from __future__ import annotations

import shlex
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.model.finding import Finding

EXIT_CODES: Final = {
    0: "done",
    1: "our bug",
    2: "usage",
    3: "findings in the storyboard, or at its seams where asked",
    4: "money: cap, credits, or not confirmed",
    5: "an answer in doubt",
    6: "a shot failed",
    7: "another run holds the project",
    8: "the machine: disk, ffmpeg, permissions, network",
    130: "interrupted",
}


class StoryreelError(Exception):
    """Base of the tree. `exit_code` is one of `EXIT_CODES`."""

    exit_code: ClassVar[int] = 1


class IllegalTransitionError(StoryreelError):
    """An event that the table of `shoot.lifecycle` does not allow in this state: our bug, never the user's."""


class UsageError(StoryreelError):
    """The command was called with something it cannot use."""

    exit_code = 2


class StoryboardError(StoryreelError):
    """The storyboard has findings; nothing was sent and nothing was written.

    Args:
        findings: all of them, in file and line order; at least one.
    """

    exit_code = 3

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class SeamsError(StoryreelError):
    """Seams have flaws of a kind that the user does not let pass; nothing was sent."""

    exit_code = 3


class PublishError(StoryreelError):
    """A picture has no public address, so the shots that need it cannot be shot.

    Args:
        sentence: which picture, and why.
        advice: what to do about it; the same for every picture that lacks the same thing.
    """

    exit_code = 8

    def __init__(self, sentence: str, advice: str = "") -> None:
        self.sentence = sentence
        self.advice = advice
        gap = "\n" if "\n" in sentence else " "
        super().__init__(f"{sentence}{gap}{advice}".strip())


class NotPublishedError(PublishError):
    """The user has to do something first: name a publisher, or publish the picture by hand."""

    exit_code = 2


class MoneyError(StoryreelError):
    """A submit would break the cap, the credits are used up, or the user has not said yes."""

    exit_code = 4


class FingerprintTakenError(StoryreelError):
    """Another run shot an equal request between this run's plan and its submit: nothing was sent; plan again.

    Args:
        slate: the take that was not armed.
        other: the take that asks for the same.
    """

    exit_code = 7

    def __init__(self, slate: str, other: str) -> None:
        self.slate, self.other = slate, other
        super().__init__(f"{slate} asks for what {other} was sent for meanwhile; run again to use that.")


class UrlExpiredError(StoryreelError):
    """The video host refuses an address (403, 404, 410) or cannot be reached: ask for a fresh one."""

    exit_code = 8


class DownloadError(StoryreelError):
    """A clip could not be fetched, after all tries."""

    exit_code = 8


class AnswerInDoubtError(StoryreelError):
    """Some answers were lost after the request left: charged or not, only the user can say.

    Args:
        slates: the takes in doubt, as `project/shot/tkNN`.
    """

    exit_code = 5

    def __init__(self, message: str, slates: Sequence[str] = ()) -> None:
        self.slates = tuple(slates)
        super().__init__(message)


class ShotFailedError(StoryreelError):
    """At least one shot has no usable take (failed, rejected, lost, corrupt), and nothing was granted to go on."""

    exit_code = 6

    def __init__(self, message: str, slates: Sequence[str] = ()) -> None:
        self.slates = tuple(slates)
        super().__init__(message)


class StoppedError(StoryreelError):
    """The user stopped the run; what has landed stays landed.

    Attributes:
        left_an_answer: a request was under way that may cost credits, and its answer was not waited for.
    """

    exit_code = 130

    def __init__(self, *, left_an_answer: bool = False) -> None:
        self.left_an_answer = left_an_answer
        super().__init__(
            "stopped before an answer came that may cost credits: its shots may be in doubt now. "
            "What has landed is not lost; storyreel resolve says what can be done."
            if left_an_answer
            else "stopped. Nothing is lost: run the same command again to go on."
        )


class ProjectBusyError(StoryreelError):
    """Another run holds the project's lock."""

    exit_code = 7


class MachineError(StoryreelError):
    """The machine does not let us: disk full, no permission, no ffmpeg, no network."""

    exit_code = 8


_LINES_SHOWN: Final = 12

_FFMPEG_ADVICE: Final = (
    ("No space left on device", "Make room on the disk (storyreel clean does), and run again."),
    ("Permission denied", "Check the permissions of the folder that it names, and run again."),
    ("Cannot allocate memory", "The machine had no memory left: close other programs, and run again."),
)
"""What ffmpeg says, and what helps."""

_FFMPEG_ADVICE_ELSE: Final = (
    "Run again, since nothing that was paid is lost. If it stays, see with storyreel doctor whether ffmpeg is fit, or "
    "name another one in STORYREEL_FFMPEG."
)


class FfmpegError(MachineError):
    """An ffmpeg process ended with an error.

    Args:
        what: what it was asked for, in words.
        argv: the whole command.
        status: its exit status; negative for a signal.
        stderr_tail: the last lines it wrote.
    """

    def __init__(self, what: str, argv: Sequence[str], status: int, stderr_tail: str) -> None:
        self.argv = tuple(argv)
        self.status = status
        self.stderr_tail = stderr_tail
        said = "\n".join(stderr_tail.strip().splitlines()[-_LINES_SHOWN:]) or "(nothing)"
        how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
        super().__init__(
            f"ffmpeg could not {what}: it {how}. It said:\n{said}\nIt was run as:\n{shlex.join(argv)}\n{self.help}"
        )

    @property
    def help(self) -> str:
        """What to do about it."""
        if self.status == -signal.SIGKILL:
            return "Most likely the machine had no memory left: close other programs, and run again."
        return next((advice for sign, advice in _FFMPEG_ADVICE if sign in self.stderr_tail), _FFMPEG_ADVICE_ELSE)


class MediaError(StoryreelError):
    """A media file cannot be read as what it should be (no video, cut short, damaged).

    Args:
        path: the file.
        reason: one clause, without the path.
    """

    exit_code = 8

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")


def shortlist(names: Sequence[str], most: int = 8) -> str:
    """The first of them, and how many there are beyond: no sentence is longer for a long list."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"
