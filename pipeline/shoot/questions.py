"""Which of the questions about open takes is asked next. Asks nobody, and knows no time: that is `asker`.

One question does for a whole season, as long as all takes are of one resolution and the vendor knows every task. Where
it does not, each question has its turn, so that a look never takes more than one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.model.storyboard import Resolution
from pipeline.model.take import Take
from pipeline.shoot.policy import Policy


@dataclass(frozen=True, slots=True)
class Question:
    """Takes that one check-status asks about.

    Attributes:
        takes: of one resolution; at least one.
        is_ours: they were sent with the key that asks. Another key's account most likely does not know them.
        part: of takes that were asked about in vain together, and are asked about apart since; 0: of all others.
        name: the same whenever the same is asked.
    """

    takes: tuple[Take, ...]
    is_ours: bool
    part: int
    name: tuple[object, ...]

    @property
    def is_strange(self) -> bool:
        """Of a single task that the vendor did not know."""
        return self.part > 0 and len(self.takes) == 1


@dataclass(slots=True)
class Questions:
    """The questions of one run, and whose turn it is."""

    key_id: str
    policy: Policy
    _turn: int = field(init=False, default=0)
    _asked_in: dict[tuple[object, ...], int] = field(init=False, default_factory=dict)  # which turn, by name
    _was_strange: bool = field(init=False, default=True)  # the last one
    _parts: dict[str, int] = field(init=False, default_factory=dict)  # by slate, see `Question.part`
    _last_part: int = field(init=False, default=0)

    def about(self, takes: Iterable[Take]) -> list[Question]:
        """One a resolution, key and part, of no more takes than may be; where the vendor wants that, one a request."""
        groups: dict[tuple[bool, Resolution, int, object], list[Take]] = {}
        for take in takes:
            is_ours, part = take.key_id in (None, self.key_id), self._parts.get(str(take.slate), 0)
            request = None if self.policy.one_question_for_all else take.request_id
            groups.setdefault((is_ours, take.request.resolution, part, request), []).append(take)
        most = self.policy.tasks_a_question
        asked = [
            Question(tuple(group[first : first + most]), is_ours=name[0], part=name[2], name=(*name, first))
            for name, group in groups.items()
            for first in range(0, len(group), most)
        ]
        names = {question.name for question in asked}
        self._asked_in = {name: turn for name, turn in self._asked_in.items() if name in names}
        return asked

    def next_of(self, asked: Sequence[Question]) -> Question:
        """The one that was not asked for longest; of a strange task at most at every other turn."""
        new = [question for question in asked if question.name not in self._asked_in]
        others = [question for question in asked if question.is_strange is not self._was_strange]
        question = min(new or others or asked, key=lambda each: self._asked_in.get(each.name, 0))
        self._was_strange = question.is_strange
        self.has_been_asked(question)
        return question

    def has_been_asked(self, question: Question) -> None:
        """Also by somebody else."""
        self._turn += 1
        self._asked_in[question.name] = self._turn

    def part(self, takes: Sequence[Take]) -> tuple[Sequence[Take], Sequence[Take]]:
        """Two halves, which stay apart until they are answered: the hour may have no call left for both."""
        halves = takes[: len(takes) // 2], takes[len(takes) // 2 :]
        for half in halves:
            self._last_part += 1
            self._parts |= dict.fromkeys((str(take.slate) for take in half), self._last_part)
        return halves

    def are_known(self, takes: Iterable[Take]) -> None:
        """They need no part of their own any more."""
        for take in takes if self._parts else ():
            self._parts.pop(str(take.slate), None)
