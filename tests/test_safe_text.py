"""Text that others wrote: shown whole, but never able to hide or act."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from pipeline.safe_text import keep_secret, safe_block, safe_json, safe_line, safe_text, spellings_of

ROOT = Path(__file__).parent.parent / "pipeline"

NASTY = (
    ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ("dos\r\nline", "dos\nline"),
    ("over\rwritten", "over␍written"),
    ("\x1b]0;title\x07", "␛]0;title␇"),
    ("\x9b31mred", "⟨U+009B⟩31mred"),
    ("a\x00b\x7fc", "a␀b⟨U+007F⟩c"),
    ("\u202egnp", "⟨U+202E⟩gnp"),
    ("\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"),
    ("next\x85line\u2028and\u2029more", "next⟨U+0085⟩line⟨U+2028⟩and⟨U+2029⟩more"),
    ("zero\u200bwidth \ufeff", "zero⟨U+200B⟩width ⟨U+FEFF⟩"),
    ("half \ud83d a pair", "half ⟨U+D83D⟩ a pair"),
    ("a tag \U000e0041", "a tag ⟨U+E0041⟩"),
    ("family 👩\u200d👧", "family 👩\u200d👧"),
    ("[red]霧氣，散開[/red]", "[red]霧氣，散開[/red]"),
)


@pytest.mark.parametrize(("written", "shown"), NASTY)
def test_unseen_characters_are_written_out(written: str, shown: str) -> None:
    """Lines, tabs and the joiners of emoji stay; the rest of the unseen gets a visible name."""
    assert safe_text(written) == shown


@pytest.mark.parametrize(("written", "shown"), NASTY)
def test_what_is_safe_stays_as_it_is(written: str, shown: str) -> None:
    """A sink need not know whether another was there before."""
    assert safe_text(safe_text(written)) == shown


def test_a_line_stays_one() -> None:
    """Whatever its breaks are called."""
    assert safe_line("a title\nstoryreel: all is paid\r\nx") == "a title␊storyreel: all is paid␊x"


def test_no_line_of_a_block_begins_at_the_margin_but_the_first() -> None:
    """So none passes for a sentence of somebody else's."""
    assert safe_block("It said:\nstoryreel: all is paid\n  3 | x\n") == "It said:\n  storyreel: all is paid\n  3 | x\n"


@pytest.mark.parametrize("written", [written for written, _ in NASTY])
def test_json_is_exact_and_harmless(written: str) -> None:
    """The same value comes out, and nothing that a terminal obeys is in it; letters stand as they are."""
    text = safe_json({"霧": written})
    assert json.loads(text) == {"霧": written} and text == safe_text(text) and "霧" in text and "\n" not in text


def test_no_secret_is_ever_shown() -> None:
    """Wherever it stands. A word of seven letters is none: it would be struck out of everything."""
    keep_secret("canary-key-of-this-test")
    keep_secret("harbour")
    assert safe_line("Bearer canary-key-of-this-test at the harbour") == "Bearer [key] at the harbour"
    assert safe_json(["x canary-key-of-this-test"]) == '["x [key]"]'


@pytest.mark.parametrize("spelling", ["a/b_c1.x", r"a\/b_c1.x", r"a/b\u005Fc1.x", r"\u0061\u002f\u0062_c1\u002ex"])
def test_a_secret_is_known_however_json_spells_it(spelling: str) -> None:
    """Other writers of JSON escape more than they must."""
    assert spellings_of("a/b_c1.x").sub("-", f"<{spelling}> a/b_c1-x") == "<-> a/b_c1-x"


def test_no_command_writes_to_a_stream_by_itself() -> None:
    """All that is printed goes through `printing`, which makes it safe; a run and a plan see to it themselves."""
    printing = {"echo", "secho", "print", "prompt", "confirm", "print_exc", "write"}
    allowed = {"printing.py", "progress.py", "series_progress.py", "plan_table.py", "__init__.py"}
    found = []
    for path in (ROOT / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""
            if name in printing and path.name not in allowed:
                found.append(f"{path.name}:{node.lineno}")
    assert found == []
