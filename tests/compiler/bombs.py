"""Files of YAML that want more than to be read: bombs of all sizes, put together at random from a printed seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

from hostile import BIBLE, PROJECT, Attack

_HEADS: Final = {
    "project.yaml": "variables:\n",
    "bible.yaml": "characters:\n",
    "storyboard.yaml": "items:\n",
    "series.yaml": "episodes:\n",
}
_MOST: Final = 900_000  # characters; just below what the edge reads


def bomb(seed: int) -> Attack:
    """The attack of `seed` by YAML: one of the four files is it."""
    dice = random.Random(seed)
    kind, text = dice.choice(_BOMBS)
    times = dice.choice((30, 1_000, 30_000))
    name = dice.choice(tuple(_HEADS))
    texts = {"project.yaml": PROJECT, "bible.yaml": BIBLE, name: _HEADS[name] + text(dice, times)[:_MOST]}
    if name != "storyboard.yaml":
        texts["storyboard.jinja"] = "{% shot a %}{{ a }}{% for x in deep %}{{ x }}{% endfor %}{% endshot %}"
    return Attack(name=f"{kind} × {times} in {name} (seed {seed})", texts=texts, variables={})


def _laughs(dice: random.Random, times: int) -> str:
    """Each line repeats the one before several times: a billion values in ten lines."""
    shape = dice.choice(("[{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}]", "{{x: {0}, y: {0}, z: {0}}}", "[{0}, {0}]"))
    lines = [f"  a{i}: &a{i} {shape.format(f'*a{i - 1}')}" for i in range(1, min(times, 3_000))]
    return "\n".join(["  a0: &a0 ha", *lines])


_BOMBS: Final[Sequence[tuple[str, Callable[[random.Random, int], str]]]] = (
    ("laughs", _laughs),
    ("long laughs", lambda dice, times: f"  a: &a {'ha' * times}\n  b: [{'*a, ' * times}]"),
    ("flow lists", lambda dice, times: "  a: " + "[" * times),
    ("flow mappings", lambda dice, times: "  a: " + "{a: " * times),
    ("flow in flow", lambda dice, times: "  a: " + "[{a: " * times),
    ("block lists", lambda dice, times: "  " + "- " * times),
    ("questions", lambda dice, times: "  " + "? " * times),
    ("many values", lambda dice, times: "  a: [" + "b, " * times + "]"),
    ("many keys", lambda dice, times: "".join(f"  k{i}: x\n" for i in range(times))),
    ("one key", lambda dice, times: "  a: x\n" * times),
    ("long word", lambda dice, times: "  a: " + "x" * times * 20),
    ("long key", lambda dice, times: "  " + "x" * times * 20 + ": x"),
    ("long number", lambda dice, times: "  a: " + "9" * times),
    ("long hexadecimal", lambda dice, times: "  a: 0x" + "f" * times),
    ("large exponent", lambda dice, times: "  a: 1e" + "9" * times),
    ("escapes", lambda dice, times: '  a: "' + dice.choice(("\\ud800", "\\0", "\\x07", "\\N")) * times + '"'),
    ("open quote", lambda dice, times: '  a: "' + "x\n " * times),
    ("open literal", lambda dice, times: "  a: |\n" + " \n" * times),
    ("NUL", lambda dice, times: "  a: " + "\x00" * times),
    ("controls", lambda dice, times: "  a: " + dice.choice("\x01\x07\x1b\x7f\x85\ufffe") * times),
    ("tabs", lambda dice, times: "  a:\n" + "\t" * times + "b"),
    ("spaces", lambda dice, times: "  a:\n" + " " * times + "b"),
    ("blank lines", lambda dice, times: "  a:" + "\n" * times + "  b: c"),
    ("comments", lambda dice, times: "  a: b # x\n" * times),
    ("anchors", lambda dice, times: "  " + "&a " * times + "b: c"),
    ("anchor in itself", lambda dice, times: "  a: &a [" + "*a, " * times + "]"),
    ("merges", lambda dice, times: "  a: &a {b: c}\n" + "  d:\n    <<: *a\n" * times),
    (
        "tag",
        lambda dice, times: "  a: " + dice.choice(("!!python/object/apply:os.system [id]", "!!binary eA==", "!x y")),
    ),
    ("tag of the file", lambda dice, times: "  a: !!set {" + "b, " * times + "}"),
    ("timestamps", lambda dice, times: "  a: [" + "2026-01-01T00:00:00Z, " * times + "]"),
    ("documents", lambda dice, times: "  a: b\n---\n" * times),
    ("directives", lambda dice, times: "  a: b\n...\n%YAML 9.9\n---\n" * times),
    ("colons", lambda dice, times: "  a" + ": b" * times),
    ("brackets that close", lambda dice, times: "  a: " + "]" * times),
)
