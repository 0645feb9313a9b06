"""What planning is told of the world outside: the takes, and what lies in the store. Values and questions, no I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple, TypeVar

from pipeline.digest import ContentHash, Fingerprint
from pipeline.model.circle import Circle
from pipeline.model.plan import TakeRequest
from pipeline.model.take import CHARGED, Slate, State, Take
from pipeline.planner.forecast import Pace
from pipeline.project import World
from pipeline.timecode import Frames

K = TypeVar("K")

ON_ITS_WAY: Final = frozenset(
    {State.ARMED, State.SENDING, State.SUBMITTED, State.PROCESSING, State.SUCCEEDED, State.DOWNLOADED}
)


class Asking(NamedTuple):
    """Whose shot asks."""

    project: str
    shot: str

    def is_own(self, take: Take) -> bool:
        return (take.slate.project, take.slate.shot) == self


@dataclass(frozen=True, kw_only=True)
class TakesOnHand:
    """What the ledger and the store know.

    Attributes:
        takes: of all projects of `world`, oldest first.
        has_file: whether a clip of this content lies in the store.
        late_frame: the content of the picture of a clip's frame, by the clip's content and the frame's index from its
            beginning at the film's rate; None if the clip is not in the store.
        has_project: whether a project of that name lies beside the one that is planned.
        circles: what the author of the project that is planned has chosen, by shot.
        pace: how soon the key may shoot.
        picture: the content of one of the project's own picture files, by its path in the project.
    """

    takes: Sequence[Take]
    has_file: Callable[[ContentHash], bool]
    late_frame: Callable[[ContentHash, Frames], ContentHash | None] = lambda _clip, _frame: None
    picture: Callable[[str], ContentHash] = lambda file: ContentHash(file)
    has_project: Callable[[str], bool] = lambda _name: True
    circles: Mapping[str, Circle] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)
    world: World = World.SANDBOX

    def equal_to(self, request: TakeRequest, asking: Asking) -> list[Take]:
        """The takes of an equal request, and the shot's own that a note was added to: nobody else asked for that."""
        wanted = request.fingerprint
        equal = self._by_fingerprint.get(wanted, [])
        noted = [take for take in self.of_shot(*asking) if take.note and take.fingerprint != wanted]
        own = [take for take in noted if take.is_answer_to(wanted)]
        return sorted((*equal, *own), key=lambda take: self._places[str(take.slate)]) if own else list(equal)

    def of_shot(self, project: str, shot: str) -> list[Take]:
        return self._by_shot.get((project, shot), [])

    def of_project(self, project: str) -> list[Take]:
        return [take for take in self.takes if take.slate.project == project]

    def landed(self, slate: str) -> Take | None:
        """The take of that slate, if its clip is here."""
        place = self._places.get(slate)
        return self.takes[place] if place is not None and self.is_here(self.takes[place]) else None

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """Where each take stands among all; like the next two, since a season asks thousands of times."""
        return {str(take.slate): place for place, take in enumerate(self.takes)}

    @cached_property
    def _by_fingerprint(self) -> Mapping[Fingerprint, list[Take]]:
        return _grouped(self.takes, lambda take: take.fingerprint)

    @cached_property
    def _by_shot(self) -> Mapping[tuple[str, str], list[Take]]:
        return _grouped(self.takes, lambda take: (take.slate.project, take.slate.shot))

    def circled(self, shot: str) -> Take | None:
        """The take that is circled for a shot, if one of its clip is known: by that alone it is the same elsewhere."""
        circle = self.circles.get(shot)
        alike = [take for take in self.takes if circle and take.sha256 == circle.sha256]
        return next((take for take in alike if circle and take.slate == circle.slate), alike[0] if alike else None)

    def is_here(self, take: Take) -> bool:
        return take.state is State.VERIFIED and take.sha256 is not None and self.has_file(take.sha256)

    def credits_of(self, project: str) -> int:
        """Spent or in play, as the cap counts them; what is about to be sent is planned, and counts there."""
        charged = CHARGED - {State.ARMED}
        return sum(take.credits for take in self.of_project(project) if take.state in charged)

    def next_slate(self, project: str, shot: str) -> Slate:
        numbers = [take.slate.number for take in self.of_shot(project, shot)]
        return Slate(project=project, shot=shot, number=max(numbers, default=0) + 1)


def _grouped(takes: Sequence[Take], key: Callable[[Take], K]) -> dict[K, list[Take]]:
    groups: dict[K, list[Take]] = {}
    for take in takes:
        groups.setdefault(key(take), []).append(take)
    return groups
