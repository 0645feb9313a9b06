"""Breaks words into lines. Knows no font: whoever asks says how wide a line is.

Chinese and Japanese break between characters, but no line begins with a closing mark or ends with an opening one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

_SPACES: Final = re.compile(r"[ \t-\r\x1c-\x1f\x85\u2028\u2029]+")
"""What may become one space, or a new line; not those that hold words together or are as wide as a letter."""

_HOLDS: Final = frozenset("\u00a0\u2007\u202f")
_NO_LINE_BEGINS: Final = frozenset("、。，．！？：；）」』】〉》〕”’…—～,.!?:;)]}%")
_CLAUSE_ENDS: Final = frozenset("、。，．！？：；”」』—…,.!?:;")
_NO_LINE_ENDS: Final = frozenset("（「『【〈《〔“‘([{")


def break_lines(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Lines as written, each broken where it would not fit any more; what cannot be broken stays whole."""
    for written in text.strip("\n").split("\n"):
        line = ""
        for atom in _atoms(written.strip()):
            if line.strip() and not fits((line + atom).rstrip()):
                yield line.strip()
                line = ""
            line += atom
        yield line.strip()


def break_evenly(text: str, widest: int) -> tuple[str, ...]:
    """The fewest lines of at most `widest` cells, about as long as each other, and ending where a clause ends."""
    text = spaced(text)
    fewest = len([*break_lines(text, lambda line: cells(line) <= widest)])
    atoms, ideal = [*_atoms(text)], max(1.0, cells(text) / fewest)
    best: dict[tuple[int, int], tuple[float, tuple[str, ...]]] = {(0, 0): (0.0, ())}  # by atoms and lines so far
    for stop in range(1, len(atoms) + 1):
        for start in reversed(range(stop)):
            line = "".join(atoms[start:stop]).strip()
            if cells(line) > widest and start < stop - 1:
                break
            for lines in range(fewest):
                if (start, lines) in best:
                    cost, before = best[start, lines]
                    made = cost + _unevenness(line, ideal), (*before, line)
                    best[stop, lines + 1] = min(best.get((stop, lines + 1), made), made)
    return best[len(atoms), fewest][1] if atoms else ()


def spaced(text: str) -> str:
    """The text in one line, a single space between its words."""
    return _SPACES.sub(" ", text).strip(" ")


def _unevenness(line: str, ideal: float) -> float:
    """How far a line is from `ideal` cells; one that breaks a clause counts as nearly half further off."""
    return (cells(line) / ideal - 1) ** 2 + (0.0 if line[-1:] in _CLAUSE_ENDS else 0.2)


def cells(text: str) -> int:
    """How wide it is in cells of a terminal: Han, kana and full-width marks take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _atoms(line: str) -> Iterator[str]:
    """The parts that no break may divide: words with the space after them, or single ideographs with their marks."""
    atom = ""
    for letter in line:
        may_break = atom and (
            (atom[-1].isspace() and atom[-1] not in _HOLDS)
            or ((_stands_alone(letter) or _stands_alone(atom[-1])) and not letter.isspace())
        )
        if may_break and letter not in _NO_LINE_BEGINS and atom[-1] not in _NO_LINE_ENDS:
            yield atom
            atom = ""
        atom += letter
    if atom:
        yield atom


def _stands_alone(letter: str) -> bool:
    """Whether it is written without spaces to its neighbours: kana, ideographs and their marks."""
    return "⺀" <= letter <= "鿿" or "豈" <= letter <= "﫿" or "！" <= letter <= "｠" or letter >= "\U00020000"
