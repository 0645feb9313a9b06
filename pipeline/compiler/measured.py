"""How large the pictures of a project are, read from their headers. Part of the compiler's edge, as `sources` is."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PICTURE_SUFFIXES: Final = (".jpeg", ".jpg", ".png", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One picture."""

    width_px: int
    height_px: int
    size_bytes: int


def measure_pictures(files: Mapping[str, Path]) -> dict[str, Measured | None]:
    """Every file of `files` that is a picture by its name, by that name; None for what no picture can be read from."""
    return {name: _measure(path) for name, path in files.items() if name.lower().endswith(PICTURE_SUFFIXES)}


def _measure(path: Path) -> Measured | None:
    from PIL import Image  # heavy: most projects have no pictures

    if not path.is_file():  # a pipe would be waited for
        return None
    try:
        with warnings.catch_warnings(), Image.open(path) as picture:
            warnings.simplefilter("ignore")  # of pictures that are too large, which the linter says better
            return Measured(width_px=picture.width, height_px=picture.height, size_bytes=path.stat().st_size)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):  # what Pillow raises for broken files
        return None
