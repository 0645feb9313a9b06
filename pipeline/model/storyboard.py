"""Storyboard: what the film asks for, in the order in which it is seen. Made by `compiler`, read by all the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self, TypeVar

from pydantic import Field, model_validator

from pipeline.model.delivery import Delivery, Format, Shape
from pipeline.model.finding import Source
from pipeline.model.value import Document, Value, Written
from pipeline.timecode import FrameRange, Frames, parse_frames

MAX_SHOTS = 21
MAX_FRAMES_BACK = 6
"""A continued shot begins with one of the last frames before: the very last one, or up to so many earlier."""

ID_PATTERN = re.compile(r"[^\W_][\w-]*(\.[^\W_][\w-]*)*")
"""An id of a scene or an item: letters of any script, digits, `-`, `_`; dots separate the parts that `each` adds."""


class GenerationType(StrEnum):
    TEXT = "TEXT_2_VIDEO"
    FRAMES = "FIRST_AND_LAST_FRAMES_2_VIDEO"
    REFERENCE = "REFERENCE_2_VIDEO"


class AspectRatio(StrEnum):
    WIDE = "16:9"
    TALL = "9:16"


class Resolution(StrEnum):
    HD = "720p"
    FULL_HD = "1080p"
    UHD = "4k"

    @property
    def short_side_px(self) -> int:
        return {"720p": 720, "1080p": 1080, "4k": 2160}[self]


def frame_size_px(aspect: AspectRatio, resolution: Resolution) -> tuple[int, int]:
    """Width and height of a picture."""
    return Shape(aspect).size_px(resolution.short_side_px)


_SOFT_FRAMES: Frames = 12
"""The length of a soft join that does not say one: half a second."""


class JoinKind(StrEnum):
    CUT = "cut"
    DISSOLVE = "dissolve"
    HOLD = "hold"
    DIP = "dip"
    WIPE = "wipe"
    SLIDE = "slide"
    PUSH = "push"


class Way(StrEnum):
    """Where the edge of a wipe, the incoming picture of a slide or both pictures of a push go to."""

    LEFT = "left"
    RIGHT = "right"
    UP = "up"
    DOWN = "down"


class DipColour(StrEnum):
    """What a picture goes through in a dip."""

    BLACK = "black"
    WHITE = "white"


_OVERLAPPING: Final = frozenset({JoinKind.DISSOLVE, JoinKind.WIPE, JoinKind.SLIDE, JoinKind.PUSH})
_HOWS: Final[Mapping[JoinKind, tuple[Way | DipColour, ...]]] = {
    JoinKind.DIP: tuple(DipColour),
    JoinKind.WIPE: tuple(Way),
    JoinKind.SLIDE: tuple(Way),
    JoinKind.PUSH: tuple(Way),
}
"""The words that may follow the length of a join; the first holds where none is said, and is not written."""

_LEAST_FRAMES: Final[Mapping[JoinKind, Frames]] = {JoinKind.DIP: 2}  # one of each side; of all others one in all


class Join(Written):
    """How an item follows the one before it; written the same everywhere: "cut", "dissolve 12", "hold 12", "dip 24",
    "dip 24 white", "wipe 12 left", "slide 12 up", "push 12 right".

    Dissolves, wipes, slides and pushes let both items share `frames`. A hold dissolves the last `frames` of the one
    before into the held first frame of this one, and a dip lets the one before go to a colour and this one come out of
    it, so that in both nothing is shared and nothing is lost.

    Attributes:
        how: the colour of a dip; where a wipe, a slide or a push goes to; None for all others.
    """

    kind: JoinKind = JoinKind.CUT
    frames: Frames = 0
    how: Way | DipColour | None = None

    @model_validator(mode="after")
    def _has_a_way_of_its_kind(self) -> Self:
        if self.how not in _HOWS.get(self.kind, (None,)):
            raise ValueError(f'a {self.kind} does not go "{self.how}"')
        return self

    @classmethod
    def parse(cls, text: str) -> Self:
        kind, _, rest = text.strip().partition(" ")
        if kind not in set(JoinKind):
            kinds = '"cut", "dissolve 12", "hold 12", "dip 24", "wipe 12", "slide 12" or "push 12"'
            raise ValueError(f'"{text}" is no join; write {kinds} (a length in frames)')
        if kind == JoinKind.CUT:
            if rest.strip():
                raise ValueError(f'"{text}": a cut has no length; write "cut", or "dissolve 12" for a soft join')
            return cls()
        how, length = _split_how(JoinKind(kind), rest)
        return cls(kind=JoinKind(kind), frames=_read_length(text, JoinKind(kind), length), how=how)

    def __str__(self) -> str:
        if self.kind is JoinKind.CUT:
            return self.kind
        is_said = self.how is not None and self.how is not _default_how(self.kind)
        return f"{self.kind} {self.frames}" + (f" {self.how}" if is_said else "")

    @property
    def overlap(self) -> Frames:
        """How many frames the two items share on the film's time."""
        return self.frames if self.kind in _OVERLAPPING else 0

    @property
    def tail(self) -> Frames:
        """How many of the last frames of the item before are seen otherwise than they are."""
        return self.frames // 2 if self.kind is JoinKind.DIP else self.frames

    @property
    def head(self) -> Frames:
        """How many of this item's first frames are seen otherwise than they are; in a hold none, though one is held."""
        return self.overlap + self.frames - self.tail


def _default_how(kind: JoinKind) -> Way | DipColour | None:
    return _HOWS[kind][0] if kind in _HOWS else None


def _split_how(kind: JoinKind, rest: str) -> tuple[Way | DipColour | None, str]:
    """What follows the kind of a join, in any order: its colour or where it goes to, and its length as written."""
    words = rest.split()
    for how in _HOWS.get(kind, ()):
        if how in words:
            words.remove(how)
            return how, " ".join(words)
    return _default_how(kind), " ".join(words)


def _read_length(text: str, kind: JoinKind, length: str) -> Frames:
    """The frames of the join `text`, of which `length` says how long it is. Raises ValueError with a sentence."""
    length = length or f"{_SOFT_FRAMES}f"
    try:
        frames = parse_frames(f"{length}f" if length.isdigit() else length)
    except ValueError:
        says = f'"{text}" has no length that can be read; write "{kind} 12" (frames) or "{kind} 0.5s"'
        hows = ", ".join(f'"{how}"' for how in _HOWS.get(kind, ()))
        raise ValueError(says + (f", and behind it one of {hows} if you like" if hows else "")) from None
    least = _LEAST_FRAMES.get(kind, 1)
    if frames < least:
        needs = "one frame" if least == 1 else f"{least} frames"
        raise ValueError(f'"{text}" needs a length of at least {needs}, such as "{kind} 12"')
    return frames


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


class Image(Value):
    """A picture that goes with a prompt, by its address or as a file of the project; one of the two is given.

    Attributes:
        url: a public http or https address.
        file: relative to the project's folder; it is published when its shot is shot.
    """

    role: Literal["first", "last", "ref"]
    url: str = ""
    file: str = ""


class Ingredient(Value):
    """A value that was written into a shot's prompt, and where it came from: why the prompt is as it is.

    Attributes:
        name: as a template would say it: `city`, `legs.street.scene`, `hero`.
        text: what it wrote.
    """

    name: str
    text: str
    source: Source


class TitlePlace(StrEnum):
    CENTER = "center"
    LOWER = "lower"
    UPPER = "upper"


class Title(Value):
    """Words over the picture of one item.

    Attributes:
        text: as written; line breaks are kept.
        start: first frame that shows it, from the item's first used frame.
        frames: how long it stays; None for "to the item's end".
    """

    text: str
    place: TitlePlace = TitlePlace.CENTER
    start: Frames = 0
    frames: Frames | None = None
    source: Source


class Caption(Value):
    """Words that are heard while an item is seen.

    Attributes:
        speaker: who says them, as the bible or the template calls them; empty for what nobody on screen says.
        start: from the item's first used frame.
        frames: how long they stay; None for "to the item's end".
    """

    text: str
    speaker: str = ""
    start: Frames = 0
    frames: Frames | None = None
    source: Source


class _Item(Value):
    """What shots, footage and cards have in common. `join` says how it follows the item before it.

    Attributes:
        lead: how many frames its sound is heard before its picture is seen (a J-cut).
        lag: how many frames the sound of the item before goes on after its picture has ended (an L-cut).
    """

    id: str = Field(pattern=re.compile(rf"^{ID_PATTERN.pattern}\Z"))  # Python's letters; pydantic's own are fewer
    scene: str
    join: Join = Join()
    lead: Frames = Field(default=0, ge=0)
    lag: Frames = Field(default=0, ge=0)
    sound: Sound = Sound()
    mend: Mends = Mends()
    titles: tuple[Title, ...] = ()
    captions: tuple[Caption, ...] = ()
    source: Source


class Shot(_Item):
    """8 seconds from one prompt; its id is stable when others are inserted (`run.paris`, never a position).

    Attributes:
        continues: the shot whose late frame is this one's first image; then `images` holds no other first.
        made_of: the values that were written into the prompt, in their order.
    """

    kind: Literal["shot"] = "shot"
    prompt: str
    generation: GenerationType = GenerationType.TEXT
    images: tuple[Image, ...] = ()
    continues: Continuation | None = None
    trim: Trim = Trim()
    made_of: tuple[Ingredient, ...] = ()


class Footage(_Item):
    """A clip of the user's own: packshot, logo sting, legal card; any length, rate, size and codec.

    Attributes:
        file: relative to the project's folder, forward slashes, never above it.
    """

    kind: Literal["footage"] = "footage"
    file: str
    trim: Trim = Trim()


class Card(_Item):
    """A still card of words on a plain ground, silent.

    Attributes:
        ground: `#rrggbb`.
    """

    kind: Literal["card"] = "card"
    text: str
    frames: Frames = Field(ge=1)
    ground: str = Field(default="#101418", pattern=r"^#[0-9a-fA-F]{6}$")


Item = Annotated[Shot | Footage | Card, Field(discriminator="kind")]


class Scene(Value):
    """A named run of items. `look` is already part of its shots' prompts; it stands here for the report."""

    id: str
    look: str = ""
    source: Source


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


class Music(Value):
    """One track under the film, from where it begins to the film's end, looped if it is shorter.

    Attributes:
        file: relative to the project's folder.
        on: the item it begins with; empty for the film's beginning.
        start: from that item's first used frame.
        trim: the part of the file that is used, and looped, in film frames of its own time.
    """

    file: str
    on: str = ""
    start: Frames = Field(default=0, ge=0)
    trim: Trim = Trim()
    gain_db: float = -12.0
    duck: Ducking = Ducking()
    fade_in: Frames = 0
    fade_out: Frames = 24
    source: Source


class Narration(Value):
    """A voice of the user's own over the film, from where it begins to its end; it goes on over joins.

    Attributes:
        file: relative to the project's folder.
        on: the item it begins with; empty for the film's beginning.
        start: from that item's first used frame.
        trim: the part of the file that is used, in film frames of its own time.
    """

    file: str
    on: str = ""
    start: Frames = 0
    trim: Trim = Trim()
    gain_db: float = 0.0
    source: Source


class Corner(StrEnum):
    TOP_LEFT = "top-left"
    TOP_RIGHT = "top-right"
    BOTTOM_LEFT = "bottom-left"
    BOTTOM_RIGHT = "bottom-right"
    CENTER = "center"


class Logo(Value):
    """A still picture laid over the film, inside the title-safe area.

    Attributes:
        file: a PNG of the project, transparent where the film is to be seen.
        width: its share of the picture's width.
        on: the item it stands over; empty for the whole film.
        start, frames: as of a title; with `on` alone.
    """

    file: str
    corner: Corner = Corner.TOP_RIGHT
    width: float = Field(default=0.12, ge=0.02, le=0.9)
    on: str = ""
    start: Frames = 0
    frames: Frames | None = None
    source: Source


class Budget(Value):
    """What may be spent. Grants are given beforehand and counted; see `shoot.policy`.

    Attributes:
        max_credits: the most that this project may have in play and spent, in all; None: no cap of its own.
        max_doubt_credits: the most that one lost answer may put in doubt; bounds the shots of a request.
        pay_again_credits: shots in doubt may be shot again up to this sum.
        reshoot_failed: how often one failed shot may be shot again.
    """

    max_credits: int | None = Field(default=None, ge=0)
    max_doubt_credits: int = Field(default=30, ge=10)
    pay_again_credits: int = Field(default=0, ge=0)
    reshoot_failed: int = Field(default=0, ge=0, le=5)


class Storyboard(Document):
    """The whole film as data; 1 to 21 shots, item ids unique, joins checked against what is known before shooting."""

    schema_name: ClassVar[str] = "Storyboard.1"

    project: str
    title: str
    aspect: AspectRatio = AspectRatio.WIDE
    resolution: Resolution = Resolution.HD
    scenes: tuple[Scene, ...]
    items: tuple[Item, ...] = Field(min_length=1)
    music: Music | None = None
    narrations: tuple[Narration, ...] = ()
    logos: tuple[Logo, ...] = ()
    delivery: Delivery = Delivery()
    budget: Budget = Budget()

    @property
    def films(self) -> tuple[Format, ...]:
        """What is made of it, the film first, then those beside it."""
        return self.delivery.films(Shape(self.aspect))

    @property
    def shots(self) -> tuple[Shot, ...]:
        return tuple(item for item in self.items if isinstance(item, Shot))

    def within(self, episode: str) -> Self:
        """The same film as one of a series: its items' ids, and whatever names an item, stand under `episode`."""

        def under(item: str) -> str:
            return f"{episode}.{item}" if item else ""

        def moved(over: _Over) -> _Over:
            return over.model_copy(update={"on": under(over.on)})

        return self.model_copy(
            update={
                "items": tuple(_item_within(item, under) for item in self.items),
                "music": self.music and moved(self.music),
                "narrations": tuple(map(moved, self.narrations)),
                "logos": tuple(map(moved, self.logos)),
                "delivery": _delivery_within(self.delivery, under),
            }
        )


_Over = TypeVar("_Over", Music, Narration, Logo)


def _item_within(item: Item, under: Callable[[str], str]) -> Item:
    named: dict[str, object] = {"id": under(item.id)}
    if isinstance(item, Shot) and item.continues:
        named["continues"] = item.continues.model_copy(update={"shot": under(item.continues.shot)})
    return item.model_copy(update=named)


def _delivery_within(delivery: Delivery, under: Callable[[str], str]) -> Delivery:
    formats = (
        each.model_copy(update={"items": {under(item): fit for item, fit in each.items.items()}})
        for each in delivery.formats
    )
    poster = delivery.poster and delivery.poster.model_copy(update={"item": under(delivery.poster.item)})
    return delivery.model_copy(update={"formats": tuple(formats), "poster": poster})
