"""How much a template may make: no operator, filter or method returns more than a film could ever need.

The process around it has bounds of its own (`cell_guard`); these are reached first, and know the line.
"""

from __future__ import annotations

from typing import Any, Final

from jinja2.exceptions import SecurityError

MAX_TAGS: Final = 1_000  # that one run reaches; 21 shots with all their titles and captions are far below
MAX_LETTERS: Final = 200_000
_MAX_MEMBERS: Final = 100_000
_MAX_BITS: Final = 10_000  # some 3,000 digits; Python writes out 4,300


class TooMuchError(SecurityError):
    """Would be more than a film could need. The message is a clause: "it would make …"."""


def check_operands(operator: str, left: object, right: object) -> None:
    """Raises TooMuchError for what should not even be tried."""
    if operator == "*":
        for many, times in ((left, right), (right, left)):
            if isinstance(many, str | list | tuple) and isinstance(times, int):
                most = MAX_LETTERS if isinstance(many, str) else _MAX_MEMBERS
                if len(many) * times > most:
                    raise TooMuchError("it would make too long a text or list")
        if isinstance(left, int) and isinstance(right, int):
            _check_bits(left.bit_length() + right.bit_length())
    elif operator == "**" and isinstance(left, int) and isinstance(right, int):
        _check_bits(left.bit_length() * abs(right))


def bounded(value: Any) -> Any:
    """`value` if it is not too much. Raises TooMuchError."""
    if isinstance(value, str):
        if len(value) > MAX_LETTERS:
            raise TooMuchError("it would make too long a text or list")
    elif isinstance(value, int):
        _check_bits(value.bit_length())
    elif isinstance(value, list | tuple | dict) and len(value) > _MAX_MEMBERS:
        raise TooMuchError("it would make too long a text or list")
    return value


def _check_bits(bits: int) -> None:
    if bits > _MAX_BITS:
        raise TooMuchError("it would make too large a number")
