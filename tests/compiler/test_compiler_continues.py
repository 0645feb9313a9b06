"""Shots that go on from others."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of

from pipeline.model.storyboard import GenerationType

SHOT = "{% shot a %}x{% endshot %}"
FRAME = "continuity: {frame: -2}\nvariables: {cities: [Rome, Oslo]}\n"


def continues(storyboard: str, **rest: object) -> dict[str, str | None]:
    shots = compiled(storyboard, **rest).shots
    return {shot.id: str(shot.continues) if shot.continues else None for shot in shots}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("continues=true", "a -2"),
        ('continues="a"', "a -2"),
        ('continues="a 0"', "a"),
        ('continues="a -6"', "a -6"),
        ("continues=false", None),
        ('continues="true"', "a -2"),
        ('continues="False"', None),
        ("continues=a", "a -2"),
    ],
)
def test_a_shot_continues_the_one_before_or_one_by_name(written: str, meant: str | None):
    """At the frame of project.yaml, unless it says another."""
    assert continues(SHOT + "{% shot b " + written + " %}y{% endshot %}", project=FRAME)["b"] == meant


def test_the_shot_before_is_a_shot():
    """Footage and cards between them have no late frame to go on from."""
    template = SHOT + '{% card c text="x" %}{% shot b continues=true %}y{% endshot %}'
    assert continues(template) == {"a": None, "b": "a"}


def test_a_shot_of_each_continues_the_one_of_the_same_item():
    """Or the only one of that name."""
    template = """{% shot run each c in cities %}{{ c }}{% endshot %}{% shot end %}z{% endshot %}
    {% shot walk each c in cities continues="run" %}{{ c }} on foot{% endshot %}
    {% shot rest each c in cities continues="end" %}{{ c }} at rest{% endshot %}"""
    found = continues(template, project="variables: {cities: [Rome, Oslo]}\n")
    assert (found["walk.rome"], found["walk.oslo"], found["rest.rome"]) == ("run.rome", "run.oslo", "end")


def test_a_shot_may_continue_a_later_one_and_end_with_a_picture():
    """The order of the film is not the order of the shooting."""
    template = '{% shot b continues="a" last="https://x/l.png" %}y{% endshot %}' + SHOT
    shot = compiled(template).shots[0]
    assert (str(shot.continues), shot.generation) == ("a", GenerationType.FRAMES)
    assert [image.role for image in shot.images] == ["last"]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("continues=true", "1:21: there is no shot before this one. Name the one"),
        ('continues="b"', '1:21: no shot is called "b". There are: z.'),
        ('continues="a"', "1:21: a cannot go on from itself."),
        ('continues="z -7"', '1:21: continues: "z -7": a shot goes on from one of the last frames.'),
        ("continues=3", "1:21: continues: a shot continues another."),
        ('continues="z" first="https://x/a.png"', "1:31: a continues z, and has a first picture."),
        ('continues="z" refs="https://x/a.png"', "1:30: a continues z, and has refs."),
        ('continues="z" type="text"', '1:30: a continues z, but its type is "text".'),
    ],
)
def test_what_cannot_be_continued_is_found(written: str, says: str):
    """At the argument."""
    said = findings_of("{% shot a " + written + " %}x{% endshot %}{% shot z %}y{% endshot %}")
    assert len(said) == 1 and said[0].startswith(f"storyboard.jinja:{says}")


def test_a_circle_is_named():
    """Once, whoever else hangs on it."""
    names = {"a": "b", "b": "c", "c": "a", "d": "a"}
    template = "".join(
        "{% shot " + name + ' continues="' + other + '" %}' + name + "{% endshot %}\n" for name, other in names.items()
    )
    (said,) = findings_of(template)
    assert said.startswith("storyboard.jinja:1:21: these shots go on from each other in a circle: a → c → b → a.")
