"""The light of a scene: which colours an hour has, what weather takes from them, what a named colour adds.

Everything painted gets its colour here: silhouettes by their distance, things of their own colour by the light on them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pipeline.media.animatic.plates import Floats
from pipeline.media.animatic.sight import Sight

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours 0 … 255. `far` and `near` bound the silhouettes: the farther, the more of the air's colour."""

    zenith: Colour
    sky: Colour  # half-way down
    horizon: Colour
    sun: Colour  # of the disc and of rims
    sun_height: float  # of the sky above the horizon, 0 … 1
    sun_size: float  # of the frame's short side
    far: Colour
    near: Colour
    light: Colour  # what it makes of white: 255 is full light
    accent: Colour  # of lamps, cloth, flowers
    lamps: float  # 0 by day … 1 by night: lit windows, street lamps
    stars: float = 0.0
    glow: float = 0.75  # of the air around the sun
    haze: float = 0.35  # between the layers
    cloth: Colour | None = None  # of what the prompt names a colour for

    def silhouette(self, depth: float) -> Colour:
        """The colour of a shape: `depth` 0 at the horizon, 1 in front of the lens."""
        return mix(self.far, self.near, depth**0.85)

    def lit(self, local: Colour, depth: float = 1.0) -> Colour:
        """What a surface of colour `local` looks like in this light, at that depth."""
        here = (
            local[0] * self.light[0] / 255,
            local[1] * self.light[1] / 255,
            local[2] * self.light[2] / 255,
        )
        return mix(self.far, here, 0.35 + 0.65 * depth)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of `second` in `first`."""
    r, g, b = (a + (z - a) * share for a, z in zip(first, second, strict=True))
    return r, g, b


def rows(stops: tuple[tuple[float, Colour], ...], height: int) -> Floats:
    """A gradient down `height` rows: one colour a row, from stops at 0 … 1."""
    at = np.linspace(0, 1, height)
    places = [place for place, _ in stops]
    return np.stack([np.interp(at, places, [c[k] for _, c in stops]) for k in range(3)], axis=-1).astype(np.float32)


HOURS: Final[Mapping[str, Palette]] = {
    "dawn": Palette(
        zenith=(62, 88, 148), sky=(196, 150, 178), horizon=(255, 206, 166), sun=(255, 226, 190), sun_height=0.1,
        sun_size=0.13, far=(214, 158, 170), near=(46, 40, 74), light=(214, 178, 186), accent=(255, 140, 112),
        lamps=0.35, stars=0.1,
    ),
    "morning": Palette(
        zenith=(86, 156, 214), sky=(158, 206, 230), horizon=(255, 240, 214), sun=(255, 250, 224), sun_height=0.5,
        sun_size=0.1, far=(176, 206, 216), near=(34, 74, 92), light=(246, 240, 226), accent=(244, 128, 84), lamps=0.0,
    ),
    "noon": Palette(
        zenith=(32, 118, 206), sky=(92, 172, 232), horizon=(206, 236, 246), sun=(255, 255, 240), sun_height=0.84,
        sun_size=0.09, far=(146, 196, 222), near=(18, 70, 104), light=(255, 253, 244), accent=(250, 98, 72), lamps=0.0,
        glow=0.5, haze=0.2,
    ),
    "golden": Palette(
        zenith=(94, 122, 168), sky=(240, 186, 122), horizon=(255, 222, 142), sun=(255, 244, 200), sun_height=0.3,
        sun_size=0.16, far=(240, 178, 112), near=(78, 42, 40), light=(255, 210, 148), accent=(222, 74, 52), lamps=0.1,
        glow=0.95,
    ),
    "dusk": Palette(
        zenith=(42, 34, 92), sky=(186, 70, 112), horizon=(255, 142, 84), sun=(255, 190, 116), sun_height=0.12,
        sun_size=0.2, far=(188, 78, 104), near=(30, 18, 48), light=(198, 118, 122), accent=(255, 180, 84), lamps=0.7,
        stars=0.15, glow=0.9,
    ),
    "blue": Palette(
        zenith=(14, 26, 76), sky=(40, 74, 142), horizon=(146, 152, 190), sun=(226, 222, 240), sun_height=0.7,
        sun_size=0.07, far=(76, 98, 158), near=(10, 16, 44), light=(104, 124, 186), accent=(255, 176, 84), lamps=0.9,
        stars=0.35, glow=0.35,
    ),
    "night": Palette(
        zenith=(5, 8, 28), sky=(14, 24, 60), horizon=(44, 62, 112), sun=(240, 240, 226), sun_height=0.74,
        sun_size=0.11, far=(34, 50, 96), near=(5, 8, 22), light=(66, 80, 132), accent=(255, 168, 70), lamps=1.0,
        stars=1.0, glow=0.4,
    ),
}  # fmt: skip

TINTS: Final[Mapping[str, Colour]] = {
    "red": (226, 44, 48),
    "orange": (246, 126, 40),
    "copper": (206, 112, 64),
    "gold": (250, 190, 60),
    "green": (52, 172, 104),
    "teal": (32, 178, 176),
    "blue": (44, 104, 224),
    "violet": (138, 84, 214),
    "pink": (246, 110, 160),
    "neon": (255, 44, 168),
    "white": (244, 240, 234),
    "black": (34, 34, 40),
}


def palette_of(sight: Sight) -> Palette:
    """The hour's colours in the weather of `sight`, with the colours that it names."""
    palette = _WEATHERS[sight.weather](HOURS[sight.hour])
    for name in reversed(sight.colours):
        palette = _tinted(palette, name)
    dyes = [TINTS[name] for name in sight.colours if name != "neon"]
    return replace(palette, cloth=dyes[0]) if dyes else palette


def _tinted(palette: Palette, name: str) -> Palette:
    tint = TINTS[name]
    if name == "neon":
        return replace(
            palette,
            sky=mix(palette.sky, (96, 24, 140), 0.55),
            horizon=mix(palette.horizon, (238, 52, 160), 0.6),
            far=mix(palette.far, (110, 40, 150), 0.6),
            near=mix(palette.near, (14, 8, 44), 0.6),
            accent=tint,
            lamps=1.0,
        )
    return replace(palette, accent=tint, horizon=mix(palette.horizon, tint, 0.14), far=mix(palette.far, tint, 0.14))


def _greyed(palette: Palette, share: float, towards: Colour, dim: float) -> Palette:
    """Less colour, an air of `towards`, and `dim` of the light."""

    def grey(colour: Colour) -> Colour:
        brightness = 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]
        flat = mix((brightness, brightness, brightness), towards, 0.35 * min(1.0, brightness / 160))
        r, g, b = mix(colour, flat, share)
        return r * dim, g * dim, b * dim

    return replace(
        palette,
        zenith=grey(palette.zenith),
        sky=grey(palette.sky),
        horizon=grey(palette.horizon),
        far=grey(palette.far),
        near=grey(palette.near),
        light=grey(palette.light),
    )


def _rainy(palette: Palette) -> Palette:
    wet = _greyed(palette, 0.55, (120, 138, 162), 0.8)
    return replace(wet, sun_size=0.0, glow=0.3, stars=0.0, haze=0.6, lamps=max(palette.lamps, 0.4))


def _snowy(palette: Palette) -> Palette:
    cold = _greyed(palette, 0.45, (206, 220, 240), 0.98)
    pale = mix(cold.light, (232, 240, 255), 0.3)  # all that lies there throws the light back
    return replace(cold, light=pale, sun_size=0.0, glow=0.35, stars=0.0, haze=0.6, lamps=max(palette.lamps, 0.3))


def _foggy(palette: Palette) -> Palette:
    pale = _greyed(palette, 0.35, (214, 220, 224), 1.0)
    return replace(
        pale, far=mix(pale.far, pale.horizon, 0.55), near=mix(pale.near, pale.far, 0.25), haze=0.95, stars=0.0, glow=0.6
    )


def _stormy(palette: Palette) -> Palette:
    dim = 0.78 + 0.6 * max(0.0, palette.lamps - 0.5)  # a night has no light to lose
    dark = _greyed(palette, 0.65, (92, 112, 138), dim)
    return replace(dark, sun_size=0.0, glow=0.15, stars=0.0, haze=0.55, lamps=max(palette.lamps, 0.5))


_WEATHERS: Final[Mapping[str, Callable[[Palette], Palette]]] = {
    "clear": lambda palette: palette,
    "clouds": lambda palette: replace(palette, glow=palette.glow * 0.8),
    "rain": _rainy,
    "snow": _snowy,
    "fog": _foggy,
    "storm": _stormy,
}
