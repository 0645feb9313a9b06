"""Which vendor the options come to, and what they cannot ask for; of the key see `test_key`."""

from __future__ import annotations

import pytest

from pipeline.access import MAX_SPEED, MIN_SPEED, choose_access
from pipeline.errors import UsageError
from pipeline.sandbox import config
from pipeline.settings import read


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1e-9", "1e-300", "1e12", "1e300"])
def test_no_clock_runs_at_such_a_speed(speed: str) -> None:
    """The sentence says at which one does."""
    with pytest.raises(UsageError, match=r"--speed takes a number from 0\.01 to 10,000, not"):
        choose_access(read({}), speed=float(speed))


@pytest.mark.parametrize("speed", [0.01, 10_000])
def test_a_clock_runs_at_the_slowest_and_the_fastest_speed(speed: float) -> None:
    """Both count among those there are."""
    assert choose_access(read({}), speed=speed).speed == speed


def test_client_and_sandbox_agree_on_the_speeds_there_are() -> None:
    """Neither imports the other: the sandbox is a server of its own."""
    assert (config.MIN_SPEED, config.MAX_SPEED) == (MIN_SPEED, MAX_SPEED)
