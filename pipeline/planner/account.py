"""What takes cost, came back, may have cost, and saved. Pure: from takes to sums of credits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.model.take import CHARGED, UNSENT, State, Take
from pipeline.shoot.policy import CREDITS_A_SHOT

IN_DOUBT: Final = frozenset({State.SENDING, State.UNKNOWN})
"""Whether these were charged is not known, or not yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Credits.

    Attributes:
        spent: charged and not come back, whatever became of the clip.
        refunded: of takes that failed: charged, and come back by themselves.
        in_doubt: charged or not; no part of `spent`.
        saved: what clips would have cost that the film uses and nobody had to buy for it.
    """

    spent: int = 0
    refunded: int = 0
    in_doubt: int = 0
    saved: int = 0

    def __add__(self, other: Account) -> Account:
        return Account(
            spent=self.spent + other.spent,
            refunded=self.refunded + other.refunded,
            in_doubt=self.in_doubt + other.in_doubt,
            saved=self.saved + other.saved,
        )


def account_of(project: str, takes: Iterable[Take], used: Iterable[Take]) -> Account:
    """The account of a project.

    Args:
        takes: all that it ever had; those of other projects are passed over.
        used: the take behind each shot of its film that has a clip, one a shot.
    """
    own = [take for take in takes if take.slate.project == project]
    return Account(
        spent=sum(take.credits for take in own if take.state in CHARGED - UNSENT - IN_DOUBT),
        refunded=sum(map(_come_back, own)),
        in_doubt=sum(take.credits for take in own if take.state in IN_DOUBT),
        saved=_saved(project, used),
    )


def _come_back(take: Take) -> int:
    """A failed take that was shot anew costs nothing any more; what it had cost is on the price list."""
    is_shot_anew = take.state is State.WRITTEN_OFF and not take.credits
    return CREDITS_A_SHOT[take.request.resolution] if take.state is State.FAILED or is_shot_anew else 0


def _saved(project: str, used: Iterable[Take]) -> int:
    """Each clip beyond the first use of one that the project bought itself."""
    saved, bought = 0, set()
    for take in used:
        if take.slate.project == project and take.slate not in bought:
            bought.add(take.slate)
        else:
            saved += take.credits
    return saved
