"""All of Jinja's reuse makes scenes: macros, includes, parents, blocks; the project's own templates come first."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of

SCENE = '{% scene "s" look="Gold." %}{% shot a %}x{% endshot %}{% endscene %}'


@pytest.mark.parametrize(
    "storyboard",
    [
        '{% include "part.jinja" %}',
        '{% from "kit.jinja" import opening %}{{ opening("s") }}',
        '{% extends "kept.jinja" %}',
        '{% extends "open.jinja" %}{% block story %}' + SCENE + "{% endblock %}",
        '{% extends "open.jinja" %}' + SCENE,
        '{% extends "open.jinja" %}{% block story %}{{ super() }}' + SCENE + "{% endblock %}",
        '{% macro wrap() %}{% scene "s" look="Gold." %}{{ caller() }}{% endscene %}{% endmacro %}'
        "{% call wrap() %}{% shot a %}x{% endshot %}{% endcall %}",
        "{% for name in ['s'] %}{% scene (name) look='Gold.' %}{% shot a %}x{% endshot %}{% endscene %}{% endfor %}",
        '{% scene "s" look="Gold." %}{% include "shot.jinja" %}{% endscene %}',
    ],
)
def test_a_scene_may_be_written_by_anything(storyboard: str):
    """Its defaults hold for the shots in it, wherever those are written."""
    kit = '{% macro opening(id) %}{% scene (id) look="Gold." %}{% shot a %}x{% endshot %}{% endscene %}{% endmacro %}'
    film = compiled(
        storyboard,
        part=SCENE,
        kit=kit,
        kept=SCENE + "{% block story %}{% endblock %}",
        open="{% block story %}{% endblock %}",
        shot="{% shot a %}x{% endshot %}",
    )
    assert [scene.id for scene in film.scenes] == ["s"]
    assert [(shot.id, shot.scene, shot.prompt) for shot in film.shots] == [("a", "s", "x\n\nGold.")]


def test_a_template_of_the_project_stands_before_the_shared_one():
    """So that one film may have its own camera."""
    own = "{% macro low() %}From a kite.{% endmacro %}"
    template = '{% import "camera.jinja" as camera %}{% shot a %}{{ camera.low() }}{% endshot %}'
    assert compiled(template, camera=own).shots[0].prompt == "From a kite."


def test_every_default_of_a_scene_can_be_taken_back():
    """`look=""`, `refs=[]`, `join="cut"` take none."""
    template = """{% scene s look="Gold." refs=["https://x/a.png"] join="hold 12" sound="mute" mend="none" %}
    {% shot a %}x{% endshot %}{% shot b %}y{% endshot %}
    {% shot c look="" refs=[] join="cut" sound="keep" mend="all" %}z{% endshot %}{% endscene %}"""
    first, second, third = compiled(template).shots
    assert (str(first.join), str(second.join), str(third.join)) == ("cut", "hold 12", "cut")
    assert (len(second.images), len(third.images), third.prompt) == (1, 0, "z")
    assert (str(second.sound), str(third.sound), str(second.mend), str(third.mend)) == ("mute", "keep", "none", "all")


def test_too_many_shots_are_counted_by_the_tags_that_made_them():
    """The largest first; those that stand alone together."""
    template = """{% shot run each city in cities each
      n in range(9) when city %}x{% endshot %}
{% scene s %}{% shot walk each m in [1, 2, 3] %}y{% endshot %}{% endscene %}
{% shot a %}1{% endshot %}{% shot b %}2{% endshot %}"""
    (said,) = findings_of(template, project="variables: {cities: [Rome, Oslo]}\n")
    assert said.startswith(
        "storyboard.jinja:1:1: this film has 23 shots, at most 21: "
        "18 from `run` (each city in cities, each n in range(9), storyboard.jinja:1), "
        "3 from `walk` (each m in [1, 2, 3], storyboard.jinja:3), 2 written one by one."
    )


def test_a_block_that_no_parent_has_is_found():
    """Jinja would drop it without a word; one inside of another block is seen with that."""
    template = """{% extends "open.jinja" %}{% block stroy %}{% block inner %}{% endblock %}{% endblock %}
{% block story %}{% block mine %}{% shot a %}x{% endshot %}{% endblock %}{% endblock %}"""
    said = findings_of(template, open="{% block story %}{% endblock %}")
    assert said == [
        'storyboard.jinja:1:27: no template that this one extends has a block "stroy", '
        'so that nothing of it would be seen. Did you mean "story"?'
    ]
