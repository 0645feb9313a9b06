"""Delivery: what is ordered. Film: what came out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, ClassVar, Final, Self, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from pipeline.digest import ContentHash
from pipeline.model.value import Document, Value, Written
from pipeline.timecode import Frames, Samples, parse_frames


class CaptionStyle(StrEnum):
    FILE = "file"  # beside the film, as .srt, .vtt and .ass
    BURN = "burn"  # in the picture, and beside it
    NONE = "none"


class Copying(StrEnum):
    """Whether pictures that nothing changes are taken over as they were received."""

    AUTO = "auto"  # packet by packet, wherever their order allows it
    NEVER = "never"  # every picture is encoded by one encoder


class Shape(StrEnum):
    """Width to height of a film's picture."""

    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"
    PORTRAIT = "4:5"

    @property
    def suffix(self) -> str:
        """What stands for it in a file's name: "9x16"."""
        return self.replace(":", "x")

    def size_px(self, short_side_px: int) -> tuple[int, int]:
        """Width and height of a picture whose shorter side is `short_side_px`; even, as H.264 wants them."""
        width, height = map(int, self.split(":"))
        unit = Fraction(short_side_px, min(width, height))
        return _even(width * unit), _even(height * unit)


class Fitting(StrEnum):
    """What becomes of a picture that has another shape than the film."""

    CROP = "crop"  # it fills the film's; what stands over is cut off
    FIT = "fit"  # all of it is seen, between black bars
    BLUR = "blur"  # all of it is seen, before itself: filling, out of focus and darker


class Focus(StrEnum):
    """What stays of a picture that is cropped."""

    CENTER = "center"
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


class Fit(Written):
    """How pictures are brought into a film's shape: "crop", "crop left", "fit" (bars), "blur" (before itself).

    Words and logos are drawn for the shape and never brought into it.
    """

    how: Fitting = Fitting.CROP
    focus: Focus = Focus.CENTER

    @classmethod
    def parse(cls, text: str) -> Self:
        how, _, focus = text.strip().partition(" ")
        if how not in set(Fitting):
            raise ValueError(f'"{text}" is no way to fit; write "crop", "crop left", "fit" (bars) or "blur"')
        if focus and how != Fitting.CROP:
            raise ValueError(f'"{text}": of a picture that is all seen, no side can be kept; write "{how}"')
        if focus and focus.strip() not in set(Focus):
            raise ValueError(f'"{text}" keeps no side; write "crop" and one of: {", ".join(Focus)}')
        return cls(how=Fitting(how), focus=Focus(focus.strip() or Focus.CENTER))

    def __str__(self) -> str:
        return self.how if self.focus is Focus.CENTER else f"{self.how} {self.focus}"


FILLING: Final = Fit()


class Platform(StrEnum):
    """Where a film is shown; `render.platforms` knows what each takes."""

    YOUTUBE = "youtube"
    YOUTUBE_SHORTS = "youtube-shorts"
    INSTAGRAM_REELS = "instagram-reels"
    TIKTOK = "tiktok"
    X = "x"


class Format(Value):
    """One film of a delivery.

    Attributes:
        items: how the pictures of single items are brought into it, by their ids, where that is another way.
        platform: whose limits it is held against; None: nobody's.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    shape: Shape
    fit: Fit = FILLING
    items: Mapping[str, Fit] = Field(default_factory=dict)
    platform: Platform | None = Field(default=None, alias="for")

    @model_validator(mode="before")
    @classmethod
    def _from_shape(cls, value: object) -> object:
        return {"shape": value} if isinstance(value, str) else value

    def fit_of(self, item: str) -> Fit:
        return self.items.get(item, self.fit)


class Poster(Written):
    """What the poster shows: "run.paris", the best still of an item, or "run.paris@2s", a moment of it.

    Attributes:
        at: from the item's first used frame; a moment after its end is its last frame.
    """

    item: str = Field(min_length=1)
    at: Frames | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        item, is_moment, at = text.strip().partition("@")
        try:
            frames = parse_frames(at) if is_moment else None
        except ValueError:
            frames = -1
        if not item.strip() or frames == -1:
            raise ValueError(f'"{text}" is no moment of the film; write an item and a time in it, such as "run@2s"')
        return cls(item=item.strip(), at=frames)

    def __str__(self) -> str:
        return self.item if self.at is None else f"{self.item}@{self.at}f"


def once_each(formats: tuple[Format, ...]) -> tuple[Format, ...]:
    """Raises ValueError, with a sentence, if two films would be one file."""
    shapes = [each.shape for each in formats]
    for shape in shapes:
        if shapes.count(shape) > 1:
            raise ValueError(f'"formats" has {shape} twice; name each shape once')
    return formats


PRESETS: Final[Mapping[str, float]] = {"web": -14.0, "podcast": -16.0, "ebu": -23.0, "atsc": -24.0}
"""Loudness by the word for where a film is heard, in LUFS: what web and social platforms level to, what podcasts are
asked for, and television by EBU R 128 and by ATSC A/85.
"""


_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d*)?")


def _read_loudness(written: object) -> object:
    """A preset's number for its word. Raises ValueError, with a sentence, for words that are none."""
    if not isinstance(written, str) or _NUMBER.fullmatch(written.strip()):
        return written
    word = written.strip().lower()
    if word not in PRESETS:
        known = ", ".join(f"{name} ({lufs:g})" for name, lufs in PRESETS.items())
        raise ValueError(f'"{written}" is no loudness; write a number from -40 to -5 in LUFS, or one of: {known}')
    return PRESETS[word]


Lufs: TypeAlias = Annotated[
    float,
    Field(ge=-40, le=-5),
    BeforeValidator(_read_loudness),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": -40, "maximum": -5}, {"enum": [*PRESETS]}]}),
]
"""An integrated loudness, as a number or as the word of a preset."""


class Delivery(Value):
    """What is ordered.

    Attributes:
        shape: of the film, where it is another than the storyboard's own.
        formats: films in other shapes beside it; one of the film's own shape says how it is fitted.
        captions: where the words of captions and of what is said go.
        loudness_lufs: integrated loudness of the film (ITU-R BS.1770); or where it is heard: web, podcast, ebu, atsc.
        true_peak_dbtp: ceiling of the limiter.
        copying: whether pictures that nothing changes are taken over as they are.
    """

    loudness_lufs: Lufs = PRESETS["web"]
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0)
    captions: CaptionStyle = CaptionStyle.FILE
    copying: Copying = Copying.AUTO
    shape: Shape | None = None
    formats: tuple[Format, ...] = ()
    poster: Poster | None = None

    @field_validator("formats")
    @classmethod
    def _once_each(cls, formats: tuple[Format, ...]) -> tuple[Format, ...]:
        return once_each(formats)

    def films(self, own: Shape) -> tuple[Format, ...]:
        """What is made, the film first, then those beside it.

        Args:
            own: the storyboard's own shape.
        """
        first = self.shape or own
        told = {each.shape: each for each in self.formats}
        return (told.pop(first, Format(shape=first)), *told.values())


def _even(side: Fraction) -> int:
    return round(side / 2) * 2


class Film(Document):
    """What came out, verified before it got its name.

    Attributes:
        path: relative to the project's folder.
        loudness_lufs: measured on the delivered sound; None for silence.
        frames_encoded: film frames that this render had to encode; the rest came from the cache.
        made_from: the fingerprint of its timeline; empty while nobody has noted it.
    """

    schema_name: ClassVar[str] = "Film.1"

    path: str
    sha256: ContentHash
    size_bytes: int
    width_px: int
    height_px: int
    frames: Frames
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    spans: int
    frames_encoded: Frames
    made_from: str = ""


class FilmPictures(Document):
    """What the pictures beside a film were made from: poster, contact sheet, animated preview."""

    schema_name: ClassVar[str] = "FilmPictures.1"

    film: ContentHash
    poster: Poster | None
