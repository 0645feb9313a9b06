"""The score card as the report says it: ready strings, no markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.model.seam import ScoreCard, Seam, Standing, Verdict
from pipeline.review.phrases import Fact, count, data_address, join_text
from pipeline.review.seam_strips import MAX_STRIPS, SeamStrips, seams_to_show
from pipeline.review.standing import Tone
from pipeline.timecode import Frames, clock_time

TONES: Final = {Standing.MENDED: Tone.GOOD, Standing.OFF: Tone.ASKS, Standing.LEFT: Tone.IDLE}


class VerdictView(NamedTuple):
    word: str
    tone: Tone
    standing: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeamView:
    """One seam.

    Attributes:
        at: the film frame that it leads to.
        before, after: data addresses of strips; empty for none.
    """

    left: str
    right: str
    at: Frames
    time: str
    join: str
    facts: tuple[Fact, ...]
    verdicts: tuple[VerdictView, ...]
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeamsView:
    headline: str
    seams: tuple[SeamView, ...]


def view_seams(card: ScoreCard, strips: Mapping[str, SeamStrips]) -> SeamsView:
    """All seams in film order, and what was found in the clips behind them."""
    return SeamsView(
        headline=" ".join(_headline(card)),
        seams=tuple(_view(seam, card, strips.get(seam.right, SeamStrips())) for seam in card.seams),
    )


def _headline(card: ScoreCard) -> Iterator[str]:
    found, mended = len(card.verdicts), len(card.verdicts) - len(card.unmended)
    yield f"{count(found, 'flaw')} found, {mended} mended." if found else "No flaw found."
    if card.dropped:
        yield f"Mends make the film {count(card.dropped, 'frame')} shorter."
    unseen = [check.item for check in card.clips if not check.is_measured and check.kind != "card"]
    if unseen:
        yield f"Not measured: {', '.join(unseen)}."
    if len(seams_to_show(card)) == MAX_STRIPS:
        yield f"Pictures are shown of {MAX_STRIPS} at most, what is not mended first."


def _view(seam: Seam, card: ScoreCard, strips: SeamStrips) -> SeamView:
    return SeamView(
        left=seam.left,
        right=seam.right,
        at=seam.at,
        time=clock_time(seam.at),
        join=(join_text(seam.join) + (", continues" if seam.chain else "")) if seam.left else "opens the film",
        facts=tuple(_facts(seam)),
        verdicts=tuple(map(_verdict, card.of_item(seam.right))),
        before=data_address(strips.before),
        after=data_address(strips.after),
    )


def _facts(seam: Seam) -> Iterator[Fact]:
    if seam.change is not None:
        yield Fact("Picture changes by", f"{seam.change:.1f} levels")
    if seam.colour_step is not None:
        yield Fact("Colour step", f"{seam.colour_step:.1f} levels")
    if seam.loudness_step is not None:
        yield Fact("Loudness step", f"{seam.loudness_step:.1f} LU")
    if seam.dropped:
        yield Fact("Left out", count(seam.dropped, "frame"))


def _verdict(verdict: Verdict) -> VerdictView:
    return VerdictView(verdict.flaw.told, TONES[verdict.standing], verdict.standing.told, verdict.says)
