"""What the vendor's page leaves open, as one value: by default the answer that is hardest on us.

Whoever learns better of the vendor says so in `storyreel.yaml`, under `vendor:`. The sandbox is always taken for hard.
"""

from __future__ import annotations

from pydantic import Field

from pipeline.model.value import Value


class Capabilities(Value):
    """How the vendor is taken to behave.

    Attributes:
        every_call_counts: check-status, refusals and 429s use up the calls of an hour, as generates do.
        one_question_for_all: one check-status may ask about tasks of several generate calls.
        asks_before_lost: so many 404s in a row make a task lost; one alone may be a delay.
        address_minutes: how long the address of a clip is good for.
    """

    every_call_counts: bool = True
    one_question_for_all: bool = True
    asks_before_lost: int = Field(default=8, ge=1, le=100)
    address_minutes: int = Field(default=20, ge=1, le=1440)
