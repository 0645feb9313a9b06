"""How each argument of our tags is read from what the author wrote; which tag takes which is in `grammar`."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pipeline.compiler.bible import Entry
from pipeline.model.storyboard import GenerationType, Join, Sound, TitlePlace, Trim
from pipeline.timecode import Frames, parse_frames

_TYPES: Final = {
    "text": GenerationType.TEXT,
    "frames": GenerationType.FRAMES,
    "reference": GenerationType.REFERENCE,
    **{kind.value: kind for kind in GenerationType},
}


def read_text(value: object) -> str:
    """`value` as words. Raises ValueError for what is no text, and for braces that would not be read."""
    if not isinstance(value, str | int | float | Entry) or isinstance(value, bool):
        raise ValueError("this is no text; put quotes around it")
    words = str(value).strip()
    if "{{" in words or "{%" in words:
        raise ValueError(f'"{words}" is taken as it is, braces and all; to use a name, leave both away')
    return words


def _read_join(value: object) -> Join:
    return Join.parse(read_text(value))


def _read_sound(value: object) -> Sound:
    return Sound.parse(read_text(value))


def _read_gain(value: object) -> float:
    gain_db = float(value) if isinstance(value, int | float) else _read_sound(value).gain_db
    if gain_db is None:
        raise ValueError("music that is muted is no music; leave the tag out")
    return gain_db


def _read_trim(value: object) -> Trim:
    return Trim.parse(read_text(value))


def _read_time(value: object) -> Frames:
    return parse_frames(read_text(value))


def _read_length(value: object) -> Frames:
    frames = _read_time(value)
    if frames < 1:
        raise ValueError(f'"{value}" is less than one frame')
    return frames


def _read_place(value: object) -> TitlePlace:
    try:
        return TitlePlace(read_text(value))
    except ValueError:
        raise ValueError(f'"{value}" is no place; write "center", "lower" or "upper"') from None


def _read_ground(value: object) -> str:
    colour = read_text(value)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f'"{colour}" is no colour; write it as "#101418"')
    return colour.lower()


def _read_file(value: object) -> str:
    path = read_text(value)
    clean = posixpath.normpath(path.replace("\\", "/"))
    if not path or clean.startswith(("/", "../")) or clean == ".." or ":" in clean:
        raise ValueError(f'"{path}" does not lie in the project; write a path such as "assets/clip.mov"')
    return clean


def _read_addresses(value: object) -> tuple[str, ...]:
    addresses = value if isinstance(value, list | tuple) else [value]
    return tuple(read_text(address) for address in addresses)


def _read_type(value: object) -> GenerationType:
    kind = _TYPES.get(read_text(value))
    if kind is None:
        raise ValueError(f'"{value}" is no type; write "text", "frames" or "reference"')
    return kind


READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "file": _read_file,
    "first": read_text,
    "for": _read_length,
    "fade_in": _read_time,
    "fade_out": _read_time,
    "from": _read_time,
    "gain": _read_gain,
    "ground": _read_ground,
    "join": _read_join,
    "last": read_text,
    "look": read_text,
    "on": read_text,
    "place": _read_place,
    "refs": _read_addresses,
    "sound": _read_sound,
    "text": read_text,
    "trim": _read_trim,
    "type": _read_type,
}
"""How each argument is read; raises ValueError with a sentence, without its full stop."""
