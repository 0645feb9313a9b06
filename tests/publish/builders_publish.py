"""Pictures and uploaders for tests of publishing."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from PIL import Image

from pipeline.digest import ContentHash
from pipeline.ports import Picture


def a_picture(folder: Path, name: str = "hero.png", grey: int = 80) -> Picture:
    path = folder / name
    Image.new("RGB", (16, 9), (grey, grey, grey)).save(path)
    sha256 = ContentHash(hashlib.sha256(path.read_bytes()).hexdigest())
    return Picture(sha256=sha256, path=path, told=f"assets/{name}", suffix=path.suffix)


def an_uploader(folder: Path, body: str) -> list[str]:
    """The command that runs `body` as Python, with the picture's path and name as `file` and `name`."""
    script = folder / "uploader.py"
    script.write_text(f"import os, sys, time\nfile, name = sys.argv[1:]\n{body}\n")
    return [sys.executable, str(script), "{file}", "{name}"]
