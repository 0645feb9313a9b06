"""A key that nobody may find: who looks at every process while commands run, and into every file after them."""

from __future__ import annotations

import base64
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

KEY = f"sbx_canary/{secrets.token_hex(6)}+Zq==~"  # signs that encodings change; another run's is not ours


def forms_of(key: str) -> dict[str, bytes]:
    """The bytes that would betray it."""
    plain = key.encode()
    in_base64 = {f"base64 at {n}": base64.b64encode(b"\0" * n + plain)[(0, 2, 3)[n] : -4] for n in range(3)}
    return {
        "plain": plain,
        "reversed": plain[::-1],
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "in an address": quote(key, safe="").encode(),
        "in UTF-16": key.encode("utf-16-le"),
        "in JSON of others": key.replace("/", "\\/").encode(),
        **in_base64,
    }


FORMS = forms_of(KEY)


def found_in(content: bytes) -> list[str]:
    return [name for name, form in FORMS.items() if form in content]


@dataclass
class Watch:
    """Looks at every process of this machine, over and over, while the block lasts.

    Attributes:
        seen: the command lines that were looked at.
    """

    seen: set[bytes] = field(default_factory=set)
    _betrayals: set[tuple[bytes, str]] = field(default_factory=set)
    looks: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _commands: set[bytes] = field(default_factory=set)

    def __enter__(self) -> Watch:
        self._thread = threading.Thread(target=self._look_on)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        assert self._thread is not None
        self._thread.join()

    def leave_out(self, *command: str) -> None:
        """Its own environment is where the user put the key; a child of it is itself between its fork and its exec."""
        self._commands.add(b"\0".join(map(os.fsencode, command)) + b"\0")

    @property
    def hits(self) -> list[str]:
        """Where the key was."""
        own = tuple(self._commands)
        return sorted(
            f"in the {where} of {line!r}"
            for line, where in self._betrayals
            if where == "command line" or not line.endswith(own)
        )

    def _look_on(self) -> None:
        while not self._stop.wait(0.03):
            for process_id in [path.name for path in Path("/proc").iterdir() if path.name.isdigit()]:
                with suppress(OSError):  # it has ended
                    self._look_at(int(process_id))

    def _look_at(self, process_id: int) -> None:
        line = _read(process_id, "cmdline")
        self.looks += 1
        self.seen.add(line)
        if found_in(line):
            self._betrayals.add((line, "command line"))
        if found_in(_read(process_id, "environ")):
            line = _read(process_id, "cmdline")
            if found_in(_read(process_id, "environ")):  # still: no exec came in between
                self._betrayals.add((line, "environment"))


def _read(process_id: int, name: str) -> bytes:
    return Path(f"/proc/{process_id}/{name}").read_bytes()


@dataclass
class Search:
    """All files below some folders, and what was printed."""

    files: int = 0
    bytes: int = 0
    hits: list[str] = field(default_factory=list)

    def look_into(self, name: str, content: bytes) -> None:
        self.bytes += len(content)
        self.hits += [f"{form} in {name}" for form in found_in(content)]

    def look_below(self, folder: Path) -> None:
        for path in _files_below(folder):
            self.files += 1
            self.look_into(str(path), path.read_bytes())
            self.look_into(f"the name of {path}", os.fsencode(path))


def _files_below(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
