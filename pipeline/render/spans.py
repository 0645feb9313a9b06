"""Cuts a Timeline into Spans, each made on its own: pure, so that an edited title or shot is seen to touch few of them.

    film     0         24       72            180   192   204                       372
    clips    |── run ─────────────────────────|─────|                                |
                                              |───────── packshot ───────────────────|     dissolve 12
    titles             |────────|
    spans    |   body  | titled |     body    | mix |             body               |

A boundary stands wherever another picture begins or ends, a mix begins or ends, or something drawn over it comes or
goes; between two boundaries every frame is made the same way. Pictures that nothing changes are copied as far as the
order of their packets allows it, and only the rest is encoded:

    clip     0                                    177   180   192
    spans    |────────── copied ──────────────────|── encoded ──|         177: where its packets close; a hold of 12
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from pipeline.digest import ContentHash, Fingerprint, fingerprint
from pipeline.model.delivery import FILLING, Copying
from pipeline.model.join import DipColour, Join, JoinKind, Way
from pipeline.model.packets import PacketOrder
from pipeline.model.timeline import Clip, Timeline
from pipeline.render.drawings import DrawnPart, plan_drawings
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.render.platforms import most_kbps
from pipeline.timecode import FrameRange, Frames

VERSION: Final = 7
"""Goes up when equal inputs and settings would give other pictures, such as titles drawn in another way."""

_GROUNDS: Final[Mapping[str, str]] = {DipColour.BLACK: "#000000", DipColour.WHITE: "#ffffff"}

LEAST_COPIED: Final[Frames] = 24
"""What is shorter is not worth the IDR that has to follow it."""

PacketOrders = Mapping[ContentHash, PacketOrder]
"""Of the media that could be copied into a film of the timeline's size."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One clip's picture in a span.

    Attributes:
        used: the frames in the media's film-rate time; a single one if it is held.
        is_held: whether that one frame stands for the whole span.
    """

    clip: Clip
    used: FrameRange
    is_held: bool = False

    def part(self, start: Frames, stop: Frames) -> Layer:
        """Its frames from `start` up to `stop`, counted from its own first."""
        return self if self.is_held else replace(self, used=FrameRange(start, stop).shifted(self.used.start))


class Mixing(StrEnum):
    """How the incoming picture takes the place of the outgoing one."""

    MELT = "melt"  # both are seen through one another
    WIPE = "wipe"  # both stand still, and an edge goes over them
    SLIDE = "slide"  # it moves over the outgoing one
    PUSH = "push"  # both move, side by side


@dataclass(frozen=True, slots=True)
class Mix:
    """How far a join has come: frame k of the span shows (first + k + 1) / (frames + 1) of the incoming picture.

    Attributes:
        first: frames of the join before this span: not 0 where something is drawn that begins inside a join. Negative
            for frames of the outgoing picture that come before the join.
        frames: of the whole join; of a dip, those of one side but for the one that is all colour.
        way: where it goes to; None for what melts.
    """

    first: Frames
    frames: Frames
    how: Mixing = Mixing.MELT
    way: Way | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of film frames that is made one way; the unit of the render cache.

    Attributes:
        place: in film frames.
        layers: one picture, or the outgoing and the incoming one of a mix.
        drawn: what is laid over it, the lowest first.
        copied: how the packets of its one picture lie, if they are taken over as they are; None if it is encoded.
    """

    place: FrameRange
    size_px: tuple[int, int]
    layers: tuple[Layer, ...]
    mix: Mix | None = None
    drawn: tuple[DrawnPart, ...] = ()
    copied: PacketOrder | None = None
    settings: EncodeSettings = SETTINGS

    @property
    def frames(self) -> Frames:
        return len(self.place)

    @property
    def reorder(self) -> Frames:
        """How far its decoding runs ahead of what is shown, at most."""
        return self.copied.reorder if self.copied else self.settings.reorder

    @property
    def is_ready(self) -> bool:
        """Whether all its media has landed."""
        return all(layer.clip.is_landed for layer in self.layers)

    @property
    def fingerprint(self) -> Fingerprint:
        """Over what it shows and how it is encoded, not where it stands: a moved shot is not encoded again."""
        if self.copied:
            return fingerprint({"span": VERSION, "copied": _layer_body(self.layers[0])})
        return fingerprint(
            {
                "span": VERSION,
                "settings": {name: value for name, value in asdict(self.settings).items() if value is not None},
                "size_px": self.size_px,
                "frames": self.frames,
                "layers": [_layer_body(layer) for layer in self.layers],
                "mix": asdict(self.mix) if self.mix else None,
                "drawn": [part.body for part in self.drawn],
            }
        )


def plan_spans(
    timeline: Timeline, settings: EncodeSettings = SETTINGS, orders: PacketOrders = MappingProxyType({})
) -> tuple[Span, ...]:
    """Spans that hold each film frame exactly once, in order.

    Args:
        orders: what is known of media that could be copied; all other is encoded.
    """
    spans = [*_encoded_spans(timeline, replace(settings, max_kbps=most_kbps(timeline.platform)))]
    if timeline.delivery.copying is Copying.NEVER:
        return tuple(spans)
    alike = _of_one_set(spans, orders)
    return _with_leads(part for span in spans for part in _parts(span, alike))


def _encoded_spans(timeline: Timeline, settings: EncodeSettings) -> Iterator[Span]:
    places, drawings = timeline.places, plan_drawings(timeline)
    joinings = tuple(_joinings(timeline.clips, places))
    edges = set[Frames]()
    for apart in (*places, *(joining.place for joining in joinings), *(drawing.place for drawing in drawings)):
        edges |= {apart.start, apart.stop}
    for edge in pairwise(sorted(edges)):
        place = FrameRange(*edge)
        layers, mix = _shown(timeline.clips, places, joinings, place)
        yield Span(
            place=place,
            size_px=(timeline.width_px, timeline.height_px),
            layers=layers,
            mix=mix,
            drawn=tuple(part for drawing in drawings if (part := drawing.within(place))),
            settings=settings,
        )


def _of_one_set(spans: Sequence[Span], orders: PacketOrders) -> PacketOrders:
    """Media whose parameter sets are those of the most frames: a track can hold one set of an id."""
    frames = Counter[tuple[bytes, ...]]()
    for span in spans:
        if order := _order(span, orders):
            frames[order.parameter_sets] += span.frames
    chosen = {sets for sets, _ in frames.most_common(1)}
    return {sha256: order for sha256, order in orders.items() if order.parameter_sets in chosen}


def _order(span: Span, orders: PacketOrders) -> PacketOrder | None:
    """How the packets lie of a span that shows one media, as it is; None if it shows anything else."""
    clip = span.layers[0].clip
    media, is_mended = clip.media, clip.crop or clip.match
    is_untouched = len(span.layers) == 1 and not span.layers[0].is_held and not span.drawn and not is_mended
    return orders.get(media.sha256) if media and is_untouched else None


def _parts(span: Span, orders: PacketOrders) -> Iterator[Span]:
    """What of the span is copied, and what is encoded before and after."""
    order, used = _order(span, orders), span.layers[0].used
    copy = order.longest_copy(used, at_least=min(LEAST_COPIED, span.frames)) if order else None
    if copy is None:
        yield span
        return
    for part in (FrameRange(used.start, copy.start), copy, FrameRange(copy.stop, used.stop)):
        if len(part):
            place = part.shifted(span.place.start - used.start)
            copied = order if part is copy else None
            yield replace(span, place=place, layers=(Layer(span.layers[0].clip, part),), copied=copied)


def _with_leads(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Let a hold, or a dip's first side, take the few frames that a copy before it left: one encoding, not two."""
    led: list[Span] = []
    for span in spans:
        led.append(_led(led.pop(), span) if led and _leads(led[-1], span) else span)
    return tuple(led)


def _leads(rest: Span, hold: Span) -> bool:
    is_plain = rest.copied is None and len(rest.layers) == 1 and not rest.drawn
    is_whole_hold = hold.mix is not None and hold.mix.first == 0 and hold.layers[1].is_held and not hold.drawn
    return is_plain and is_whole_hold and rest.frames < LEAST_COPIED and rest.layers[0].clip is hold.layers[0].clip


def _led(lead: Span, hold: Span) -> Span:
    """The hold, begun as many frames earlier."""
    outgoing, held = hold.layers
    first, used = lead.layers[0].used, outgoing.used
    return replace(
        hold,
        place=FrameRange(lead.place.start, hold.place.stop),
        layers=(Layer(outgoing.clip, FrameRange(first.start, used.stop)), held),
        mix=replace(hold.mix, first=-lead.frames) if hold.mix else None,
    )


_MIXINGS: Final[Mapping[JoinKind, Mixing]] = {
    JoinKind.DISSOLVE: Mixing.MELT,
    JoinKind.WIPE: Mixing.WIPE,
    JoinKind.SLIDE: Mixing.SLIDE,
    JoinKind.PUSH: Mixing.PUSH,
}


@dataclass(frozen=True, slots=True)
class _Joining:
    """Film frames in which two pictures are mixed: a join, or one side of a dip.

    Attributes:
        layers: the outgoing and the incoming picture, each over the whole of `place` unless it is held.
        mix: as of a span that holds the whole of `place`.
    """

    place: FrameRange
    layers: tuple[Layer, Layer]
    mix: Mix


def _joinings(clips: Sequence[Clip], places: Sequence[FrameRange]) -> Iterator[_Joining]:
    """
    dissolve   A A A a a a        hold   A A A a a a             dip   A A A a a a
    and others       b b b B B                       B B B B                       b b b B B
                     |---|                     |---|                         |---|-----|
    """
    for (before, before_place), (clip, clip_place) in pairwise(zip(clips, places, strict=True)):
        join, start = clip.join, clip_place.start
        if join.kind is JoinKind.CUT:
            continue
        tail = FrameRange(start + join.overlap - join.tail, start + join.overlap)
        outgoing = _layer(before, before_place, tail)
        if join.kind is JoinKind.HOLD:
            first = Layer(clip, FrameRange(clip.start, clip.start + 1), is_held=True)
            yield _Joining(tail, (outgoing, first), Mix(0, join.frames))
        elif join.kind is JoinKind.DIP:
            # Each side needs its own clip alone; its picture is all colour beside the cut, and whole beyond its end.
            colour, head = _plain(join), FrameRange(start, start + join.head)
            yield _Joining(tail, (outgoing, colour), Mix(0, join.tail - 1))
            yield _Joining(head, (colour, _layer(clip, clip_place, head)), Mix(-1, join.head - 1))
        else:
            way = join.how if isinstance(join.how, Way) else None
            incoming = _layer(clip, clip_place, tail)
            yield _Joining(tail, (outgoing, incoming), Mix(0, join.frames, _MIXINGS[join.kind], way))


def _plain(join: Join) -> Layer:
    """The colour of a dip, as a card without words."""
    ground = _GROUNDS[join.how or DipColour.BLACK]
    card = Clip(item=f"{join.how}", scene="", kind="card", ground=ground, start=0, stop=1)
    return Layer(card, FrameRange(0, 1), is_held=True)


def _shown(
    clips: Sequence[Clip], places: Sequence[FrameRange], joinings: Sequence[_Joining], place: FrameRange
) -> tuple[tuple[Layer, ...], Mix | None]:
    """What is seen in `place`, which lies between two edges."""
    for joining in joinings:
        if joining.place.overlap(place):
            start, stop = place.start - joining.place.start, place.stop - joining.place.start
            layers = tuple(layer.part(start, stop) for layer in joining.layers)
            return layers, replace(joining.mix, first=joining.mix.first + start)
    showing = next(n for n, clip_place in enumerate(places) if clip_place.overlap(place))
    return (_layer(clips[showing], places[showing], place),), None


def _layer(clip: Clip, clip_place: FrameRange, place: FrameRange) -> Layer:
    return Layer(clip, place.shifted(clip.start - clip_place.start))


def _layer_body(layer: Layer) -> dict[str, object]:
    clip = layer.clip
    if clip.kind == "card":  # one frame of it is like another
        return {"card": clip.text, "ground": clip.ground}
    sha256 = clip.media.sha256 if clip.media else None
    mends = {name: mend.model_dump() for name, mend in (("crop", clip.crop), ("match", clip.match)) if mend}
    fit = {"fit": str(clip.fit)} if clip.fit != FILLING else {}
    body = {"media": sha256, "start": layer.used.start, "stop": layer.used.stop, "held": layer.is_held}
    return {**body, **fit, **mends}
