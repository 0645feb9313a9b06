"""One server for one state directory: a lock that the kernel takes back when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import Final

from pipeline.sandbox.config import SandboxError

PATIENCE_S: Final = 10.0
_LOOK_AGAIN_S: Final = 0.1


class StateLock:
    """Held from the making until `release`. Raises SandboxError if another server keeps it for `patience_s`."""

    def __init__(self, state_dir: Path, *, patience_s: float = PATIENCE_S) -> None:
        self._file = (state_dir / "lock").open("ab")
        give_up_at = time.monotonic() + patience_s
        while not self._is_taken_now():
            if time.monotonic() >= give_up_at:
                self._file.close()
                raise SandboxError(
                    f"{state_dir} is held by another sandbox, still after {patience_s:g} s. "
                    "Stop that one, or give this one a state directory of its own."
                )
            time.sleep(_LOOK_AGAIN_S)

    def release(self) -> None:
        self._file.close()

    def _is_taken_now(self) -> bool:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
