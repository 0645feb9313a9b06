"""How each argument of our tags is read from what the author wrote; which tag takes which is in `grammar`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pipeline.compiler.bible import Entry
from pipeline.compiler.catalogue import Code, read_allowed
from pipeline.compiler.continuity import read_continues
from pipeline.compiler.keyboard import narrowed
from pipeline.compiler.pictures import project_path, read_picture
from pipeline.compiler.speech import name_of
from pipeline.compiler.told import carried
from pipeline.model.instructions import Ducking, Mends, Sound, Trim
from pipeline.model.join import Join
from pipeline.model.storyboard import Corner, GenerationType, TitlePlace
from pipeline.timecode import Frames, parse_frames

_PLACES: Final = {
    **{place.value: place for place in TitlePlace},
    **dict.fromkeys(("bottom", "down", "below"), TitlePlace.LOWER),
    **dict.fromkeys(("top", "up", "above"), TitlePlace.UPPER),
    **dict.fromkeys(("centre", "middle"), TitlePlace.CENTER),
}
_CORNERS: Final = {
    **{frozenset(corner.split("-")): corner for corner in Corner},
    **dict.fromkeys((frozenset({"centre"}), frozenset({"middle"})), Corner.CENTER),
}
_DECIBELS: Final = re.compile(r"[+-]?\d+(\.\d+)?")  # a gain can be nothing else
_SOUNDS: Final = {**dict.fromkeys(("none", "off", "silent"), "mute"), "on": "keep"}
_LEAST_WIDTH: Final = 0.02
_MOST_WIDTH: Final = 0.9
_COLOURS: Final = {  # the sixteen that the web began with
    "aqua": "#00ffff",
    "black": "#000000",
    "blue": "#0000ff",
    "fuchsia": "#ff00ff",
    "gray": "#808080",
    "green": "#008000",
    "grey": "#808080",
    "lime": "#00ff00",
    "maroon": "#800000",
    "navy": "#000080",
    "olive": "#808000",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "silver": "#c0c0c0",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}
_TYPES: Final = {
    "text": GenerationType.TEXT,
    "frames": GenerationType.FRAMES,
    "reference": GenerationType.REFERENCE,
    **{kind.value: kind for kind in GenerationType},
}


def read_text(value: object) -> str:
    """`value` as words. Raises ValueError for what is no text, and for braces that would not be read."""
    if not isinstance(value, str | int | float | Entry) or isinstance(value, bool):
        kind = "a list" if isinstance(value, list | tuple) else "a mapping" if isinstance(value, Mapping) else "no text"
        raise ValueError(f"this is {kind}; write words in quotes, or the name of what holds them")
    words = str(value).strip()
    if "{{" in words or "{%" in words:
        raise ValueError(f'"{words}" is taken as it is, braces and all; write {_without_braces(words)}')
    return words


def _without_braces(words: str) -> str:
    """`assets/{{ city }}.png` as it is meant: `"assets/" ~ city ~ ".png"`."""
    pieces = re.split(r"\{\{\s*(.+?)\s*\}\}", words)
    return " ~ ".join(piece if n % 2 else f'"{piece}"' for n, piece in enumerate(pieces) if piece)


def _read_term(value: object) -> str:
    """A time, a measure or a keyword: words that nobody sees, so that full-width signs are as good."""
    return narrowed(read_text(value))


def _read_join(value: object) -> Join:
    return Join.parse(_read_term(value).lower())


def _read_sound(value: object) -> Sound:
    term = _read_term(value)
    return Sound.parse(_SOUNDS.get(term.lower(), term))


def _read_gain(value: object) -> float:
    term = _read_term(value)
    if _DECIBELS.fullmatch(term):
        return float(term)
    try:
        gain_db = _read_sound(term).gain_db
    except ValueError:
        raise ValueError(f'"{value}" is no gain; write it as "-6dB"') from None
    if gain_db is None:
        raise ValueError("what is muted is not heard; leave the tag out")
    return gain_db


def _read_duck(value: object) -> Ducking:
    return Ducking.parse(_read_term(value))


def _read_trim(value: object) -> Trim:
    return Trim.parse(_read_term(value))


def _read_time(value: object) -> Frames:
    return parse_frames(_read_term(value))


def _read_length(value: object) -> Frames:
    frames = _read_time(value)
    if frames < 1:
        raise ValueError(f'"{value}" is less than one frame')
    return frames


def _read_place(value: object) -> TitlePlace:
    place = _PLACES.get(_read_term(value).lower())
    if place is None:
        raise ValueError(f'"{value}" is no place; write "center", "lower" or "upper"')
    return place


def _read_ground(value: object) -> str:
    colour = _read_term(value)
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(_no_colour(colour))
    return colour.lower()


def _no_colour(words: str) -> str:
    """Why `words` cannot be read as a colour, and what to write for it."""
    if digits := _COLOURS.get(words.lower()):
        return f'colours are written in digits here, not as "{words}"; write "{digits}"'
    if re.fullmatch(r"#[0-9a-fA-F]{3}", words):
        return f'"{words}" is too short a colour; write "#{"".join(digit * 2 for digit in words[1:])}"'
    return f'"{words}" is no colour; write it in six digits, such as "#101418"'


def _read_file(value: object) -> str:
    return project_path(read_text(value))


def _read_pictures(value: object) -> tuple[str, ...]:
    """Addresses, files, and entries of the bible for all of their pictures."""
    pictures: list[str] = []
    for each in value if isinstance(value, list | tuple) else [value]:
        if isinstance(each, Entry) and not each.images:
            raise ValueError(f"the {each.kind} {each.id} has no images; give it some in bible.yaml")
        pictures += each.images if isinstance(each, Entry) else [read_picture(read_text(each))]
    return tuple(pictures)


def _read_picture(value: object) -> str:
    pictures = _read_pictures(value)
    if len(pictures) != 1:
        raise ValueError(f"this is one picture, and {len(pictures)} are given; choose one, such as hero.images[0]")
    return pictures[0]


def _read_look(value: object) -> str:
    """A look is a part of prompts, so that it goes on carrying what it is made of."""
    look: str = carried(read_text(value), (value,))
    return look


def _read_speaker(value: object) -> str:
    return name_of(value) if isinstance(value, Entry) else read_text(value)


def _read_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("this stands alone, without a value")
    return value


def _read_allow(value: object) -> frozenset[Code]:
    codes = value if isinstance(value, list | tuple) else [value]
    return read_allowed(" ".join(map(_read_term, codes)))


def _read_mend(value: object) -> Mends:
    return Mends.parse(_read_term(value))


def _read_corner(value: object) -> Corner:
    words = frozenset(re.findall(r"\w+", _read_term(value).lower()))
    corner = _CORNERS.get(words)
    if corner is None:
        raise ValueError(f'"{value}" is no place for a logo; write one of: {", ".join(Corner)}')
    return corner


def _read_width(value: object) -> float:
    """A share of the picture: "12%", 12 or 0.12."""
    words = _read_term(value)
    found = re.fullmatch(r"(\d+(?:\.\d+)?|\.\d+)\s*(%?)", words)
    share = float(found[1]) if found else 0.0
    share = share / 100 if found and (found[2] or share > 1) else share
    if not _LEAST_WIDTH <= share <= _MOST_WIDTH:
        raise ValueError(f'"{value}" is no width; write a share of the picture from "2%" to "90%"')
    return share


def _read_type(value: object) -> GenerationType:
    kind = _TYPES.get(_read_term(value))
    if kind is None:
        raise ValueError(f'"{value}" is no type; write "text", "frames" or "reference"')
    return kind


READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "allow": _read_allow,
    "continues": read_continues,
    "file": _read_file,
    "first": _read_picture,
    "for": _read_length,
    "duck": _read_duck,
    "fade_in": _read_time,
    "fade_out": _read_time,
    "from": _read_time,
    "gain": _read_gain,
    "ground": _read_ground,
    "join": _read_join,
    "lag": _read_time,
    "last": _read_picture,
    "lead": _read_time,
    "look": _read_look,
    "mend": _read_mend,
    "on": read_text,
    "place": _read_place,
    "refs": _read_pictures,
    "sound": _read_sound,
    "speaker": _read_speaker,
    "text": read_text,
    "trim": _read_trim,
    "type": _read_type,
    "verbatim": _read_switch,
    "width": _read_width,
}
"""How each argument is read; raises ValueError with a sentence, without its full stop."""

OF_A_TAG: Final[Mapping[tuple[str, str], Callable[[Any], Any]]] = {("logo", "place"): _read_corner}
"""Those that a tag reads in its own way."""
