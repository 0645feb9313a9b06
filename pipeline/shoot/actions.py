"""What a take wants next: pure, from its state and the policy. `runner` lets it happen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.digest import ContentHash
from pipeline.model.take import State, Take


@dataclass(frozen=True, slots=True)
class Submit:
    """Be sent, in one request with others, not before `not_before`."""

    not_before: datetime | None


@dataclass(frozen=True, slots=True)
class Ask:
    """Be asked about, in one check-status with all others."""

    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class Fetch:
    """Be downloaded, at once: an address lives for minutes."""

    url: str


@dataclass(frozen=True, slots=True)
class Inspect:
    """Be decoded to its end."""

    sha256: ContentHash


Action = Submit | Ask | Fetch | Inspect


def next_action(take: Take) -> Action | None:
    """None for a take that has ended, waits for the user, or is being sent right now."""
    match take.state:
        case State.PLANNED:
            return Submit(take.not_before)
        case State.SUBMITTED | State.PROCESSING:
            return Ask(take.submitted_at or take.since)
        case State.SUCCEEDED if take.url:
            return Fetch(take.url)
        case State.DOWNLOADED if take.sha256:
            return Inspect(take.sha256)
        case _:
            return None
