"""The render cache of one world: encodes spans and keeps them by Fingerprint, as `ports.SpanMaker` promises."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

from pydantic import TypeAdapter, ValidationError

from pipeline.digest import Fingerprint, fingerprint
from pipeline.errors import MachineError, MediaError
from pipeline.host import write_whole
from pipeline.media.aside import keep, open_aside
from pipeline.media.avc import read_packet_order, write_thinned
from pipeline.media.container import check_boxes, find_demuxer
from pipeline.media.ffmpeg import Ffmpeg
from pipeline.media.graph import PictureSource, span_arguments
from pipeline.media.probe import inspect, open_media
from pipeline.media.pruning import note_use
from pipeline.model.packets import PacketOrder
from pipeline.model.timeline import Clip, LogoOverlay
from pipeline.ports import Locate
from pipeline.project import StorePaths
from pipeline.render.drawings import DrawnPart
from pipeline.render.encoding import SET_ID
from pipeline.render.spans import VERSION, Layer, Span
from pipeline.timecode import FRAME_RATE, Frames

_AT_ONCE: Final = 2
_WORTH_THINNING: Final[Frames] = 48
_ORDERS: Final = TypeAdapter(PacketOrder)
_UNSPECIFIED: Final = 2  # matrix_coefficients, ITU-T H.273, table 4


@dataclass(frozen=True, slots=True)
class SpanCache:
    """Where a span is made when it is not there yet.

    Two are at a time, from the first look at their clips until they are checked: pictures are large, and whoever
    decodes holds a dozen.
    """

    ffmpeg: Ffmpeg
    paths: StorePaths
    locate: Locate
    _making: WeakValueDictionary[Fingerprint, asyncio.Lock] = field(
        default_factory=WeakValueDictionary, compare=False, repr=False
    )
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE), compare=False, repr=False)

    def packet_order(self, clip: Clip, size_px: tuple[int, int]) -> PacketOrder | None:
        if clip.media is None or clip.media.info.rate != FRAME_RATE:
            return None
        known = fingerprint({"packets": 1, "media": clip.media.sha256, "size_px": size_px, "set_id": SET_ID})
        path = self.paths.span_path(known, ".json")
        try:
            order = _ORDERS.validate_json(path.read_bytes())
        except (OSError, ValidationError):
            return self._read_packet_order(clip, size_px, path)
        note_use(path)
        return order

    def _read_packet_order(self, clip: Clip, size_px: tuple[int, int], path: Path) -> PacketOrder | None:
        """It is kept at `path`, that there is none is not: perhaps the file could not be read."""
        order = read_packet_order(self.locate(clip), size_px, SET_ID)
        if order is not None:
            with suppress(MachineError):  # then it is read again
                write_whole(path, _ORDERS.dump_json(order))
        return order

    def has(self, span: Span) -> bool:
        path = self.paths.span_path(span.fingerprint)
        if not path.is_file():
            return False
        try:
            check_boxes(path)  # it was decoded before it was kept; what happens to files later cuts them short
        except MediaError:
            return False
        note_use(path)
        return True

    async def make(self, span: Span, on_frames: Callable[[Frames], None]) -> bool:
        making = self._making.setdefault(span.fingerprint, asyncio.Lock())
        is_made_elsewhere = making.locked()  # for another film of a series
        async with making:
            if is_made_elsewhere and self.has(span):
                return False
            async with self._turn:
                await self._make(span, on_frames)
        return True

    async def _make(self, span: Span, on_frames: Callable[[Frames], None]) -> None:
        with open_aside(self.paths.spans_dir) as aside:
            sources = [await asyncio.to_thread(self._source, layer, span, aside) for layer in span.layers]
            drawn = [await asyncio.to_thread(self._draw, part, span, aside) for part in span.drawn]
            made = aside / "span.mp4"
            await self.ffmpeg.run(_what(span), span_arguments(span, sources, drawn, made), on_progress=on_frames)
            await asyncio.to_thread(_check, made, span, sources)
            keep(made, self.paths.span_path(span.fingerprint))

    def _source(self, layer: Layer, span: Span, aside: Path) -> PictureSource:
        """The file of a layer; a card is drawn into `aside` first."""
        clip = layer.clip
        if clip.kind == "card":
            from pipeline.media.cards import draw_card  # heavy, as all that draws

            card = [clip.text, clip.ground, span.size_px]
            path = self._set_once(card, lambda: draw_card(clip.text, clip.ground, span.size_px, aside))
            return PictureSource(path=path, demuxer="png_pipe", is_still=True)
        path = self.locate(clip).absolute()
        if clip.media is None or not path.is_file():
            raise MachineError(f"{clip.item}: its file {path} is gone. Run again, it will be fetched or asked for.")
        source = PictureSource(
            path=path,
            demuxer=find_demuxer(path),
            keeps_rate=clip.media.info.rate == FRAME_RATE,
            is_tagged=clip.kind == "footage" and _is_tagged(path),
            is_plain=self.packet_order(clip, span.size_px) is not None,
        )
        first = layer.used.start
        if first < _WORTH_THINNING or not source.is_plain:
            return source
        thinned = aside / f"{clip.media.sha256[:16]}.mp4"
        return replace(source, path=thinned, left_out=write_thinned(path, thinned, first))

    def _draw(self, part: DrawnPart, span: Span, aside: Path) -> Path:
        """A picture of the span's size."""
        from pipeline.media.cards import draw_words
        from pipeline.media.stills import draw_logo

        what = part.what
        if isinstance(what, LogoOverlay):
            return draw_logo(self.locate(what), what, span.size_px, aside)
        return self._set_once([what.text, what.setting, span.size_px], lambda: draw_words(what, span.size_px, aside))

    def _set_once(self, words: Sequence[object], draw: Callable[[], Path]) -> Path:
        """The drawn words, kept beside the spans: loading what sets type takes longer than most spans do."""
        path = self.paths.span_path(fingerprint(["words", VERSION, *words]), ".png")
        if path.is_file():
            note_use(path)
        else:
            keep(draw(), path)
        return path


def _what(span: Span) -> str:
    names = " into ".join(layer.clip.item for layer in span.layers)
    return f"encode frames {span.place.start}–{span.place.stop - 1} of the film ({names})"


def _check(made: Path, span: Span, sources: Sequence[PictureSource]) -> None:
    """Decode what was made, errors fatal; what is wrong with it is told of the files it was made of."""
    try:
        seen = inspect(made, must_be_mp4=True)
    except MediaError as error:
        reason = f"what ffmpeg made of it is not whole ({error.reason})"
    else:
        if seen.frames == span.frames and (seen.width_px, seen.height_px) == span.size_px:
            return
        asked = f"{span.frames} of {span.size_px[0]}×{span.size_px[1]}"
        reason = f"{seen.frames} frames of {seen.width_px}×{seen.height_px} came of it where {asked} were asked for"
    raise MediaError(sources[0].path, f"{reason}, when it was to {_what(span)}. Encode the file anew, or leave it out")


def _is_tagged(path: Path) -> bool:
    """Whether the stream says by which matrix its colours were made."""
    with open_media(path) as container:
        return container.streams.video[0].codec_context.colorspace != _UNSPECIFIED
