"""Storyboards to measure by: as many different ones as are wanted, written as people write them, always the same."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.compiler import Sources
from pipeline.model.storyboard import MAX_SHOTS

CAMERA: Final = (Path(__file__).parent.parent / "templates" / "camera.jinja").read_text(encoding="utf-8")
ITEMS_A_SCENE: Final = 7

_WORDS: Final = (
    *("wind", "river", "stone", "light", "harbour", "morning", "quiet", "copper", "glass", "window", "street", "rain"),
    *("shoulder", "gull", "rope", "deck", "lantern", "smoke", "field", "gold", "shadow", "train", "bridge", "snow"),
)
_ARGUMENTS: Final = ("", ' sound="-6dB"', ' trim="1s-7s"', ' join="cut"')

PROJECT: Final = "title: Measured\nvariables:\n  city: Lisbon\n"
BIBLE: Final = """characters:
  hero: {description: "A runner in her thirties, red jacket", voice: "in a low, warm voice", name: Mara}
looks:
  film: 35mm film, soft grain, the sound of wind.
"""
CONTEXT: Final = {
    "city": "Lisbon",
    "hero": "A runner in her thirties, red jacket",
    "film": "35mm film, soft grain, the sound of wind.",
}


@dataclass(frozen=True, slots=True)
class Written:
    """One storyboard: in our language, and the same text as far as Jinja alone can say it.

    Attributes:
        called: our tags as calls of Jinja's.
        prose: without our tags: the words and expressions alone.
    """

    sources: Sources
    called: str
    prose: str


def storyboard(seed: int, items: int) -> Written:
    """A film of `items` items, the first 21 of them shots, in scenes of seven."""
    dice = random.Random(seed)  # noqa: S311 - words, not secrets
    pieces = ['{% import "camera.jinja" as camera %}\n']
    for first in range(0, items, ITEMS_A_SCENE):
        pieces.append(f'{{% scene "scene-{first}" look=film join="dissolve 12" %}}\n')
        pieces.extend(_item(dice, number) for number in range(first, min(first + ITEMS_A_SCENE, items)))
        pieces.append("{% endscene %}\n")
    text = "".join(pieces)
    texts = {
        "project.yaml": PROJECT,
        "bible.yaml": BIBLE,
        "storyboard.jinja": text,
        "templates/camera.jinja": CAMERA,
    }
    return Written(Sources(project=f"film-{seed}", texts=texts), _called(text), _without_tags(text))


def _item(dice: random.Random, number: int) -> str:
    words = " ".join(dice.choices(_WORDS, k=30)).capitalize()
    if number >= MAX_SHOTS:
        return f'  {{% card "card-{number}" text="{words}" for="2s" %}}\n'
    lines = [
        f'  {{% shot "shot-{number}"{dice.choice(_ARGUMENTS)} %}}',
        f"    {{{{ hero }}}} walks through {{{{ city }}}}. {words}.",
        f'    {{{{ camera.push_in("the {dice.choice(_WORDS)}") }}}} The sound of {dice.choice(_WORDS)}.',
        *([f'    {{% title "{words[:20]}" from="1s" for="3s" %}}'] if number % 5 == 0 else []),
        "  {% endshot %}\n",
    ]
    return "\n".join(lines)


_TAG: Final = re.compile(r'{% (?P<tag>scene|shot|card|title) (?P<id>"[^"]*")(?P<rest>(?: \w+=(?:"[^"]*"|\w+))*) %}')


def _called(text: str) -> str:
    """`{% shot "a" join="cut" %}` as `{% call tag("shot", "a", join="cut") %}`; what has no end as `{{ tag(…) }}`."""

    def call(found: re.Match[str]) -> str:
        arguments = "".join(f", {pair}" for pair in _pairs(found["rest"]))
        written = f'tag("{found["tag"]}", {found["id"]}{arguments})'
        return f"{{% call {written} %}}" if found["tag"] in ("scene", "shot") else f"{{{{ {written} }}}}"

    return re.sub(r"{% end(?:scene|shot) %}", "{% endcall %}", _TAG.sub(call, text))


def _pairs(rest: str) -> Iterator[str]:
    for name, value in re.findall(r'(\w+)=("[^"]*"|\w+)', rest):
        yield f"{name}_={value}"  # some of the names are words of Python's


def _without_tags(text: str) -> str:
    return re.sub(r"{% end(?:scene|shot) %}", "", _TAG.sub("", text))
