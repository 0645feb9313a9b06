"""Seam: the join of two clips as a viewer sees it. What was measured in clips, and what that comes to.

Made by `media.seam_meter` (measures), judged by `edit.seams`, read by `review` and `cli`.
"""

from __future__ import annotations

from base64 import b64decode
from enum import StrEnum
from functools import cached_property
from typing import ClassVar, Final, Literal, NamedTuple

from pipeline.model.instructions import Mend
from pipeline.model.join import Join
from pipeline.model.value import Document, Value
from pipeline.timecode import Frames

CELLS: Final = (32, 18)
"""Columns and rows of the grid in which pictures are compared; each cell is the mean of its part of the picture."""


class Bars(Value):
    """Rows and columns at the edges of a clip's picture that are never anything but dark, in its own pixels."""

    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


class Colour(NamedTuple):
    """Mean and spread (standard deviation) over the cells of one picture, in 8-bit Y, U and V as coded."""

    means: tuple[float, float, float]
    spreads: tuple[float, float, float]


class ClipMeasures(Value):
    """What was measured in one clip, at the film's 24 frames a second; of frame n stands the nth of each list.

    Attributes:
        cells: base64 of the luma of every frame's cells, a byte each, row by row.
        colours: see `Colour`.
        energy: mean square of the K-weighted sound (ITU-R BS.1770), both channels added; shorter where the sound is.
        edges: the first and the last sample of the frame's sound, full scale being 1.
    """

    frames: Frames
    cells: str
    colours: tuple[Colour, ...]
    bars: Bars
    energy: tuple[float, ...] = ()
    edges: tuple[tuple[float, float], ...] = ()

    def luma(self, frame: Frames) -> bytes:
        """The cells of one frame."""
        size = CELLS[0] * CELLS[1]
        return self._all_cells[frame * size : (frame + 1) * size]

    @cached_property
    def _all_cells(self) -> bytes:
        return b64decode(self.cells)

    @cached_property
    def changes(self) -> tuple[float, ...]:
        """How much frame n + 1 differs from frame n, over their cells, in levels of 255; one less than frames."""
        pairs = zip(map(self.luma, range(self.frames - 1)), map(self.luma, range(1, self.frames)), strict=True)
        return tuple(difference(left, right) for left, right in pairs)


def difference(left: bytes, right: bytes) -> float:
    """Between the cells of two pictures: the mean of what each differs by, in levels of 255."""
    return sum(abs(a - b) for a, b in zip(left, right, strict=True)) / len(left)


class Flaw(StrEnum):
    """What may be wrong at a join, or inside a clip. Those that share a name with a mend can be put right by it."""

    FLASH = "flash"  # the first frames are another picture: the image that the clip was made from
    REPEAT = "repeat"  # a shot begins with the very picture that the one before ended on
    STALL = "stall"  # the movement of a chain stands still for some frames at its join
    COLOUR = "colour"  # a shot that continues another has other colours
    LOUDNESS = "loudness"  # the sound is much louder on one side
    CLICK = "click"  # the wave of the sound jumps at a hard join
    BARS = "bars"  # dark bars within the picture
    SILENCE = "silence"  # the clip has sound that stops long before its end
    INNER_CUT = "inner_cut"  # the clip cuts to another picture
    FREEZE = "freeze"  # the picture stands still as no take of a camera does
    BLACK = "black"  # there is no picture for a while

    @property
    def told(self) -> str:
        """For people."""
        return self.value.replace("_", " ")


AT_JOINS: Final = (Flaw.FLASH, Flaw.REPEAT, Flaw.STALL, Flaw.COLOUR, Flaw.LOUDNESS, Flaw.CLICK)
"""The others are inside clips."""


class Standing(StrEnum):
    """What became of a flaw."""

    MENDED = "mended"
    LEFT = "left"  # no mend can put it right, or not well enough
    OFF = "off"  # its mend is not asked for

    @property
    def told(self) -> str:
        return {"mended": "mended", "left": "left as it is", "off": "could be mended"}[self.value]


class Verdict(Value):
    """One flaw that was found.

    Attributes:
        item: whose clip it is in; at a join the incoming one.
        start, stop: the frames in question in the item's own media, half-open.
        measured, limit: in the flaw's own unit, see docs/seams.md; beyond the limit it is a flaw.
        says: a sentence.
    """

    flaw: Flaw
    item: str
    start: Frames
    stop: Frames
    measured: float
    limit: float
    standing: Standing
    says: str

    @property
    def mend(self) -> Mend | None:
        """What would put it right."""
        return Mend(self.flaw.value) if self.flaw.value in set(Mend) else None


class Seam(Value):
    """How one item follows another, and what was found there.

    Attributes:
        left: the item before; empty at the film's beginning.
        at: the film frame at which `right` begins.
        chain: whether `right` continues `left`.
        change: how much the first picture of `right` differs from the last of `left`, both as used, in levels of 255;
            None where a card stands or a clip has not landed.
        colour_step: the largest difference of mean Y, U or V between the two, mends included; None as above.
        loudness_step: LU between the seconds before and after, levelling included; None without sound on both sides.
        dropped: first frames of `right` that are left out.
    """

    left: str
    right: str
    join: Join
    at: Frames
    chain: bool = False
    change: float | None = None
    colour_step: float | None = None
    loudness_step: float | None = None
    dropped: Frames = 0
    verdicts: tuple[Verdict, ...] = ()


class ClipCheck(Value):
    """What was found inside one clip."""

    item: str
    kind: Literal["shot", "footage", "card"]
    is_measured: bool
    verdicts: tuple[Verdict, ...] = ()


class ScoreCard(Document):
    """All seams and all clips of a film.

    Attributes:
        frames: of the film, mends included.
        dropped: by how many frames mends have made it shorter.
    """

    schema_name: ClassVar[str] = "Seams.1"

    project: str
    frames: Frames
    dropped: Frames
    seams: tuple[Seam, ...]
    clips: tuple[ClipCheck, ...]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """In film order; what is found at a seam comes before what is found in the clip behind it."""
        return tuple(
            verdict
            for seam, check in zip(self.seams, self.clips, strict=True)
            for verdict in (*seam.verdicts, *check.verdicts)
        )

    @property
    def unmended(self) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.standing is not Standing.MENDED)

    def of_item(self, item: str) -> tuple[Verdict, ...]:
        """What was found at the seam into an item, and in its clip."""
        return tuple(verdict for verdict in self.verdicts if verdict.item == item)
