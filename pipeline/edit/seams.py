"""Judges a timeline's seams: what was found at each join and inside each clip, and what became of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.edit.flaws import (
    LIMITS,
    SIDE,
    Found,
    colour_between,
    colour_of,
    find_bars,
    find_flash,
    find_inside,
    find_repeat,
    find_stall,
    first_second,
    last_second,
    loudness_of,
)
from pipeline.edit.mends import Laid, Measures, anchored_colours, chain_of, is_repeated, lay, matched
from pipeline.model.instructions import Mend
from pipeline.model.join import JoinKind
from pipeline.model.media import Media
from pipeline.model.seam import ClipCheck, Flaw, ScoreCard, Seam, Standing, Verdict, difference
from pipeline.model.storyboard import Storyboard
from pipeline.model.timeline import Clip, Timeline
from pipeline.render.sound import levelling_db
from pipeline.timecode import FrameRange, Frames, spoken_time

SAYS: Final = {
    Flaw.FLASH: "its first {frames} another picture: frame {stop} differs by {measured:.1f} levels from the one before",
    Flaw.REPEAT: "it begins with the very picture that {left} ends on ({measured:.1f} levels apart)",
    Flaw.STALL: "the movement stands still for {measured:.0f} frames around the join",
    Flaw.COLOUR: "its colours are {measured:.1f} levels off those that {left} ends with",
    Flaw.LOUDNESS: "its first second is {measured:.1f} LU away from the last of {left}",
    Flaw.CLICK: "the sound jumps by {measured:.2f} of full scale where {left} is cut off",
    Flaw.BARS: "bars take up {measured:.0%} of its picture",
    Flaw.SILENCE: "its sound is silent for the last {time}",
    Flaw.INNER_CUT: "the clip itself cuts to another picture at its frame {start} ({measured:.1f} levels)",
    Flaw.FREEZE: "the picture is frozen for {time}, from its frame {start} on",
    Flaw.BLACK: "the picture is black for {time}, from its frame {start} on",
}

HARD_FOR_SOUND: Final = (JoinKind.CUT, JoinKind.HOLD)
"""Joins at which one sound ends and the other begins; at all others they come and go softly."""


@dataclass(frozen=True, slots=True)
class _Side:
    """One clip of a join: as it is asked for, and as it stands on the timeline."""

    laid: Laid
    clip: Clip

    @property
    def used(self) -> FrameRange:
        return FrameRange(self.clip.start, self.clip.stop)

    @property
    def gain_db(self) -> float | None:
        """Of its sound, levelling left out; None if nothing of it is heard."""
        return None if self.laid.seen is None or not self.laid.seen.energy else self.clip.sound.gain_db

    @property
    def levelled_db(self) -> float:
        """What levelling adds to that."""
        info = self.clip.media.info if self.clip.media else None
        return levelling_db(info.loudness_lufs) if info and Mend.LOUDNESS in self.laid.mends else 0.0


def judge_seams(storyboard: Storyboard, timeline: Timeline, seen: Measures) -> ScoreCard:
    """The score card of a timeline that was assembled from this storyboard with these measures."""
    used = [FrameRange(clip.start - clip.dropped, clip.stop) for clip in timeline.clips]
    media: dict[str, Media] = {clip.item: clip.media for clip in timeline.clips if clip.media}
    sides = list(map(_Side, lay(storyboard.items, used, media, seen), timeline.clips))
    places = timeline.places
    return ScoreCard(
        project=timeline.project,
        frames=timeline.frames,
        dropped=sum(clip.dropped for clip in timeline.clips),
        seams=tuple(_judge_join(sides[n - 1] if n else None, side, places[n].start) for n, side in enumerate(sides)),
        clips=tuple(_judge_clip(side) for side in sides),
    )


def _judge_join(left: _Side | None, right: _Side, at: Frames) -> Seam:
    loudness = _loudness_steps(left, right) if left else None
    return Seam(
        left=left.clip.item if left else "",
        right=right.clip.item,
        join=right.clip.join,
        at=at,
        chain=chain_of(right.laid, left.laid if left else None),
        change=_rounded(_change(left, right)) if left else None,
        colour_step=_rounded(_colour_step(left, right)) if left else None,
        loudness_step=_rounded(loudness[1]) if loudness else None,
        dropped=right.clip.dropped,
        verdicts=tuple(_at_join(left, right)),
    )


def _at_join(left: _Side | None, right: _Side) -> Iterator[Verdict]:
    yield from _flash(right)
    if left is None:
        return
    if chain_of(right.laid, left.laid):
        yield from _in_chain(left, right)
    if right.clip.join.kind in HARD_FOR_SOUND:
        yield from _sound(left, right)


def _flash(right: _Side) -> Iterator[Verdict]:
    found = find_flash(right.laid.seen) if right.laid.seen and right.clip.kind == "shot" else None
    if found and right.laid.used.start < found.at.stop:
        yield _verdict(right, found, is_mended=right.clip.start >= found.at.stop)


def _in_chain(left: _Side, right: _Side) -> Iterator[Verdict]:
    one, other = left.laid.seen, right.laid.seen
    if one is None or other is None:
        return
    if is_repeated(right.laid, left.laid):
        repeat = find_repeat(one, left.used.stop - 1, other, 0)
        if repeat:
            yield _verdict(right, repeat, left, is_mended=right.clip.start > 0)
    if right.clip.join.kind is JoinKind.CUT:
        stall = find_stall(one, left.used, other, right.used)
        if stall:
            yield _verdict(right, stall, left)
    yield from _colour(left, right)


def _colour(left: _Side, right: _Side) -> Iterator[Verdict]:
    """Judged where both show the same, whatever is trimmed away between."""
    pair = anchored_colours(right.laid, left.laid)
    if pair is None:
        return
    step, limit = colour_between(*pair), LIMITS[Flaw.COLOUR]
    mended_step = colour_between(matched(pair[0], left.clip.match), matched(pair[1], right.clip.match))
    if max(step, mended_step) > limit:
        at = FrameRange(right.clip.start, min(right.clip.stop, right.clip.start + SIDE))
        yield _verdict(right, Found(Flaw.COLOUR, at, step), left, is_mended=mended_step <= limit)


def _sound(left: _Side, right: _Side) -> Iterator[Verdict]:
    at = FrameRange(right.clip.start, right.clip.start + 1)
    steps = _loudness_steps(left, right)
    if steps and max(steps) > LIMITS[Flaw.LOUDNESS]:
        is_mended = steps[1] <= LIMITS[Flaw.LOUDNESS]
        yield _verdict(right, Found(Flaw.LOUDNESS, at, steps[0]), left, is_mended=is_mended)
    jump = abs(_edge(left, is_last=True) - _edge(right, is_last=False))
    if jump > LIMITS[Flaw.CLICK]:
        is_faded = all(Mend.CLICK in side.laid.mends or side.gain_db is None for side in (left, right))
        yield _verdict(right, Found(Flaw.CLICK, at, jump), left, is_mended=is_faded)


def _loudness_steps(left: _Side, right: _Side) -> tuple[float, float] | None:
    """LU over the join without levelling and with it; None if one of them cannot be heard."""
    if left.laid.seen is None or right.laid.seen is None or left.gain_db is None or right.gain_db is None:
        return None
    before = loudness_of(left.laid.seen, last_second(left.used))
    after = loudness_of(right.laid.seen, first_second(right.used))
    if before is None or after is None:
        return None
    plain = after + right.gain_db - before - left.gain_db
    return abs(plain), abs(plain + right.levelled_db - left.levelled_db)


def _edge(side: _Side, *, is_last: bool) -> float:
    """The sample that is heard next to the join; 0 for silence."""
    frame = side.used.stop - 1 if is_last else side.used.start
    edges = side.laid.seen.edges if side.laid.seen else ()
    if side.gain_db is None or frame >= len(edges):
        return 0.0
    return edges[frame][int(is_last)] * float(10 ** ((side.gain_db + side.levelled_db) / 20))


def _change(left: _Side, right: _Side) -> float | None:
    if left.laid.seen is None or right.laid.seen is None:
        return None
    return difference(left.laid.seen.luma(left.used.stop - 1), right.laid.seen.luma(right.used.start))


def _colour_step(left: _Side, right: _Side) -> float | None:
    if left.laid.seen is None or right.laid.seen is None:
        return None
    before = colour_of(left.laid.seen, FrameRange(left.used.stop - 1, left.used.stop))
    after = colour_of(right.laid.seen, FrameRange(right.used.start, right.used.start + 1))
    return colour_between(matched(before, left.clip.match), matched(after, right.clip.match))


def _judge_clip(side: _Side) -> ClipCheck:
    return ClipCheck(
        item=side.clip.item,
        kind=side.clip.kind,
        is_measured=side.laid.seen is not None,
        verdicts=tuple(_inside(side)),
    )


def _inside(side: _Side) -> Iterator[Verdict]:
    """Bars in any clip; all else in shots alone: the author's own footage is as its author wants it."""
    seen, media = side.laid.seen, side.clip.media
    if seen is None or media is None:
        return
    size_px = media.info.width_px, media.info.height_px
    bars = find_bars(seen, size_px)
    if bars:
        share = max((bars.left + bars.right) / size_px[0], (bars.top + bars.bottom) / size_px[1])
        yield _verdict(side, Found(Flaw.BARS, side.used, share), is_mended=side.clip.crop is not None)
    if side.clip.kind == "shot":
        for found in find_inside(seen, side.used, is_heard=side.gain_db is not None):
            yield _verdict(side, found)


def _verdict(right: _Side, found: Found, left: _Side | None = None, *, is_mended: bool = False) -> Verdict:
    flaw, at = found.flaw, found.at
    frames = f"{len(at)} frames are" if len(at) > 1 else "frame is"
    says = SAYS[flaw].format(
        frames=frames,
        start=at.start,
        stop=at.stop,
        measured=found.measured,
        left=left.clip.item if left else "",
        time=spoken_time(len(at)),
    )
    standing = Standing.MENDED if is_mended else _unmended(flaw, (right, *([left] if left else ())))
    return Verdict(
        flaw=flaw,
        item=right.clip.item,
        start=at.start,
        stop=at.stop,
        measured=round(found.measured, 3),
        limit=LIMITS[flaw],
        standing=standing,
        says=f"{right.clip.item}: {says}.",
    )


def _unmended(flaw: Flaw, sides: Sequence[_Side]) -> Standing:
    """Off, where somebody could still ask for the mend."""
    if flaw.value not in set(Mend):
        return Standing.LEFT
    asked = Mend(flaw.value)
    concerned = sides if flaw in (Flaw.CLICK, Flaw.LOUDNESS) else sides[:1]
    return Standing.LEFT if all(asked in side.laid.mends for side in concerned) else Standing.OFF


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
