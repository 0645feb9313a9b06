"""Sources for tests of the compiler, each with only what matters said."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pipeline.compiler import Sources, compile_storyboard
from pipeline.compiler.measured import Measured
from pipeline.errors import StoryboardError
from pipeline.model.storyboard import Item, Shot, Storyboard

PROJECT = "title: A film\nvariables:\n  cities: [Paris, New York]\n  place: a beach\n"
BIBLE = "characters:\n  hero: A runner in red\n"
CAMERA = '{% macro low(pace="slow") -%}\n  Low, {{ pace }}.\n{%- endmacro %}\n'
COMMERCIAL = '{% block story %}{% endblock %}\n{% block end %}{% shot "end" %}The end.{% endshot %}{% endblock %}\n'


def some_sources(
    storyboard: str,
    *,
    name: str = "storyboard.jinja",
    files: tuple[str, ...] = (),
    pictures: Mapping[str, Measured | None] | None = None,
    **texts: str,
) -> Sources:
    """A project with a film's usual texts; `project`, `bible` and other names of templates replace or add theirs."""
    return Sources(
        project="demo",
        texts={
            "project.yaml": texts.pop("project", PROJECT),
            "bible.yaml": texts.pop("bible", BIBLE),
            "templates/camera.jinja": CAMERA,
            "templates/commercial.jinja": COMMERCIAL,
            **{f"{template}.jinja": text for template, text in texts.items()},
            name: storyboard,
        },
        files=frozenset(files),
        pictures=pictures or {},
    )


def compiled(storyboard: str, *, variables: Mapping[str, str] | None = None, **rest: object) -> Storyboard:
    return compile_storyboard(some_sources(storyboard, **rest), variables or {}).storyboard  # type: ignore[arg-type]


def items_of(storyboard: str, **rest: object) -> dict[str, Item]:
    """The items by id, in the film's order."""
    return {item.id: item for item in compiled(storyboard, **rest).items}


def the_prompt(storyboard: str, **rest: object) -> str:
    """The prompt of the only shot."""
    (shot,) = compiled(storyboard, **rest).items
    assert isinstance(shot, Shot)
    return shot.prompt


def findings_of(storyboard: str, **rest: object) -> list[str]:
    """Every finding as `path:line:column: says advice`, without its code and the excerpt."""
    with pytest.raises(StoryboardError) as raised:
        compiled(storyboard, **rest)
    return [f"{finding.source}: {finding.says} {finding.help}".rstrip() for finding in raised.value.findings]
