"""Captions that somebody might write, by mistake or on purpose, to be taken for something else than letters."""

from __future__ import annotations

import random
from typing import Final

PIECES: Final = (
    # filters, formats and shells
    "%{expr:1+1}", "%{pts}", "%{metadata:x}", "%%", "50% off", "%s%n%x", "\\", "\\\\", "\\:", "'", "''", '"', "`id`", "$(id)",
    "text='x':fontcolor=red", "[in][out]", "a,b;c", "=@/etc/hostname", "%1$s", "\\'", "${HOME}", "~", "|", "*?",
    # subtitles
    r"{\an8}", r"{\p1}m 0 0", r"{\fs99}", r"\N", r"\n", r"\h", "{", "}", "{}", "{comment}", "<i>", "</i>", "<b", "<font color=red>",
    "<00:00:01.000>", "<v Mara>", "<c.red>", "-->", "00:00:01,000 -->", "NOTE", "STYLE", "WEBVTT", "&lt;", "&amp;", "&", "&#65;",
    "&nbsp", "1 < 2", "2 > 1", "<3", "Dialogue: 0,0:00:00.00", ",,,", "[Events]", "{y:i}", "42", "- ", "– ",
    # templates, pages, tables
    "{{ 7 * 7 }}", "{% raw %}", "<script>alert(1)</script>", "<!--", "]]>", "=1+1", "javascript:", "../../x", "file:///etc/passwd",
    # letters
    "é", "e\u0301", "a\u0323\u0301", "ﬁ", "Ω", "ß", "ẞ", "Việt", "1½", "№ 5", "…", "“”", "–", "→", "♥\ufe0f", "①", "𠮷", "跑得更遠。",
    "「清晨」", "さくら", "ガ", "カ\u3099", "한", "मस्ते", "ก", "مرحبا", "שלום", "🏃", "👩\u200d👧", "🇹🇼", "\u0338x", "Z\u0335\u0322\u0301algo",
    # what nobody sees
    "\u200b", "\u200d", "\u200e", "\u202eabc\u202c", "\u2066x\u2069", "\ufeff", "\u00ad", "\u2060", "\u00a0", "\u3000", "\u2003", "\u202f",
    "\U000e0041", "\u034f", "\n", "\t", "  ",
    # long
    "w" * 70, "無空格" * 15, "x" * 3,
)  # fmt: skip
CONTROLS: Final = ("\0", "\x07", "\x1b[31m", "\x7f", "\x9b", "\x85", "\u2028", "\u2029", "\r\n")


def hostile_captions(count: int, seed: int) -> list[str]:
    """Each piece by itself between two letters, then chance mixtures; every tenth with a control character in it."""
    dice = random.Random(seed)
    captions = [f"A{piece}z" for piece in PIECES]
    while len(captions) < count:
        pieces = dice.sample(PIECES, dice.randint(1, 6))
        if len(captions) % 10 == 0:
            pieces.append(dice.choice(CONTROLS))
        captions.append(dice.choice(("", " ")).join(["A", *pieces, "z"])[:500])
    return dice.sample(captions, count)
