"""Moving pictures to find flaws in: soft hills that drift across the frame, each scene with hills of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from builders import a_shot, a_storyboard
from footage import SIZE_PX, write_clip

from pipeline.digest import hash_file
from pipeline.edit import assemble_timeline
from pipeline.edit.seams import judge_seams
from pipeline.media.probe import inspect
from pipeline.media.seam_meter import SeamMeter
from pipeline.model.instructions import Continuation, Mends, Sound
from pipeline.model.join import Join
from pipeline.model.media import Media
from pipeline.model.seam import ClipMeasures, ScoreCard
from pipeline.model.storyboard import Shot, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.project import StorePaths

Draw = Callable[[int], np.ndarray]


def hills(scene: int = 0, *, start: float = 0, pace: float = 1.5, light: float = 0, tint: float = 0) -> Draw:
    """Frame n of a scene that was drawn from `start` on and moves by `pace` pixels a frame.

    Args:
        light, tint: levels that are added to Y and to U.
    """

    def draw(n: int) -> np.ndarray:
        x, y = np.meshgrid(np.arange(SIZE_PX[0]) + start + pace * n, np.arange(SIZE_PX[1]))
        luma = 120 + 40 * np.sin(x / (9 + scene) + scene) + 30 * np.cos(y / (11 - scene) + x / 40) + light
        blue = 128 + 12 * np.sin(x / 20 + scene) + tint
        return np.stack([luma, blue, np.full_like(luma, 120)]).round().clip(16, 235).astype(np.uint8)

    return draw


def instead(draw: Draw, other: Draw, *frames: int) -> Draw:
    """`draw`, where some frames are those of `other`."""
    return lambda n: other(n) if n in frames else draw(n)


def even(luma: int) -> Draw:
    """One grey."""
    return lambda _: np.stack([np.full(SIZE_PX[::-1], level, np.uint8) for level in (luma, 128, 128)])


def barred(draw: Draw, width: int) -> Draw:
    """Black bars of that many columns to the left and to the right."""

    def drawn(n: int) -> np.ndarray:
        planes = draw(n)
        for plane, dark in zip(planes, (16, 128, 128), strict=True):
            plane[:, :width] = plane[:, -width:] = dark
        return planes

    return drawn


class Set:
    """Clips that were written to `folder`, and films of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.meter = SeamMeter(StorePaths(folder / "store"))
        self.paths: dict[str, Path] = {}
        self.media: dict[str, Media] = {}
        self.shots: list[Shot] = []

    def shoot(self, shot: str, draw: Draw, *, frames: int = 48, **asked: Any) -> None:
        """A shot whose clip has landed.

        Args:
            asked: `join`, `mend`, `continues`, `sound` as they are written; else as of the clip, or of the shot.
        """
        made = {name: asked.pop(name) for name in ("hz", "heard") if name in asked}
        written = {"join": Join, "mend": Mends, "continues": Continuation, "sound": Sound}
        fields = {name: written[name].parse(value) if name in written else value for name, value in asked.items()}
        path = write_clip(self.folder / f"{shot}.mp4", frames=frames, draw=draw, **made)
        measuring = self.meter.begin()
        info = inspect(path, beside=measuring.take)
        self.media[shot] = Media(sha256=hash_file(path), size_bytes=path.stat().st_size, info=info)
        self.meter.keep(self.media[shot], measuring)
        self.paths[self.media[shot].sha256] = path
        self.shots.append(a_shot(shot, **fields))

    @property
    def storyboard(self) -> Storyboard:
        return a_storyboard(*self.shots)

    def measured(self) -> dict[Any, ClipMeasures]:
        return {media.sha256: self.meter.measure(media, self.paths[media.sha256]) for media in self.media.values()}

    def timeline(self) -> Timeline:
        timeline = assemble_timeline(self.storyboard, self.media, self.measured())
        return timeline.model_copy(update={"width_px": SIZE_PX[0], "height_px": SIZE_PX[1]})

    def card(self) -> ScoreCard:
        return judge_seams(self.storyboard, self.timeline(), self.measured())

    def found(self) -> list[tuple[str, str, str]]:
        """(item, flaw, what became of it), clicks left out: tones end where they end."""
        found = [(verdict.item, verdict.flaw.value, verdict.standing.value) for verdict in self.card().verdicts]
        return [each for each in found if each[1] != "click"]
