"""Makes the film: encodes spans while clips are still landing, then sound, then one file. Knows only ports.

Each span is made once, by one task, whoever asks for it first; how many ffmpegs run at once is the spans' maker's
business. Nothing is half done at the end: a film gets its name after it was verified, or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.digest import ContentHash, Fingerprint
from pipeline.model.delivery import Film
from pipeline.model.packets import PacketOrder
from pipeline.model.timeline import Timeline
from pipeline.ports import FilmPress, Sounded, SoundMaker, SpanMaker
from pipeline.render.encoding import SETTINGS, EncodeSettings
from pipeline.render.sound import Piece, plan_sound
from pipeline.render.spans import Span, plan_spans
from pipeline.timecode import Frames


@dataclass(frozen=True, slots=True)
class RenderProgress:
    """How far the picture is.

    Attributes:
        frames_to_encode: film frames that were not in the cache when this run came to them.
    """

    frames_done: Frames
    frames_to_encode: Frames


@dataclass(slots=True)
class _Tally:
    """How far a span is. `is_cached` is None until somebody has looked."""

    frames: Frames
    is_cached: bool | None = None
    frames_done: Frames = 0


def _sounding(timeline: Timeline) -> list[ContentHash]:
    return [piece.media.sha256 for piece in plan_sound(timeline).pieces]


class FilmMaker:
    """One film, or the same one in several shapes, from the first landed clip to the file; `close` it."""

    def __init__(
        self, spans: SpanMaker, sound: SoundMaker, press: FilmPress, *, settings: EncodeSettings = SETTINGS
    ) -> None:
        self._spans = spans
        self._sound = sound
        self._press = press
        self._settings = settings
        self._tasks: dict[str, asyncio.Task[None]] = {}  # by a span's Fingerprint, or the hash of a media that sounds
        self._tallies: dict[Fingerprint, _Tally] = {}
        self._report: Callable[[], None] = lambda: None
        self._orders: dict[tuple[ContentHash, tuple[int, int]], PacketOrder | None] = {}

    def clips_landed(self, timeline: Timeline) -> None:
        """Begin with all that can be made of `timeline` so far; returns at once. What fails is told by `finish`."""
        for span in self._plan_spans(timeline):
            if span.is_ready and not span.copied:
                self._begin_span(span)
        for piece in plan_sound(timeline, self._settings).pieces:
            self._begin_sound(piece)

    async def finish(self, timeline: Timeline, film_path: Path, on_progress: Callable[[RenderProgress], None]) -> Film:
        """The film at `film_path`. What was begun of other shapes goes on.

        Raises:
            ValueError: a clip has not landed.
            FfmpegError, MediaError, MachineError: nothing new stands at `film_path`.
        """
        if not all(clip.is_landed for clip in timeline.clips):
            raise ValueError("a film is finished only once all its clips have landed")
        sounding = asyncio.create_task(self._make_sound(timeline))
        spans, fingerprints = tuple[Span, ...](), set[Fingerprint]()
        try:
            spans = await asyncio.to_thread(self._plan_spans, timeline)
            fingerprints = {span.fingerprint for span in spans}
            self._report = lambda: on_progress(self._progress(fingerprints))
            made = (self._begin_span(span) for span in spans if not span.copied)
            await asyncio.gather(sounding, *made)
            pressed = await self._press.press(timeline, spans, sounding.result(), film_path)
        finally:
            self._report = lambda: None
            sounding.cancel()
            await asyncio.wait([sounding])
            await self._stop([*fingerprints, *_sounding(timeline)])
        return Film(
            path=f"{film_path.parent.name}/{film_path.name}",
            sha256=pressed.sha256,
            size_bytes=pressed.size_bytes,
            width_px=timeline.width_px,
            height_px=timeline.height_px,
            frames=pressed.frames,
            samples=pressed.samples,
            loudness_lufs=pressed.loudness_lufs,
            true_peak_dbtp=pressed.true_peak_dbtp,
            spans=len(spans),
            frames_encoded=self._progress(fingerprints).frames_to_encode,
        )

    async def settled(self) -> None:
        """Wait until all that was begun is made, or has failed: `finish` tells."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Cancel what is under way and wait until it is gone. Safe to call at any time, and again."""
        self._report = lambda: None
        await self._stop(list(self._tasks))

    async def _stop(self, keys: Sequence[str]) -> None:
        """What is done already stays done; what is stopped is begun anew by whoever asks for it again."""
        tasks = [self._tasks[key] for key in keys if key in self._tasks]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make_sound(self, timeline: Timeline) -> Sounded:
        plan = plan_sound(timeline, self._settings)
        await asyncio.gather(*(self._begin_sound(piece) for piece in plan.pieces))
        return await self._sound.make(plan)

    def _plan_spans(self, timeline: Timeline) -> tuple[Span, ...]:
        """With what is known of the packets of media that has landed; each is looked at once."""
        size_px = timeline.width_px, timeline.height_px
        for clip in timeline.clips:
            if clip.media and (clip.media.sha256, size_px) not in self._orders:
                self._orders[clip.media.sha256, size_px] = self._spans.packet_order(clip, size_px)
        orders = {sha256: order for (sha256, size), order in self._orders.items() if order and size == size_px}
        return plan_spans(timeline, self._settings, orders)

    def _begin_span(self, span: Span) -> asyncio.Task[None]:
        return self._once(span.fingerprint, lambda: self._make(span))

    def _begin_sound(self, piece: Piece) -> asyncio.Task[None]:
        return self._once(piece.media.sha256, lambda: self._sound.prepare(piece))

    def _once(self, key: str, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """The task that does it, begun if nobody has; one that failed is begun anew."""
        task = self._tasks.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._tasks[key] = asyncio.create_task(work())
        return task

    async def _make(self, span: Span) -> None:
        tally = self._tallies[span.fingerprint] = _Tally(span.frames)
        tally.is_cached = await asyncio.to_thread(self._spans.has, span)

        def note(frames: Frames) -> None:
            tally.frames_done = frames
            self._report()

        if not tally.is_cached:
            tally.is_cached = not await self._spans.make(span, note)
        note(span.frames)

    def _progress(self, fingerprints: Set[Fingerprint]) -> RenderProgress:
        """Of what these spans show, each counted once however often it is seen."""
        tallies = map(self._tallies.get, fingerprints)
        encoded = [tally for tally in tallies if tally and tally.is_cached is False]
        return RenderProgress(sum(tally.frames_done for tally in encoded), sum(tally.frames for tally in encoded))
