"""The pictures of a project are measured by their headers, in no time, whatever they say of themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.compiler.measured import Measured, measure_pictures

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x07\0\0\0\x05\x08\x02\0\0\0\0\0\0\0"
HUGE = 4_000_000_000


def measured(path: Path) -> tuple[int, int] | None:
    seen: Measured | None = measure_pictures({path.name: path})[path.name]
    return (seen.width_px, seen.height_px) if seen else None


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("a.png", {}),
        ("a.jpg", {"progressive": True, "exif": b"Exif\0\0" + bytes(60_000), "icc_profile": bytes(200_000)}),
        ("lossy.webp", {"quality": 50}),
        ("exact.webp", {"lossless": True}),
        ("more.webp", {"quality": 50, "exif": b"Exif\0\0"}),
    ],
)
def test_each_kind_of_picture_is_measured(tmp_path: Path, name: str, how: dict[str, Any]):
    """As a program writes it."""
    Image.new("RGB", (301, 203), "red").save(tmp_path / name, **how)
    assert measured(tmp_path / name) == (301, 203)


@pytest.mark.parametrize(
    ("name", "head", "size"),
    [
        ("a.png", PNG + b"\x7f\xff\xff\xf0iCCP", (7, 5)),  # a chunk of two gigabytes
        ("a.webp", b"RIFF\xf0\xff\xff\xffWEBPVP8X\x0a\0\0\0\0\0\0\0\x06\0\0\x04\0\0", (7, 5)),
        ("a.jpg", b"\xff\xd8\xff\xe0\0\x02", None),  # then noughts, where a marker should be
        ("b.jpg", b"\xff\xd8\xff\xe0\0\0" * 9_999, None),
        ("a.gif.png", b"GIF89a\x01\0\x01\0\0\0\0!\xfe", None),
        ("a.eps.png", b"%!PS-Adobe-3.0\n", None),
        ("b.png", b"", None),
    ],
)
def test_a_picture_of_four_gigabytes_is_measured_by_its_first_bytes(
    tmp_path: Path, name: str, head: bytes, size: tuple[int, int] | None
):
    """The rest is a hole in the disk, which a reader would take for noughts."""
    with (tmp_path / name).open("wb") as file:
        file.write(head)
        file.truncate(HUGE)
    assert measured(tmp_path / name) == size
