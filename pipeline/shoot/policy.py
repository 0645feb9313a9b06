"""When to do what: every number of shooting in one table, and the decisions that follow from it.

Pure: instants come in, instants and durations go out; chance comes in as a number in [0, 1). `Policy.scaled` divides
every duration by the speed of the sandbox's clock, once, in `app`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Self

from pipeline.model.capabilities import Capabilities
from pipeline.model.storyboard import Resolution

CREDITS_A_SHOT = {Resolution.HD: 10, Resolution.FULL_HD: 14, Resolution.UHD: 30}
"""The vendor's price list."""

SHOTS_A_REQUEST = {Resolution.HD: 21, Resolution.FULL_HD: 1, Resolution.UHD: 1}
"""The vendor's limit; ours is `Budget.max_doubt_credits`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `calls` in any `span`: 90 of the vendor's 100, shared by all processes of a key.

    Attributes:
        polls: places beside those, which polls alone can take.
        polls_apart: a poll takes one of them if none did for so long before it; else it is a call like any other.
    """

    calls: int = 90
    span: timedelta = timedelta(seconds=3600)
    polls: int = 0
    polls_apart: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Durations are the vendor's hours and minutes; `scaled` makes them a fast sandbox's."""

    window: Window = field(default_factory=Window)
    every_call_counts: bool = True  # questions use up the window, too
    one_question_for_all: bool = True  # tasks of several requests in one check-status

    first_poll_after: timedelta = timedelta(seconds=90)  # of a submit
    poll_every: timedelta = timedelta(seconds=5)  # the shortest; the vendor's page says 5–10 s
    poll_while_submits_wait: timedelta = timedelta(seconds=300)  # a URL may live only 20 min
    poll_when_old: timedelta = timedelta(seconds=300)
    old_after: timedelta = timedelta(seconds=7200)
    poll_jitter: float = 0.1  # ±

    throttled_base: timedelta = timedelta(seconds=60)  # 60·2ⁿ s without a Retry-After
    throttled_cap: timedelta = timedelta(seconds=900)
    throttled_jitter: float = 0.2  # ±
    retry_after_cap: timedelta = timedelta(seconds=3600)

    tasks_a_question: int = 1000  # an answer has some 500 bytes a task, and is read up to 1 MB

    unsent_tries: int = 3
    unsent_base: timedelta = timedelta(seconds=1)
    unsent_cap: timedelta = timedelta(seconds=20)

    ask_base: timedelta = timedelta(seconds=5)  # check-status in trouble
    ask_cap: timedelta = timedelta(seconds=60)
    ask_tries: int = 50  # in a row; about an hour, where the hour is not full

    fetches_at_once: int = 8  # a season's clips may all be done at once, after a night in which nobody asked
    inspections_at_once: int = 4

    download_tries: int = 5
    download_base: timedelta = timedelta(seconds=1)
    download_cap: timedelta = timedelta(seconds=30)
    download_seconds: int = 600  # a try, at any speed of the clock: bytes come as fast as they come

    url_given_up_after: timedelta = timedelta(seconds=24 * 3600)
    last_tries: int = 8  # of the run that gives up: for most of that day nobody may have asked
    bad_downloads: int = 3
    unknown_task_asks: int = 8  # 404s in a row; the first may be a delay
    resolve_after: timedelta = timedelta(seconds=15 * 60)  # of `sending`: the answer may still come

    generation_at_least: timedelta = timedelta(seconds=120)  # a shot takes 2–5 min
    generation_at_most: timedelta = timedelta(seconds=300)
    landing: timedelta = timedelta(seconds=10)  # to fetch a clip and to look it through; for estimates

    @classmethod
    def for_vendor(cls, vendor: Capabilities) -> Self:
        """The defaults, and what is known of the vendor beyond its page.

        A clip is asked about four times within the life of its address, however full the hour is.
        """
        plain = cls()
        return replace(
            plain,
            every_call_counts=vendor.every_call_counts,
            one_question_for_all=vendor.one_question_for_all,
            unknown_task_asks=vendor.asks_before_lost,
            poll_while_submits_wait=min(plain.poll_while_submits_wait, timedelta(minutes=vendor.address_minutes) / 4),
        )

    @property
    def submit_window(self) -> Window:
        """What submits may fill of the window: the rest is for the polls that go on while others wait.

        So 78 submits leave in every hour, however long a season lasts, and never one in the place of a poll.
        """
        if not self.every_call_counts:
            return self.window
        every = self.poll_while_submits_wait
        polls = self.window.span // every
        calls = self.window.calls - polls
        return replace(self.window, calls=calls, polls=polls, polls_apart=every * (1 - self.poll_jitter))

    def scaled(self, speed: float) -> Self:
        """The same policy for a clock that runs `speed` times as fast."""
        faster = {
            each.name: getattr(self, each.name) / speed
            for each in fields(self)
            if isinstance(getattr(self, each.name), timedelta)
        }
        return replace(self, window=replace(self.window, span=self.window.span / speed), **faster)


def room_from(calls: Iterable[tuple[datetime, bool]], window: Window) -> datetime | None:
    """From when on the window has room for a call that takes no place of a poll; None: from the first.

    Args:
        calls: made by now, oldest first, and whether each was a poll.
    """
    made, counted = [], []
    kept = None  # the poll that last took a place of its own
    for at, is_poll in calls:
        made.append(at)
        if is_poll and window.polls and (kept is None or at - kept >= window.polls_apart):
            kept = at
        else:
            counted.append(at)
    full = ((made, window.calls + window.polls), (counted, window.calls))
    return max((at[-most] + window.span for at, most in full if len(at) >= most), default=None)


def next_poll(
    *,
    now: datetime,
    last_poll: datetime | None,
    submitted_at: Sequence[datetime],
    calls: int,
    submits_waiting: int,
    policy: Policy,
    chance: float,
) -> datetime:
    """When to ask about all open tasks: one call for all of them.

    As often as the vendor's page says while the window allows it, so that one film is asked about every 5–10 s and a
    season never runs dry. Beyond what submits may fill, one in five minutes: another run's submits may be waiting.

    Args:
        submitted_at: of the open tasks, or of the first and the last of them; not empty.
        calls: made within the window.
        submits_waiting: requests that still want a call of this window; they come first.
        chance: in [0, 1), for the jitter.
    """
    first = max(now, min(submitted_at) + policy.first_poll_after)
    if last_poll is None:
        return first
    every = _poll_interval(now, submitted_at, calls, submits_waiting, policy)
    return max(first, last_poll + every * (1 + policy.poll_jitter * (2 * chance - 1)))


def _poll_interval(
    now: datetime, submitted_at: Sequence[datetime], calls: int, submits_waiting: int, policy: Policy
) -> timedelta:
    """The fewer calls are left, the longer: an hour that slides has no end at which the rest could be used up.

    While clips are due that nobody else's submits wait for, half of what is left may be spent on them.
    """
    if now - max(submitted_at) > policy.old_after:
        return policy.poll_when_old
    left = policy.submit_window.calls - calls - submits_waiting
    if left <= 0:
        return policy.poll_while_submits_wait
    due_in = max(submitted_at) + policy.generation_at_most + policy.landing - now  # a slow one is found, too
    every = policy.window.span / left
    if due_in > timedelta(0):
        every = min(every, 2 * due_in / left)
    return min(policy.poll_while_submits_wait, max(policy.poll_every, every))


def throttled_until(
    now: datetime, retry_after: timedelta | None, strikes: int, policy: Policy, chance: float
) -> datetime:
    """When to send again after the `strikes`-th 429 in a row (from 1)."""
    if retry_after is not None and timedelta(0) < retry_after <= policy.retry_after_cap:
        return now + retry_after
    wait = min(policy.throttled_base * 2.0 ** min(strikes - 1, 20), policy.throttled_cap)
    return now + wait * (1 + policy.throttled_jitter * (2 * chance - 1))


def full_jitter(tries: int, base: timedelta, cap: timedelta, chance: float) -> timedelta:
    """The wait after the `tries`-th failure (from 1): anywhere between nothing and min(cap, base·2ⁿ)."""
    return min(base * 2.0 ** min(tries - 1, 20), cap) * chance


def most_together(resolution: Resolution, shots_per_request: int) -> int:
    """How many shots of a resolution share a request in a run that puts `shots_per_request` together where it may."""
    return min(SHOTS_A_REQUEST[resolution], shots_per_request)


def requests_wanted(waiting: Mapping[Resolution, int], shots_per_request: int) -> int:
    """How many requests so many shots of each resolution make."""
    return sum(-(-shots // most_together(each, shots_per_request)) for each, shots in waiting.items())


def most_in_doubt(resolution: Resolution, max_doubt_credits: int) -> int:
    """How many shots may share a request: what one lost answer may put in doubt, and no more than the vendor takes."""
    return min(SHOTS_A_REQUEST[resolution], max(1, max_doubt_credits // CREDITS_A_SHOT[resolution]))
