"""The stage: what a place is built from — sky, ridges, houses, water, ground, air — and where it stands.

A place calls these one after another, from far to near. Depth runs from 0 at the horizon to 1 at the lens; it decides
the colour of a silhouette and, with the camera, how fast it slides. All is laid out as it is seen in the middle of the
clip; layers are painted as much wider as the camera will need. Lengths called `u` are pixels of a 720p frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.media.animatic.brush import Pen, clumps, glow_at, rimmed, smoothstep, solid, under_line, wander
from pipeline.media.animatic.camera import Move
from pipeline.media.animatic.moving import Backdrop, Ripples
from pipeline.media.animatic.palette import Colour, Palette, mix, rows
from pipeline.media.animatic.plates import QUARTERS, Cycle, Drawable, Floats, Layer, Paint, PaintAt, layer_of, print_of
from pipeline.media.animatic.sight import Sight
from pipeline.timecode import SHOT_FRAMES

MIDDLE: Final = SHOT_FRAMES // 2
COVER: Final = {"clear": 0.36, "clouds": 0.62, "rain": 0.86, "storm": 0.95, "snow": 0.8, "fog": 0.45}
"""How much of the sky is cloud."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a wide layer of some depth lies: its size with all that will slide into view, and its way in quarters."""

    size_px: tuple[int, int]
    pad_px: int  # what lies left of the frame in the middle of the clip
    start: tuple[int, int]
    pace: tuple[int, int]


class Stage:
    """Collects what is drawn, in order."""

    def __init__(
        self, size_px: tuple[int, int], sight: Sight, palette: Palette, move: Move, rng: np.random.Generator
    ) -> None:
        self.width, self.height = size_px
        self.u = min(size_px) / 720
        self.portrait = self.height > self.width
        self.sight, self.palette, self.move, self.rng = sight, palette, move, rng
        self.sun_x = self.width * float(rng.choice([0.27, 0.34, 0.66, 0.73]))
        self.drawables: list[Drawable] = []
        self.standing: list[tuple[float, Callable[[], None]]] = []
        self.outdoors = True

    def y(self, share: float) -> float:
        """A height of the frame, 0 at the top; a camera in the air sees the horizon higher up."""
        return self.height * (share - self.move.horizon * (1 - abs(2 * share - 1)))

    def shows(self, detail: str) -> bool:
        """Whether the prompt names this detail."""
        return detail in self.sight.details

    @property
    def snowy(self) -> bool:
        """Whether snow lies on what is outside."""
        return self.sight.weather == "snow" and self.outdoors

    def stand(self, y: float, paint: Callable[[], None]) -> None:
        """Something among the subjects: `paint` is called when all is there whose foot is above `y`, a share."""
        self.standing.append((y, paint))

    def spread(self, depth: float, top: float, bottom: float | None = None) -> Spread:
        """How a layer at `depth` lies that reaches from `top` to `bottom`, or to the frame's foot for good."""
        slide = self.move.slide(depth)
        right, down = (round(step * self.u * QUARTERS) for step in slide)
        pad = even(abs(right) * MIDDLE / QUARTERS + 2) if right else 0
        foot = self.height + abs(down) * MIDDLE / QUARTERS if bottom is None else bottom
        start = ((-pad) * QUARTERS - right * MIDDLE, even(top) * QUARTERS - down * MIDDLE)
        return Spread((self.width + 2 * pad, max(even(foot - even(top)), 2)), pad, start, (right, down))

    def add(self, spread: Spread, paint_at: PaintAt) -> None:
        self.drawables.append(layer_of(paint_at, spread.start, spread.pace, SHOT_FRAMES))

    def still(self, paint: Paint, x: float = 0, y: float = 0) -> None:
        """Something that no camera moves: the air, the lens."""
        self.drawables.append(Layer((even(x) * QUARTERS, even(y) * QUARTERS), (0, 0), {(0, 0): print_of(paint)}))

    # --- air --------------------------------------------------------------------------------------------------------

    def sky(self, horizon: float) -> None:
        """The whole frame: gradient, stars, sun or moon with its glow; then clouds that drift."""
        part = horizon / self.height
        stops = ((0.0, self.palette.zenith), (part * 0.6, self.palette.sky), (part, self.palette.horizon))
        colours = np.repeat(rows(stops, self.height)[:, None, :], self.width, axis=1)
        if self.palette.stars:
            self._stars(colours, horizon)
        self._sun(colours, (self.sun_x, horizon * (1 - self.palette.sun_height)))
        self.backdrop(colours)
        if self.sight.place != "space":
            self._clouds(horizon)

    def backdrop(self, colours: Floats) -> None:
        """The opaque ground of the picture, behind all."""
        alpha = np.ones(colours.shape[:2], np.float32)
        self.drawables.append(Backdrop(print_of(Paint(colours.clip(0, 255), alpha))))

    def _stars(self, colours: Floats, horizon: float) -> None:
        count = int(460 * self.palette.stars)
        xs = self.rng.integers(1, self.width - 2, count)
        ys = (self.rng.random(count) ** 1.3 * horizon * 0.9).astype(int).clip(1, self.height - 2)
        shine = (self.rng.random(count) ** 3 * 190 + 40)[:, None].astype(np.float32)
        for dx, dy, share in ((0, 0, 1.0), (1, 0, 0.4), (0, 1, 0.4)):
            colours[ys + dy, xs + dx] += shine * share

    def _sun(self, colours: Floats, centre: tuple[float, float]) -> None:
        short = min(self.width, self.height)
        light = np.array(self.palette.sun, np.float32)
        y, x = np.ogrid[0 : self.height, 0 : self.width]
        away = np.hypot((x - centre[0]).astype(np.float32), (y - centre[1]).astype(np.float32)) / np.float32(short)
        dark = np.ones_like(away)
        for radius, share in ((0.8, 0.5), (0.25, 0.45)):
            dark *= 1 - np.exp(-((away / np.float32(radius)) ** 1.25)) * np.float32(self.palette.glow * share)
        if self.palette.sun_size:
            dark *= 1 - ((self.palette.sun_size / 2 - away) * short + 0.5).clip(0, 1)
        colours += (light - colours) * (1 - dark)[..., None].astype(np.float32)

    def _clouds(self, horizon: float) -> None:
        palette, cover = self.palette, COVER[self.sight.weather]
        top, low = mix(palette.sky, (255, 255, 255), 0.55), mix(palette.horizon, palette.sun, 0.3)
        if cover > 0.7:
            top, low = mix(palette.zenith, (16, 20, 30), 0.25), mix(palette.sky, palette.horizon, 0.35)
        elif palette.stars > 0.3:
            top, low = mix(palette.zenith, palette.sky, 0.7), mix(palette.sky, palette.horizon, 0.35)
        size = (self.width + SHOT_FRAMES // 2 + 4, even(horizon))
        lumps = clumps(size, (430 * self.u, 74 * self.u), self.rng, 5)
        down = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
        alpha = smoothstep(0.86 - cover * 0.6, 1.06 - cover * 0.52, lumps) * smoothstep(0, 0.25, 1 - down)
        paint = solid(rows(((0.0, top), (1.0, low)), size[1]), alpha * np.float32(0.45 + 0.4 * (cover > 0.5)))
        self.drawables.append(layer_of(soft(paint), (0, 0), (-2, 0), SHOT_FRAMES))

    def haze(self, y: float, strength: float = 1.0, reach: float = 150.0) -> None:
        """Air that gathers at height `y` and thins out above and below."""
        high = even(reach * self.u)
        swell = np.concatenate([np.linspace(0, 1, high), np.linspace(1, 0, high // 2)]).astype(np.float32)
        alpha = np.repeat(swell[: len(swell) // 2 * 2, None] ** 2, self.width, axis=1)
        colour = mix(self.palette.far, self.palette.horizon, 0.55)
        self.still(solid(colour, alpha * np.float32(min(1.0, self.palette.haze * strength))), 0, y - high)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 0.8) -> None:
        """Light in the air around a lamp."""
        side = even(radius * 4)
        veil = (
            glow_at((side, side), (side / 2, side / 2), radius, 1.3) - glow_at((1, 1), (side / 2, 0), radius, 1.3)[0, 0]
        )
        self.still(solid(colour, veil.clip(0, 1) * np.float32(strength)), x - side / 2, y - side / 2)

    # --- land -------------------------------------------------------------------------------------------------------

    def ridge(
        self,
        depth: float,
        y: float,
        rise: float,
        period: float,
        *,
        peaks: bool = False,
        colour: Colour | None = None,
        rough: float = 0.5,
        cap: Colour | None = None,
    ) -> None:
        """A line of hills, or of `peaks`, standing `rise` u above `y`; with a `cap` of snow where it is high."""
        tall = rise * self.u
        spread = self.spread(depth, y - tall * 1.25)
        width, height = spread.size_px
        line = wander(width, period * self.u, self.rng, 5 if peaks else 4, rough)
        if peaks:
            line = np.asarray(1 - 1.7 * np.abs(line), np.float32)
        crest = np.asarray(tall * 1.25 - tall * (0.5 + 0.5 * line.clip(-1, 1.3)), np.float32)
        base = colour or self.palette.silhouette(depth)
        if self.snowy and colour is None:
            base = mix(base, self.soil(base, depth), 0.6)
        lit = mix(base, self.palette.sun, 0.16 * self.palette.glow)
        air = mix(base, self.palette.horizon, 0.3 * self.palette.haze)
        near_foot = min(1.0, (tall * 1.5) / height)
        colours = rows(((0.0, lit), (near_foot * 0.5, base), (near_foot, air), (1.0, base)), height)
        snow = self._snow_on(crest, height, cap) if cap else None

        def paint_at(dx: float, dy: float) -> Paint:
            paint = solid(colours, under_line(crest, height, dx, dy))
            if snow is None:
                return paint
            share = (snow * paint.alpha)[..., None]
            return Paint(paint.colours * (1 - snow[..., None]) + np.array(cap, np.float32) * share, paint.alpha)

        self.add(spread, paint_at)

    def dune(self, depth: float, y: float, rise: float, period: float, colour: Colour) -> None:
        """A wave of sand: its crest sharp, the side towards the sun lit, the other in shade."""
        tall = rise * self.u
        spread = self.spread(depth, y - tall * 1.2)
        width, height = spread.size_px
        folded = 1 - np.abs(wander(width, period * self.u, self.rng, 2, 0.3)) * 1.5
        crest = np.asarray(tall * (1.1 - 0.9 * folded.clip(0, 1)), np.float32)
        down = np.arange(height, dtype=np.float32)[:, None]
        lean = np.cumsum(wander(height, 150 * self.u, self.rng, 3)) * 0.3
        x = np.arange(width)[None, :] + (down * 0.9) * (-1 if self.sun_x < self.width / 2 else 1) + lean[:, None]
        blur = np.hanning(even(90 * self.u) + 3)
        slope = np.convolve(np.gradient(crest), blur / blur.sum(), "same")
        facing = slope if self.sun_x > self.width / 2 else -slope
        lit = np.interp(x.clip(0, width - 1), np.arange(width), facing).astype(np.float32)
        share = smoothstep(-0.3, 0.3, lit)[..., None] * np.exp(-down / (1.5 * tall))[..., None]
        base = np.array(mix(colour, self.palette.near, 0.2), np.float32)
        colours = base + (np.array(mix(colour, self.palette.sun, 0.32), np.float32) - base) * (0.25 + 0.75 * share)
        field = np.asarray(colours, np.float32)
        self.add(spread, lambda dx, dy: solid(field, under_line(crest, height, dx, dy)))

    def _snow_on(self, crest: Floats, height: int, cap: Colour) -> Floats:
        ragged = wander(len(crest), 34 * self.u, self.rng, 3) * 26 * self.u
        below = np.arange(height, dtype=np.float32)[:, None] - crest
        limit = (float(crest.mean()) - crest).clip(0, None) * 0.75 + ragged
        return np.asarray(smoothstep(-3, 3, limit - below), np.float32)

    def soil(self, local: Colour, depth: float) -> Colour:
        """Open ground of colour `local` in this light; under snow when it snows."""
        snowed = mix(local, (236, 244, 255), 0.95) if self.snowy else local
        return self.palette.lit(snowed, depth)

    def ground(self, y: float, local: Colour, *, depth: float = 0.75, mottle: float = 0.1, wave: float = 0.0) -> None:
        """The floor from `y` to the lens in its `local` colour, mottled in perspective, lighter towards the sun."""
        spread = self.spread(depth, y - wave * self.u)
        width, height = spread.size_px
        far, near = self.soil(local, 0.35), self.soil(local, 1.0)
        dark, mottle = (0.12, mottle * 0.35) if self.snowy else (0.35, mottle)
        colours = np.repeat(
            rows(((0.0, far), (0.3, mix(far, near, 0.7)), (1.0, mix(near, self.palette.near, dark))), height)[:, None],
            width,
            axis=1,
        )
        grain = clumps((width, height), (90 * self.u, 7 * self.u), self.rng, 4) - 0.5
        colours *= 1 + (mottle * 3 * grain * np.linspace(0.35, 1, height, dtype=np.float32)[:, None])[..., None]
        sun = glow_at((width, height), (self.sun_x + spread.pad_px, 0), self.width * 0.36, 1.6)[..., None]
        colours += (np.array(self.palette.sun, np.float32) - colours) * sun * np.float32(0.3 * self.palette.glow)
        crest = wave * self.u * (1 + 0.9 * wander(width, 460 * self.u, self.rng, 3)).astype(np.float32)
        field = np.asarray(colours.clip(0, 255), np.float32)
        self.add(spread, lambda dx, dy: solid(field, under_line(crest, height, dx, dy)))

    def drawing(
        self, depth: float, top: float, bottom: float | None, draw: Callable[[Pen, Spread], None], *, rim: float = 0.0
    ) -> None:
        """A wide layer that `draw` fills; its x = `spread.pad_px` is the frame's left edge, its y = 0 is `top`."""
        spread = self.spread(depth, top, bottom)
        pen = Pen(spread.size_px)
        draw(pen, spread)
        light = 1.0 if spread.pad_px + self.sun_x > spread.size_px[0] / 2 else -1.0

        def paint_at(dx: float, dy: float) -> Paint:
            paint = pen.paint(dx, dy)
            return rimmed(paint, self.palette.sun, (2 * self.u * light, -2 * self.u), rim) if rim else paint

        self.add(spread, paint_at)

    # --- water ------------------------------------------------------------------------------------------------------

    def water(
        self, top: float, bottom: float | None = None, *, depth_colour: Colour | None = None, calm: float = 0.5
    ) -> None:
        """Water from `top` down: mirrors what is drawn so far, tinted the more the nearer, with light on its waves."""
        first, last = even(top), even(self.height if bottom is None else bottom)
        high = last - first
        wild = self.sight.weather == "storm"
        calm = 0.15 * calm if wild else calm
        deep = depth_colour or mix(mix(self.palette.zenith, self.palette.near, 0.45), self.palette.sky, 0.15)
        shallow = mix(self.palette.horizon, deep, 0.35)
        down = np.linspace(0, 1, high, dtype=np.float32)[:, None]
        strokes = clumps((self.width, high), (210 * self.u, 5 * self.u), self.rng, 3) - 0.5
        alpha = (0.22 + 0.62 * down**0.7 + 0.5 * strokes * (0.3 + down) * (1 - calm) + 0.3 * wild).clip(0, 0.94)
        tint = print_of(
            solid(rows(((0.0, shallow), (0.5, deep), (1.0, mix(deep, self.palette.near, 0.4))), high), alpha)
        )
        self.drawables.append(Ripples(first, high, tint, rough=(1.0 - calm) * self.u))
        self._glitter(first, high)

    def _glitter(self, top: int, high: int) -> None:
        """Dashes of the sun's colour below it, that come and go."""
        if self.palette.glow < 0.2:
            return
        poses, count = 16, 200
        pens = [Pen((self.width, high), 1) for _ in range(poses)]
        for _ in range(count):
            down = float(self.rng.random()) ** 1.4
            x = self.sun_x + float(self.rng.normal()) * self.width * (0.035 + 0.13 * down)
            long = (6 + 44 * down) * self.u * float(self.rng.uniform(0.5, 1.3))
            thick = (1.0 + 2.6 * down) * self.u
            born, life = int(self.rng.integers(poses)), int(self.rng.integers(6, 13))
            for age in range(life):
                swell = np.sin(np.pi * (age + 0.5) / life)
                half = long * swell / 2
                points = [
                    (x - half, down * high),
                    (x, down * high - thick * swell / 2),
                    (x + half, down * high),
                    (x, down * high + thick * swell / 2),
                ]
                pens[(born + age) % poses].polygon(points, self.palette.sun, 0.25 + 0.5 * self.palette.glow * swell)
        self.drawables.append(
            Cycle(tuple(print_of(pen.paint()) for pen in pens), (0.0, float(top)), (0.0, 0.0), hold=3)
        )


def even(length: float) -> int:
    """The nearest even whole number: chroma has half the pixels."""
    return round(length / 2) * 2


def soft(paint: Paint) -> PaintAt:
    """Moves a picture without edges by parts of a pixel: mixed with its neighbours."""

    def paint_at(dx: float, dy: float) -> Paint:
        moved = paint
        for axis, part in ((1, np.float32(dx)), (0, np.float32(dy))):
            if part:
                colours = moved.colours * (1 - part) + np.roll(moved.colours, 1, axis) * part
                moved = Paint(colours, moved.alpha * (1 - part) + np.roll(moved.alpha, 1, axis) * part)
        return moved

    return paint_at
