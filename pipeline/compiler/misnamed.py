"""Names that nothing has, and what was most likely meant by them. Finds nothing by itself: `slips` asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Final

from pipeline.compiler.findings import did_you_mean, nearest
from pipeline.compiler.scope import Given

_KEYWORDS: Final = frozenset(
    {"all", "center", "click", "cut", "dip", "dissolve", "frames", "hold", "keep", "loudness", "lower", "mute", "push"}
    | {"reference", "slide", "text", "upper", "wipe"}
)
_GROUPS: Final = frozenset({"bible", "characters", "looks", "places", "project", "variables"})
_FILE: Final = re.compile(r"[\w./-]+\.(?:aac|csv|flac|gif|jpe?g|m4a|mkv|mov|mp[34]|ogg|png|wav|webp)", re.IGNORECASE)


def advice_for(
    name: str,
    asked: tuple[str, str],
    known: Mapping[str, object],
    given: Mapping[str, Given],
    templates: Collection[str],
) -> str:
    """What to write where `name` stands.

    Args:
        asked: what is written there, with its parts, and the argument that it is the value of: "looks.film", "look".
        known: the values of project.yaml and the bible.
        given: the names that the template gives itself at that place.
        templates: those that can be imported.
    """
    if name in _GROUPS:
        word, argument = asked
        part = word.partition(".")[2] if word.partition(".")[2] in known else "hero"
        called = f"{argument}={part}" if argument else f"{{{{ {part} }}}}"
        return f"Entries of the bible and variables are called by their own names: {called}."
    if f"{name}.jinja" in templates:
        return f'Write {{% import "{name}.jinja" as {name} %}} in the first line.'
    if several := _several_of(name, known):
        return f"{several} holds several: add each {name} in {several} to the shot."
    if name in _KEYWORDS:
        return f'Put it into quotes: "{name}".'
    values = {*known, *(each.name for each in given.values() if each.by not in ("import", "from", ""))}
    there_are = did_you_mean(name, values, otherwise="Give it a value in project.yaml under `variables`.")
    return nearest(name, {*known, *given}, there_are)


def mangled(word: str, argument: str, known: Mapping[str, object]) -> tuple[str, str] | None:
    """What is wrong with a whole `word` that Jinja takes apart, and what to write; None if nothing is.

    Args:
        argument: what it is the value of, or "".
    """
    if _FILE.fullmatch(word):
        write = f'{argument}="{word}"' if argument else f'"{word}"'
        return f"quotes are missing around {word}.", f"Write {write}."
    if "-" not in word or "/" in word:
        return None
    owner, _, part = word.partition("-")
    is_part = owner in known and hasattr(known[owner], part)
    meant = f"{owner}.{part}" if is_part else word.replace("-", "_")
    return f'nothing is called "{word}".', f"A name has no hyphen. Write {meant}."


def _several_of(name: str, known: Mapping[str, object]) -> str:
    """The list or the mapping among `known` that is called as several of `name` are; empty if there is none."""
    plurals = (f"{name}s", f"{name}es", f"{name.removesuffix('y')}ies")
    return next((each for each in plurals if isinstance(known.get(each), list | Mapping)), "")
