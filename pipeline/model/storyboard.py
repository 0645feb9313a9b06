"""Storyboard: what the film asks for, in the order in which it is seen. Made by `compiler`, read by all the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self, TypeVar

from pydantic import Field

from pipeline.model.delivery import Delivery, Format, Shape
from pipeline.model.finding import Source
from pipeline.model.instructions import Continuation, Ducking, Mends, Sound, Trim
from pipeline.model.join import Join
from pipeline.model.value import Document, Value
from pipeline.timecode import Frames

MAX_SHOTS = 21

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
