"""A take that waits for the user's word, told to a producer: what happened, what is at stake, where to look, what next.

Every answer is a whole command, to be copied as it stands.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.cli.printing import counted
from pipeline.model.take import State, Take
from pipeline.project import World
from pipeline.shoot.policy import CREDITS_A_SHOT
from pipeline.shoot.resolve import Case, Word, words_for

if TYPE_CHECKING:
    from pathlib import Path

QUOTED: Final = 60
"""Characters of a prompt that are still shown: enough to find it in a list."""

CAME: Final = 160
"""Characters of an answer that are shown: the beginning tells what it is."""

AT_STAKE: Final[Mapping[State, str]] = {
    State.LOST: "{credits} credits were paid, and no clip came for them",
    State.CORRUPT: "{credits} credits were paid, and what came does not play; the last file is kept",
    State.FAILED: "nothing: its {credits} credits come back by themselves",
    State.ABANDONED: "{credits} credits count as spent, by your word",
}

_ANEW: Final = "the next render pays {price} credits for a new take"

MEANINGS: Final[Mapping[tuple[Word, State], str]] = {
    (Word.ADOPT, State.UNKNOWN): "It is there, done or at work: the next render fetches its clip and pays nothing.",
    (Word.ADOPT, State.LOST): "Its task is another one than was given: the next render fetches that, for nothing.",
    (Word.NOT_CHARGED, State.UNKNOWN): (
        "It is not there, and the credits did not go down: the next render sends it again, for {price} credits."
    ),
    (Word.PAY_AGAIN, State.UNKNOWN): (
        "You cannot tell, or do not want to look: {anew}. If this one was charged, its {credits} credits are lost."
    ),
    (Word.PAY_AGAIN, State.ABANDONED): "You want the shot after all: {anew}.",
    (Word.PAY_AGAIN, State.FAILED): "Shoot it anew: {anew}.",
    (Word.PAY_AGAIN, State.LOST): "Do without its clip: {anew}.",
    (Word.PAY_AGAIN, State.CORRUPT): "Do without its clip: {anew}.",
    (Word.ABANDON, State.UNKNOWN): "Leave it be: nothing is sent for this until you say --pay-again. {without}",
    (Word.REVIVE, State.LOST): "Ask the vendor for its clip once more, for nothing.",
    (Word.REVIVE, State.CORRUPT): "Fetch its clip once more, for nothing.",
}
"""What each answer means, for each state that it fits."""

AFTERWARDS: Final[Mapping[State, str]] = {
    State.SUBMITTED: "{render} asks for its clip and fetches it, for nothing more.",
    State.PLANNED: "{render} sends it, for {price} credits.",
    State.WRITTEN_OFF: "{render} pays {price} credits for a new take.",
    State.ABANDONED: "Nothing is sent for it until you say --pay-again.",
}


def told(case: Case, *, world: World, state_dir: Path | None) -> list[str]:
    """All that is known of a take, and what can be said, in lines.

    Args:
        state_dir: of the sandbox that was asked, if it is known.
    """
    take, words = case.take, words_for(case.take)
    trouble = f": {take.trouble}" if take.trouble else ""
    lines = [f"{take.slate} is {take.state.told}{trouble}"]
    lines += [f"  {label:<14} {text}" for label, text in _facts(case, world, state_dir)]
    if not words:
        return [*lines, "  It needs no word of yours."]
    lines += ["", "Then say what you found:" if take.state is State.UNKNOWN else "What you can say:"]
    for command, meaning in answers(case, world):
        lines += [f"  {command}", f"      {meaning}"]
    return lines


def answers(case: Case, world: World) -> Iterator[tuple[str, str]]:
    """Each answer that fits, as a command, and what it means."""
    take = case.take
    for word in words_for(take):
        value = f" {shlex.quote(case.task_id) if case.task_id else 'TASK_ID'}" if word is Word.ADOPT else ""
        command = f"storyreel resolve {take.slate.project} {case.name}{world.option} --{word}{value}"
        yield command, _filled(MEANINGS[word, take.state], take, world)


def afterwards(case: Case, world: World) -> str:
    """What the user's word has led to."""
    follows = _filled(AFTERWARDS.get(case.take.state, ""), case.take, world)
    return f"{case.take.slate} is {case.take.state.told} now. {follows}".rstrip()


def _filled(text: str, take: Take, world: World) -> str:
    price = CREDITS_A_SHOT[take.request.resolution]
    without = "The film keeps the take before." if take.is_retake else "There is no film without it."
    render = f"storyreel render {take.slate.project}{world.option}"
    anew = _ANEW.format(price=price)
    return text.format(price=price, credits=take.credits, anew=anew, without=without, render=render)


def _facts(case: Case, world: World, state_dir: Path | None) -> Iterator[tuple[str, str]]:
    take = case.take
    if case.sent_at:
        yield "sent", f"{_when(case.sent_at)}, as {take.sent_id}"
    if take.state is not State.UNKNOWN:
        yield "since", _when(take.since)
        if stake := AT_STAKE.get(take.state):
            yield "at stake", stake.format(credits=take.credits)
        if take.task_id:
            yield "task", take.task_id
        return
    yield "came back", _came(case)
    yield "at stake", _doubt(case)
    yield "where to look", _where(case, world, state_dir)
    if case.words_from:
        yield "answer from", f"{_when(case.words_from)}: until then the vendor may still be at work on it"


def _came(case: Case) -> str:
    if case.answer is None:
        return "nothing"
    text = " ".join(case.answer.body.split())
    shown = text if len(text) <= CAME else f"{text[:CAME]}…"
    task = f"; it names the task, {case.task_id}" if case.task_id else ""
    status = f"HTTP {case.answer.status}, " if case.answer.status else ""
    return f"{status}{counted(len(case.answer.body), 'character')}{task}: {shown or 'no text'}"


def _doubt(case: Case) -> str:
    in_doubt = [other for other in case.together if other.state is State.UNKNOWN]
    others = [other.slate.name for other in in_doubt if other.slate != case.take.slate]
    shared = f" for the {len(others) + 1} shots of one request, with {', '.join(others)}" if others else ""
    return (
        f"{case.credits_in_doubt or case.take.credits} credits{shared}: charged or not. Nothing is sent again by itself"
    )


def _where(case: Case, world: World, state_dir: Path | None) -> str:
    take = case.take
    if world is World.LIVE:
        prompt = " ".join(take.request.prompt.split())
        begin = prompt if len(prompt) <= QUOTED else f"{prompt[:QUOTED]}…"
        kind = f"{take.request.resolution}, {take.request.aspect}"
        return f'your account at nanophoto.ai, about that time: {kind}, "{begin}"; and your credits before and after'
    log = state_dir / "charges.jsonl" if state_dir else "charges.jsonl in the --state folder of that sandbox"
    return f"{log}: a line with that name is a charge, and names its task; none is none"


def _when(at: datetime) -> str:
    """In UTC, and as the clock on the wall here says it, as the vendor's pages may."""
    here = at.astimezone()
    is_other = here.utcoffset() != at.utcoffset()
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" + (f" ({here:%Y-%m-%d %H:%M:%S} here)" if is_other else "")
