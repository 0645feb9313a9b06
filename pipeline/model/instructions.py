"""The few words that say how an item is used: "-6dB", "0s-3s", "run -3", "safe bars", "-8dB 6f 18f"."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, Self

from pydantic import Field

from pipeline.model.value import Written
from pipeline.timecode import FrameRange, Frames, parse_frames

MAX_FRAMES_BACK = 6
"""A continued shot begins with one of the last frames before: the very last one, or up to so many earlier."""


class Sound(Written):
    """What happens to an item's own sound: "keep", "mute" or a gain such as "-6dB"."""

    gain_db: float | None = 0.0  # None: silent

    @classmethod
    def parse(cls, text: str) -> Self:
        word = text.strip().lower()
        if word in ("keep", "mute"):
            return cls(gain_db=None if word == "mute" else 0.0)
        gain = re.fullmatch(r"([+-−]?\d{1,2}(?:\.\d+)?)\s*db", word)
        if not gain:
            raise ValueError(f'"{text}" is no sound; write "keep", "mute" or a gain such as "-6dB"')
        return cls(gain_db=float(gain[1].replace("−", "-")))

    def __str__(self) -> str:
        if self.gain_db is None:
            return "mute"
        return "keep" if self.gain_db == 0 else f"{self.gain_db:+g}dB"


class Trim(Written):
    """The part of an item's own media that is used: film frames, half-open; written "0s-3s" or "12f-84f".

    Attributes:
        stop: None for "to the end".
    """

    start: Frames = 0
    stop: Frames | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        first, dash, last = text.replace("–", "-").partition("-")
        if not dash:
            raise ValueError(f'"{text}" is no trim; write from-to, such as "0s-3s" or "12f-84f"')
        if re.fullmatch(r"[\d.]+", first.strip()) and re.fullmatch(r"[\d.]*", last.strip()):
            meant = f"{first.strip()}s-{last.strip()}" + "s" * bool(last.strip())
            raise ValueError(f'"{text}" has no unit; write "{meant}" for seconds')
        start = parse_frames(first) if first.strip() else 0
        stop = parse_frames(last) if last.strip() else None
        if stop is not None and stop <= start:
            raise ValueError(f'"{text}" holds no frame: its end is not after its start; write the earlier time first')
        return cls(start=start, stop=stop)

    def __str__(self) -> str:
        return f"{self.start}f-" + ("" if self.stop is None else f"{self.stop}f")

    def within(self, frames: Frames) -> FrameRange:
        """The range this leaves of a media of `frames` frames.

        Raises:
            ValueError: it reaches beyond the end.
        """
        stop = frames if self.stop is None else self.stop
        if stop > frames or self.start >= stop:
            raise ValueError(f"the trim {self} reaches beyond its media, which has {frames} frames")
        return FrameRange(self.start, stop)


class Continuation(Written):
    """The shot's first frame is a late frame of another shot's circled take; written "run" or "run -3".

    Attributes:
        shot: the id of the shot it goes on from.
        frame: counted back from the last used frame of that take, −6 … 0.
    """

    shot: str
    frame: Frames = Field(default=0, ge=-MAX_FRAMES_BACK, le=0)

    @classmethod
    def parse(cls, text: str) -> Self:
        shot, _, back = text.strip().replace("−", "-").partition(" ")
        back = back.strip() or "0"
        if not re.fullmatch(r"-?\d{1,2}", back) or not -MAX_FRAMES_BACK <= int(back) <= 0:
            raise ValueError(f'"{text}": a shot goes on from one of the last frames; write "{shot}" … "{shot} -6"')
        return cls(shot=shot, frame=int(back))

    def __str__(self) -> str:
        return self.shot if self.frame == 0 else f"{self.shot} {self.frame}"

    def frame_of(self, frames: Frames, trim: Trim) -> Frames:
        """Which of the `frames` frames of the anchor's clip, trimmed by `trim`, is meant; never one before the trim."""
        used = range(frames)[trim.start : trim.stop] or range(frames)  # a trim beyond the clip is told by the cut
        return max(used[0], used[-1] + self.frame)


class Mend(StrEnum):
    """What may be put right at an item's seams, and in its picture."""

    CLICK = "click"  # its sound is faded for a moment at each cut
    LOUDNESS = "loudness"  # its sound is brought to the level of the others
    FLASH = "flash"  # up to three first frames that are another picture are left out
    REPEAT = "repeat"  # so is a first frame that the shot before it, which it continues, has ended on
    COLOUR = "colour"  # a shot that continues others is brought to the colours of the first of them
    BARS = "bars"  # dark bars within its picture are cut off, and the rest fills the frame


SAFE_MENDS: Final = frozenset({Mend.CLICK, Mend.LOUDNESS, Mend.FLASH, Mend.REPEAT})
"""What is on unless it is switched off: nothing of it changes a picture that is kept."""


class Mends(Written):
    """Which mends an item gets; written "safe", "all", "none", their names, or both: "click", "safe bars"."""

    kept: frozenset[Mend] = SAFE_MENDS

    @classmethod
    def parse(cls, text: str) -> Self:
        words = text.replace(",", " ").split()
        if words == ["all"] or words == ["none"]:
            return cls(kept=frozenset(Mend if words == ["all"] else ()))
        unknown = [word for word in words if word != "safe" and word not in set(Mend)]
        if unknown or not words:
            raise ValueError(f'"{text}" is no mend; write "safe", "all", "none", or some of: {", ".join(Mend)}')
        safe = SAFE_MENDS if "safe" in words else frozenset()
        return cls(kept=safe | {Mend(word) for word in words if word != "safe"})

    def __str__(self) -> str:
        if self.kept in (frozenset(), frozenset(Mend)):
            return "all" if self.kept else "none"
        names = [mend.value for mend in Mend if mend in self.kept]
        if not self.kept >= SAFE_MENDS:
            return " ".join(names)
        return " ".join(["safe", *(mend.value for mend in Mend if mend in self.kept - SAFE_MENDS)])


class Ducking(Written):
    """How far music goes down while somebody speaks; written "-8dB", "-8dB 6f 18f" or "none".

    −8 under the −12 that music has by itself leaves it 20 dB below speech, as WCAG 2.2 wants it (1.4.7).

    Attributes:
        attack: over how many frames it goes down before the first word.
        release: over how many it comes back after the last.
    """

    gain_db: float = Field(default=-8.0, ge=-40, le=0)
    attack: Frames = Field(default=6, ge=0)
    release: Frames = Field(default=18, ge=0)

    @classmethod
    def parse(cls, text: str) -> Self:
        first, *rest = text.strip().lower().split() or [""]
        if first in ("none", "off") and not rest:
            return cls(gain_db=0)
        found = re.fullmatch(r"([+-−]?\d{1,2}(?:\.\d+)?)\s*(?:db)?", first)
        gain_db = float(found[1].replace("−", "-")) if found else 1.0
        if not -40 <= gain_db <= 0:
            raise ValueError(f'"{text}" is no ducking; write how far music goes down, "-8dB" (to -40dB), or "none"')
        if len(rest) not in (0, 2):
            raise ValueError(f'"{text}": times come in twos, down and up again; write "{first} 6f 18f"')
        times = [parse_frames(f"{each}f" if each.isdigit() else each) for each in rest]
        return cls(gain_db=gain_db, **dict(zip(("attack", "release"), times, strict=False)))

    def __str__(self) -> str:
        if not self.gain_db:
            return "none"
        level, usual = f"{self.gain_db:+g}dB", type(self)()
        is_usual = (self.attack, self.release) == (usual.attack, usual.release)
        return level if is_usual else f"{level} {self.attack}f {self.release}f"
