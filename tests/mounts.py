"""File systems of a size that a test chooses; where nobody may mount anything, it is skipped."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOUNT, UMOUNT = (shutil.which(name) or "/bin/false" for name in ("mount", "umount"))


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[None]:
    """A tmpfs of this size; skips the test where nothing may be mounted."""
    folder.mkdir()
    mount = subprocess.run([MOUNT, "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True)
    if mount.returncode != 0:
        pytest.skip("a tmpfs can be mounted by root alone, outside of most containers")
    try:
        yield
    finally:
        subprocess.run([UMOUNT, "--lazy", folder], check=True)


def remount(folder: Path, size: str) -> None:
    subprocess.run([MOUNT, "-o", f"remount,size={size}", folder], check=True)
