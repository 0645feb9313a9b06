"""The takes of a shot beside one another, as the report says it: ready strings, no markup."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.model.plan import PlannedShot
from pipeline.model.take import CHARGED, UNSENT, State, Take
from pipeline.planner.word_difference import word_difference
from pipeline.review.facts import ReportFacts
from pipeline.review.phrases import data_address
from pipeline.review.standing import STANDINGS, Standing, Tone
from pipeline.review.words import Words, as_words, language_of
from pipeline.safe_text import safe_text


class Mark(NamedTuple):
    """Some words of a prompt; `kind` is "both", or "new" and "old" for what this take alone has or lacks."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeView:
    """One take.

    Attributes:
        name: `tk02`; of another shot in full.
        thumbnail: a data address; empty for none.
        uses: "in the film", "circled", both or none.
        marks: its prompt against the one that the storyboard asks for now; empty if they are the same.
        lang: of the prompt.
    """

    name: str
    thumbnail: str
    standing: str
    tone: Tone
    uses: tuple[str, ...]
    note: Words
    credits: str
    when: str
    marks: tuple[Mark, ...]
    lang: str

    @property
    def texts(self) -> tuple[Words, ...]:
        return self.note, *(Words(mark.text, self.lang) for mark in self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesView:
    """The takes of a shot, oldest first; `todo` says how to read them and to choose, code between backticks."""

    takes: tuple[TakeView, ...] = ()
    todo: str = ""


def view_takes(shot: str, prompt: str, facts: ReportFacts) -> TakesView:
    """None to show where a shot has one take or none: then there is nothing to compare."""
    takes = facts.all_takes.get(shot, ())
    if len(takes) < 2:
        return TakesView()
    used, row = facts.takes.get(shot), _planned(facts, shot)
    return TakesView(
        takes=tuple(_view_take(take, prompt, facts, used, row) for take in takes),
        todo="".join(_todo(shot, takes, facts, row)),
    )


def _view_take(take: Take, prompt: str, facts: ReportFacts, used: Take | None, row: PlannedShot | None) -> TakeView:
    standing: Standing = STANDINGS[take.state]
    is_own = take.slate.project == facts.storyboard.project and (row is None or take.slate.shot == row.shot)
    return TakeView(
        name=take.slate.take if is_own else str(take.slate),
        thumbnail=data_address(facts.take_stills.get(str(take.slate), b"")),
        standing=standing.word,
        tone=standing.tone,
        uses=tuple(_uses(take, used, row)),
        note=as_words(take.note),
        credits=_credits(take),
        when=f"{take.since:%Y-%m-%d %H:%M}",
        marks=tuple(Mark(safe_text(piece.text), piece.kind) for piece in word_difference(prompt, take.request.prompt)),
        lang=language_of(take.request.prompt),
    )


def _uses(take: Take, used: Take | None, row: PlannedShot | None) -> Iterator[str]:
    if used is None or take.slate != used.slate or take.state is not State.VERIFIED:
        return
    yield "in the film"
    if row and row.circled == str(take.slate):
        yield "circled"


def _credits(take: Take) -> str:
    if take.state is State.FAILED:
        return f"{take.credits} credits, come back"
    return f"{take.credits if take.state in CHARGED - UNSENT else 0} credits"


def _todo(shot: str, takes: Sequence[Take], facts: ReportFacts, row: PlannedShot | None) -> Iterator[str]:
    project, live = facts.storyboard.project, facts.world.option
    yield "Marked is what differs from the prompt above. "
    if sum(take.state is State.VERIFIED for take in takes) > 1:
        yield f"To choose one for the film: `storyreel circle {project} {shot} TAKE{live}`. "
    if row and row.circled:
        yield f"To let go of the one that is circled: `storyreel circle {project} {shot} --release{live}`."


def _planned(facts: ReportFacts, shot: str) -> PlannedShot | None:
    return next((row for row in facts.plan.shots if row.shot == shot), None) if facts.plan else None
