"""The fonts that come with the package: a fresh machine has none, and texts may be English, Chinese or Japanese kana.

Subsets of Noto Sans CJK TC (OFL.txt): Latin with accents, Big5 level 1, GB 2312 level 1, kana, bopomofo, punctuation;
the bold one, in which words of a film are drawn, also all of Big5 with HKSCS (names), Cyrillic, Greek and signs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

REGULAR: Final = Path(__file__).with_name("NotoSansTC-Regular.otf")
"""Running text: slates, captions, contact sheets."""

BOLD: Final = Path(__file__).with_name("NotoSansTC-Bold.otf")
"""Titles and labels."""
