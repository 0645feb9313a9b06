"""The fonts that come with the package: a fresh machine has none, and texts may be English, Chinese or Japanese kana.

Subsets of Noto Sans CJK TC (OFL.txt): Latin with accents, Big5 level 1, GB 2312 level 1, kana, bopomofo, punctuation;
the bold one, in which words of a film are drawn, also all of Big5 with HKSCS (names), Cyrillic, Greek and signs. Beside
it stand bold faces of Noto Sans for what it has not: a subset for the Latin, Greek and Cyrillic letters of all
languages, and Hebrew and Arabic, each with Latin letters of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

REGULAR: Final = Path(__file__).with_name("NotoSansTC-Regular.otf")
"""Running text: slates, captions, contact sheets."""

BOLD: Final = Path(__file__).with_name("NotoSansTC-Bold.otf")
"""Titles and labels."""

LATIN: Final = Path(__file__).with_name("NotoSans-Bold.ttf")
HEBREW: Final = Path(__file__).with_name("NotoSansHebrew-Bold.ttf")
ARABIC: Final = Path(__file__).with_name("NotoSansArabic-Bold.ttf")
"""Words of a film that `BOLD` cannot set."""
