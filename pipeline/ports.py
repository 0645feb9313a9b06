"""The doors to the outside, as promises. What stands behind them is chosen in `app`; each promise is a test.

The shells (`shoot.runner`, `render.film`) know only these; a working double keeps the same promises as the real thing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from pipeline.digest import ContentHash
from pipeline.model.answer import Answer, GenerateOutcome, ShotOrder, StatusOutcome, TaskRef
from pipeline.model.media import Media
from pipeline.model.packets import PacketOrder
from pipeline.model.seam import ClipMeasures
from pipeline.model.storyboard import Resolution
from pipeline.model.take import Event, Slate, Take
from pipeline.model.timeline import Clip, LogoOverlay, MusicTrack, NarrationTrack, Timeline
from pipeline.render.sound import Piece, SoundPlan
from pipeline.render.spans import Span
from pipeline.shoot.policy import Window
from pipeline.timecode import Frames, Samples


class Clock(Protocol):
    """Wall-clock time, and waiting in it."""

    def now(self) -> datetime:
        """Aware, UTC. May jump; nobody may rely on it to grow."""

    async def sleep(self, duration: timedelta) -> None:
        """Return after `duration`, at once if it is not positive."""


class VeoApi(Protocol):
    """The vendor's two calls. Neither raises for anything the vendor or the network does: that is an outcome."""

    async def generate(
        self, orders: Sequence[ShotOrder], resolution: Resolution, *, connected: Callable[[], None]
    ) -> GenerateOutcome:
        """Start the shots. **Not idempotent: each call may cost credits.** Never retried in here.

        `connected` is called once a fresh connection stands and before byte 1 of the request; if it raises, no byte is
        sent and the exception comes through.
        """

    async def check_status(self, tasks: Sequence[TaskRef], resolution: Resolution) -> StatusOutcome:
        """Ask about tasks. Idempotent, free, counts as a call."""

    def read_status(self, answer: Answer, tasks: Sequence[TaskRef]) -> StatusOutcome:
        """What an answer to somebody else's check-status says of these tasks. Asks nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """An answer that came while the ledger could not be written.

    Attributes:
        events: slate and nonce of each take that it was about, and what was read of it.
    """

    events: tuple[tuple[str, str | None, Event], ...]
    answer: Answer


class Ledger(Protocol):
    """The journal of takes of one world: what is appended is durable before the call returns.

    Every method is one transaction, safe against other processes. Raises MachineError if the disk does not let it.
    """

    def takes(self, project: str | None = None) -> tuple[Take, ...]:
        """All takes, or one project's, by slate."""

    def takes_named(self, slates: Collection[str]) -> tuple[Take, ...]:
        """The takes of these slates, those that there are, by slate."""

    def open_take(self, take: Take) -> None:
        """Write a new planned take. Raises ValueError if its slate exists."""

    def open_takes(self, takes: Sequence[Take]) -> None:
        """Write new planned takes, all or none. Raises ValueError if a slate exists."""

    def append(self, changes: Sequence[tuple[Take, Event]], answer: Answer | None = None) -> None:
        """Keep events with the takes that they lead to, and the raw answer that they were read from; all or none.

        Where the disk does not let it, the answer is kept elsewhere: for `rescued`, or in the error's words.
        """

    def rescued(self) -> tuple[Rescued, ...]:
        """Answers that could not be appended when they came, oldest first; those appended since are among them."""

    def arm(
        self, changes: Sequence[tuple[Take, Event]], *, key_id: str, cap: int | None, window: Window, now: datetime
    ) -> datetime | None:
        """Allow takes of one project to be sent as one call; all or none.

        In one transaction: the cap, the window of calls, no other generate of `key_id` in flight, and no equal
        Fingerprint paid for, however that ended, are checked; then the events and the call are kept.

        Returns:
            None when armed; else the instant to try again (the window is full, or another process is sending).

        Raises:
            MoneyError: the cap would be broken.
            FingerprintTakenError: somebody else shot an equal request meanwhile: plan again.
        """

    def note_call(self, *, key_id: str, window: Window, now: datetime) -> datetime | None:
        """Take one call out of the window for a check-status. Returns None when taken, else when to try again."""

    def share_answer(self, answer: Answer, *, key_id: str, resolution: Resolution) -> None:
        """Let other runs of the key read an answer to a check-status; it takes the place of the one before."""

    def shared_answer(self, *, key_id: str, resolution: Resolution) -> Answer | None:
        """The newest answer that a run of the key has shared."""

    def asked_elsewhere(self, *, key_id: str, but: Collection[str], since: datetime) -> tuple[Take, ...]:
        """Takes on the server, sent with this key and changed since, that are none of the slates `but`."""

    def calls_in(self, *, key_id: str, since: datetime) -> tuple[datetime, ...]:
        """When calls were made at or after `since`, oldest first."""


class TakeStore(Protocol):
    """Clips by content. A path that it names never holds partial bytes."""

    async def download(self, url: str, slate: Slate, *, on_bytes: Callable[[int, int | None], None]) -> Download:
        """Fetch `url` into the store: resumed, hashed, written aside, synced, renamed. Safe to repeat.

        Raises:
            UrlExpiredError: the host refuses the address (403, 404, 410) or cannot be reached.
            DownloadError: it went wrong in another way, after all tries.
            MachineError: the disk does not let it.
        """

    async def verify(self, sha256: ContentHash) -> Media:
        """Decode the file to its end with errors fatal, and probe it.

        Raises MediaError if it does not decode, or is not (any more) what its name says.
        """

    def has(self, sha256: ContentHash, size_bytes: int | None = None) -> bool:
        """Whether the file is (still) in the store, and of this size, if one is given."""

    def set_damaged_aside(self, sha256: ContentHash) -> bool:
        """Look at every byte of the file. One that was damaged in the store counts as gone from then on; True for it.

        Raises MachineError if the disk does not let it.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture file that goes with a prompt.

    Attributes:
        told: what a person would call it: "assets/hero.png", or where the store keeps a frame.
        suffix: says what kind of picture it is: ".png", ".jpg" or ".webp".
    """

    sha256: ContentHash
    path: Path
    told: str
    suffix: str

    @property
    def public_name(self) -> str:
        """The name under which it is published: its content, and what kind of picture it is."""
        return f"{self.sha256}{self.suffix}"


class Pictures(Protocol):
    """The pictures of one project, by content. Every answer is the same for as long as the run lasts."""

    def of_file(self, file: str) -> ContentHash:
        """The content of a file of the project. Raises MachineError if it cannot be read."""

    def of_frame(self, clip: ContentHash, frame: Frames) -> ContentHash | None:
        """The picture of a clip's frame, by its index at the film's rate; taken out once, then remembered.

        None if the clip is not in the store. Raises MediaError if it has no such frame.
        """

    def find(self, sha256: ContentHash) -> Picture:
        """A picture that one of the others named, ready to be shown to the world.

        Raises PublishError if its file is gone, has changed, is no picture, or lies outside the project.
        """


class Publisher(Protocol):
    """Gives pictures public addresses.

    Idempotent, safe against other processes: equal content keeps its address, and is sent once, across runs too.
    """

    async def publish(self, picture: Picture) -> str:
        """A public address at which the picture's bytes are found. Raises PublishError."""


class Download(Protocol):
    """What was fetched."""

    @property
    def sha256(self) -> ContentHash: ...

    @property
    def size_bytes(self) -> int: ...


class Dice(Protocol):
    """Chance."""

    def jitter(self) -> float:
        """A number in [0, 1)."""

    def nonce(self) -> str:
        """12 lower-case hex digits, never the same twice."""


class ClipMeter(Protocol):
    """Measures clips for their seams, once a content. Safe against other processes and repeats."""

    def known(self, sha256: ContentHash) -> ClipMeasures | None:
        """What was measured before; decodes nothing."""

    def measure(self, media: Media, path: Path | None = None) -> ClipMeasures:
        """What was measured before, or is now, which takes about a second; equal bytes give equal measures.

        Args:
            path: where a file of the author's lies; None for a take.

        Raises:
            MediaError: it does not decode.
            MachineError: the disk does not let it.
        """


Locate = Callable[[Clip | MusicTrack | NarrationTrack | LogoOverlay], Path]
"""Where the file of a landed clip (no card), of music, of a voice or of a logo lies."""


class SpanMaker(Protocol):
    """The pictures of spans, kept in the render cache of one world. Safe against other processes and repeats."""

    def packet_order(self, clip: Clip, size_px: tuple[int, int]) -> PacketOrder | None:
        """How the packets of a landed clip lie; None if a film of that size cannot take them as they are."""

    def has(self, span: Span) -> bool:
        """Whether its picture is in the cache and passes a quick look; what does not pass counts as not there."""

    async def make(self, span: Span, on_frames: Callable[[Frames], None]) -> bool:
        """Encode a span that is ready, decode it strictly, and only then keep it: whole, synced, renamed.

        Equal spans give equal bytes, and are made by one call at a time: False where another has made it meanwhile. A
        cancelled call leaves neither file nor process. `on_frames` is told how many of its frames are done. Raises
        FfmpegError, MediaError, MachineError.
        """


class SoundMaker(Protocol):
    """The one sound track of a film; decoded clips and finished tracks are kept in the render cache."""

    async def prepare(self, piece: Piece) -> None:
        """Decode a piece's media once, so that mixing needs not wait for it. Raises as `SpanMaker.make`."""

    async def make(self, plan: SoundPlan) -> Sounded:
        """Mix, encode and listen; equal plans give equal bytes. Raises as `SpanMaker.make`."""


class Sounded(Protocol):
    """A sound track that is finished, and what was heard on it by decoding it to its end."""

    @property
    def path(self) -> Path: ...

    @property
    def samples(self) -> Samples: ...

    @property
    def loudness_lufs(self) -> float | None: ...

    @property
    def true_peak_dbtp(self) -> float | None: ...


class FilmPress(Protocol):
    """Puts spans and sound together."""

    async def press(self, timeline: Timeline, spans: Sequence[Span], sound: Sounded, film_path: Path) -> Pressed:
        """Copy the packets of spans, from the cache or the clips, into one file, verify it, and only then name it.

        Atomic, repeatable; equal inputs give equal bytes. A cancelled call leaves no half file.
        Raises MediaError (what was written does not hold what it should), MachineError.
        """


class Pressed(Protocol):
    """What was measured on the film before it got its name."""

    @property
    def sha256(self) -> ContentHash: ...

    @property
    def size_bytes(self) -> int: ...

    @property
    def frames(self) -> Frames: ...

    @property
    def samples(self) -> Samples: ...

    @property
    def loudness_lufs(self) -> float | None: ...

    @property
    def true_peak_dbtp(self) -> float | None: ...
