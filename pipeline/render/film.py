"""Makes the film: encodes spans while clips are still landing, then sound, then one file. Knows only ports.

Each span is made once, by one task, whoever asks for it first; how many ffmpegs run at once is the spans' maker's
business. Nothing is half done at the end: a film gets its name after it was verified, or not at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.digest import ContentHash, Fingerprint
from pipeline.model.delivery import Film
from pipeline.model.timeline import Timeline
from pipeline.ports import FilmPress, SoundMaker, SpanMaker
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


@dataclass(slots=True, eq=False)
class _Job:
    """A span on its way. `is_cached` is None until somebody has looked."""

    span: Span
    task: asyncio.Task[None] | None = None
    is_cached: bool | None = None
    frames_done: Frames = 0

    @property
    def has_failed(self) -> bool:
        return self.task is not None and self.task.done() and (self.task.cancelled() or bool(self.task.exception()))


class FilmMaker:
    """One film, from the first landed clip to the file. Not shared between films; `close` it."""

    def __init__(self, spans: SpanMaker, sound: SoundMaker, press: FilmPress) -> None:
        self._spans = spans
        self._sound = sound
        self._press = press
        self._jobs: dict[Fingerprint, _Job] = {}
        self._listening: dict[ContentHash, asyncio.Task[None]] = {}
        self._report: Callable[[], None] = lambda: None

    def clips_landed(self, timeline: Timeline) -> None:
        """Begin with all that can be made of `timeline` so far; returns at once. What fails is told by `finish`."""
        for span in plan_spans(timeline):
            if span.is_ready:
                self._job(span)
        for piece in plan_sound(timeline).pieces:
            self._listen(piece)

    async def finish(self, timeline: Timeline, film_path: Path, on_progress: Callable[[RenderProgress], None]) -> Film:
        """The film at `film_path`. All its clips have landed.

        Raises:
            FfmpegError, MediaError, MachineError: nothing new stands at `film_path`.
        """
        try:
            spans = plan_spans(timeline)
            jobs = list(dict.fromkeys(self._job(span) for span in spans))
            self._report = lambda: on_progress(_progress(jobs))
            sound_path = await self._make_all(timeline, jobs)
            pressed = await self._press.press(timeline, spans, sound_path, film_path)
        finally:
            await self.close()
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
            frames_encoded=_progress(jobs).frames_to_encode,
        )

    async def close(self) -> None:
        """Cancel what is under way and wait until it is gone. Safe to call at any time, and again."""
        self._report = lambda: None
        tasks = [task for task in (*(job.task for job in self._jobs.values()), *self._listening.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _make_all(self, timeline: Timeline, jobs: list[_Job]) -> Path:
        """Spans and sound side by side; the first that fails ends the others."""
        sound_plan = plan_sound(timeline)

        async def make_sound() -> Path:
            await asyncio.gather(*(self._listen(piece) for piece in sound_plan.pieces))
            return await self._sound.make(sound_plan)

        sounding = asyncio.create_task(make_sound())
        await asyncio.gather(sounding, *(job.task for job in jobs if job.task))
        return sounding.result()

    def _job(self, span: Span) -> _Job:
        """The job that makes the span, begun if nobody has; a failed one is begun anew."""
        job = self._jobs.get(span.fingerprint)
        if job is None or job.has_failed:
            job = self._jobs[span.fingerprint] = _Job(span)
            job.task = asyncio.create_task(self._make(job))
        return job

    async def _make(self, job: _Job) -> None:
        job.is_cached = await asyncio.to_thread(self._spans.has, job.span)
        if not job.is_cached:

            def note(frames: Frames) -> None:
                job.frames_done = frames
                self._report()

            await self._spans.make(job.span, note)
        job.frames_done = job.span.frames
        self._report()

    def _listen(self, piece: Piece) -> asyncio.Task[None]:
        """The task that decodes the piece's media, one a content."""
        task = self._listening.get(piece.media.sha256)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self._listening[piece.media.sha256] = asyncio.create_task(self._prepare(piece))
        return task

    async def _prepare(self, piece: Piece) -> None:
        await self._sound.prepare(piece)


def _progress(jobs: list[_Job]) -> RenderProgress:
    encoded = [job for job in jobs if not job.is_cached]
    return RenderProgress(sum(job.frames_done for job in encoded), sum(job.span.frames for job in encoded))
