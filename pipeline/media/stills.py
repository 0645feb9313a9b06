"""The author's own still pictures: looked at under limits, and laid out as logos. Pillow is the only door to them.

A picture is a stranger's file: only the kinds named here are opened, and none that would unpack to more than
`MAX_PIXELS`.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.digest import fingerprint
from pipeline.errors import MediaError
from pipeline.model.media import MediaInfo
from pipeline.model.storyboard import Corner
from pipeline.model.timeline import LogoOverlay

KINDS: Final = ("PNG", "WEBP", "JPEG")
MAX_PIXELS: Final = 8_192 * 4_320
MAX_SIDE_PX: Final = 16_384  # what is much longer than that takes ten times its size to be made small
MAX_BYTES: Final = 64_000_000
_SAFE, _SAFE_UPRIGHT = (0.05, 0.05), (0.05, 0.14)
"""The margins that are kept free beside a logo, and above and below it, of the picture's own sides: the title-safe
area; where upright films are shown, the app's own signs stand at the upper and lower edge.
"""

_CORNERS: Final = {
    # how much of the free room is left of it, and above it
    Corner.TOP_LEFT: (0.0, 0.0),
    Corner.TOP_RIGHT: (1.0, 0.0),
    Corner.BOTTOM_LEFT: (0.0, 1.0),
    Corner.BOTTOM_RIGHT: (1.0, 1.0),
    Corner.CENTER: (0.5, 0.5),
}


def inspect_still(path: Path) -> MediaInfo:
    """Decode the picture and say what it is: no frames a second, no film frames. Raises MediaError."""
    picture = _open(path)
    return MediaInfo(
        codec=(picture.format or "").lower(),
        width_px=picture.width,
        height_px=picture.height,
        rate=Fraction(0),
        frames=1,
        film_frames=0,
    )


def draw_logo(path: Path, logo: LogoOverlay, size_px: tuple[int, int], folder: Path) -> Path:
    """The logo at its place on nothing, as an RGBA PNG of `size_px` in `folder`. Raises MediaError."""
    mark = ImageOps.exif_transpose(_open(path)).convert("RGBA")
    is_upright = 2 * size_px[1] >= 3 * size_px[0]
    safe = _SAFE_UPRIGHT if is_upright else _SAFE
    margins_px = [round(side * margin) for side, margin in zip(size_px, safe, strict=True)]
    room_px = [side - 2 * margin for side, margin in zip(size_px, margins_px, strict=True)]
    scale = min(size_px[0] * logo.width / mark.width, room_px[0] / mark.width, room_px[1] / mark.height)
    mark = mark.resize(
        (max(1, round(mark.width * scale)), max(1, round(mark.height * scale))), Image.Resampling.LANCZOS
    )
    left, top = (
        margin + round((room - side) * share)
        for margin, room, side, share in zip(margins_px, room_px, mark.size, _CORNERS[logo.corner], strict=True)
    )
    picture = Image.new("RGBA", size_px, (0, 0, 0, 0))
    picture.paste(mark, (left, top))
    made = folder / f"{fingerprint(['logo', logo.sha256, logo.corner, logo.width, size_px])[:16]}.png"
    picture.save(made, compress_level=1)
    return made


def _open(path: Path) -> Image.Image:
    """The picture, wholly decoded."""
    try:
        if not path.is_file():
            raise MediaError(path, "it is no file, or is gone")
        if path.stat().st_size > MAX_BYTES:
            raise MediaError(path, f"its file is larger than {MAX_BYTES:,} bytes")
        picture = Image.open(path, formats=KINDS)
        if picture.width * picture.height > MAX_PIXELS or max(picture.size) > MAX_SIDE_PX:
            raise MediaError(path, f"its picture of {picture.width}×{picture.height} is larger than can be handled")
        picture.load()
    except UnidentifiedImageError as error:
        raise MediaError(path, "it is no picture of a kind that is read here") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise MediaError(path, f"it does not decode ({error})") from error
    return picture
