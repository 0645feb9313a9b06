"""Publishes by a program of the user's own (an uploader), which prints the address on its last line.

The program is named in the workspace's own settings, never in a project. No shell reads the command; the program gets
no key of the vendor's, has limited time, and is ended with all that it started.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pipeline.errors import PublishError
from pipeline.ports import Picture
from pipeline.publish.address import what_is_wrong_with
from pipeline.publish.content import content_of

_PLACEHOLDER: Final = re.compile(r"\{(?:file|name)\}")
_TAIL: Final = 400
_LAST_WORDS_SECONDS: Final = 2
ADVICE: Final = "Mend the publisher in storyreel.yaml; storyreel publish PROJECT tries it for nothing."


@dataclass(frozen=True, slots=True)
class Uploader:
    """Runs `command` once a picture.

    Attributes:
        command: `{file}` stands for the picture's path, `{name}` for the name it shall have.
        folder: where it runs.
        environment: all that it finds there.
        seconds: how long it may take.
    """

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(repr=False)
    seconds: float

    async def publish(self, picture: Picture) -> str:
        argv = [self._filled(word, picture) for word in self.command]
        try:
            program = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=PIPE,
                stderr=PIPE,
                cwd=self.folder,
                env=dict(self.environment),
                start_new_session=True,  # so that its children end with it, and Ctrl-C is ours
            )
        except (OSError, ValueError) as error:
            raise PublishError(
                f"{picture.told}: the publisher {argv[0]} cannot be started ({error}).", ADVICE
            ) from error
        said, complained = await self._outcome(program, picture)
        content_of(picture)  # what the program read is what is there still
        return _address(said, complained, program.returncode or 0, picture)

    def _filled(self, word: str, picture: Picture) -> str:
        values = {"{file}": str(picture.path), "{name}": picture.public_name}
        return _PLACEHOLDER.sub(lambda found: values[found[0]], word)

    async def _outcome(self, program: Process, picture: Picture) -> tuple[str, str]:
        try:
            async with asyncio.timeout(self.seconds):
                said, complained = await program.communicate()
        except TimeoutError as error:
            await _end(program)
            raise PublishError(f"{picture.told}: the publisher took longer than {self.seconds:g} s.", ADVICE) from error
        except asyncio.CancelledError:
            await _end(program)
            raise
        return said.decode(errors="replace"), complained.decode(errors="replace")


async def _end(program: Process) -> None:
    """End the program with its children. One of them that has left its group may keep the pipes open: not for long."""
    with suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_SECONDS):
            await program.communicate()


def _address(said: str, complained: str, status: int, picture: Picture) -> str:
    """The last line of what was printed. Raises PublishError if that is no address, or the program failed."""
    if status != 0:
        tail = complained.strip()[-_TAIL:] or "(nothing)"
        raise PublishError(f"{picture.told}: the publisher ended with status {status}. It said: {tail}", ADVICE)
    lines = said.split()
    url = lines[-1] if lines else ""
    if problem := what_is_wrong_with(url):
        shown = f'"{url[:_TAIL]}"' if url else "nothing"
        raise PublishError(
            f"{picture.told}: the publisher's last line is {shown}, not a public address: {problem}.", ADVICE
        )
    return url
