"""Who of those that share a ledger still lives: each locks a byte of one file, and the lock goes with its process.

A process id would not tell: it is given to others again, a killed process keeps it until somebody has waited for it,
and in a container it means another one.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from pipeline.errors import MachineError

MARK_BITS: Final = 40


class Presence:
    """This process, in the file at `path`. Made by `be_present`, once a process: such locks do not see their own.

    Attributes:
        mark: which byte stands for it.
    """

    def __init__(self, path: Path) -> None:
        self.mark = 1 + secrets.randbits(MARK_BITS)
        try:
            self._file = path.open("ab+")
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, self.mark)
        except OSError as error:
            raise MachineError(f"{path} cannot be locked: {error.strerror}. Check the disk and its rights.") from error

    def sees(self, mark: int) -> bool:
        """Whether another process with that mark lives."""
        if mark == self.mark:
            return False
        try:
            fcntl.lockf(self._file, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, mark)
        except OSError:
            return True
        fcntl.lockf(self._file, fcntl.LOCK_UN, 1, mark)
        return False


_here: WeakValueDictionary[tuple[Path, int], Presence] = WeakValueDictionary()


def be_present(path: Path) -> Presence:
    """This process's presence, for as long as somebody keeps it. Raises MachineError."""
    key = (path, os.getpid())  # a fork has its parent's memory, and none of its locks
    presence = _here.get(key)
    if presence is None:
        presence = _here[key] = Presence(path)
    return presence
