"""What is wrong is said with its place, in sentences, all at once."""

from __future__ import annotations

import random

import pytest
from builders_compiler import compiled, findings_of

from pipeline.errors import StoryboardError

SHOT = "{% shot a %}x{% endshot %}"
ADDRESS = '"https://x/a.png"'

CASES = [
    # (storyboard, where, a part of what is said)
    ("{% shot a %}{{ hreo }}{% endshot %}", "storyboard.jinja:1:", 'nothing is called "hreo". Did you mean "hero"?'),
    ("{% shot a %}\n{{ hero.look }}{% endshot %}", "storyboard.jinja:2:", 'no "look" in the character hero'),
    ("{% shot a each c in citys %}x{% endshot %}", "storyboard.jinja:1:", 'Did you mean "cities"?'),
    ("{% shot a each c in place %}x{% endshot %}", "storyboard.jinja:1:1:", 'a list, not through "a beach"'),
    ("{% shot a each c in 3 %}x{% endshot %}", "storyboard.jinja:1:1:", 'a list, not through "3"'),
    ('{% title "{{ hero }}" on="a" %}' + SHOT, "storyboard.jinja:1:1:", "Write hero"),
    ("{% shot a look=glod %}x{% endshot %}", "storyboard.jinja:1:", 'nothing is called "glod"'),
    ('{% import "camera.jinja" as c %}{% shot a %}{{ c.lov() }}{% endshot %}', "storyboard.jinja:1:", 'mean "low"?'),
    ("{% shot a %}\n{{ 1 / 0 }}{% endshot %}", "storyboard.jinja:2:1:", "this divides by zero"),
    ("{% shot a %}{{ cities }}{% endshot %}", "storyboard.jinja:1:", "a list is written into the text"),
    ("{% shot a %}{{ ''.__class__ }}{% endshot %}", "storyboard.jinja:1:19:", 'may not look at "__class__"'),
    ("{% shot a %}{{ 'x' * 10 ** 9 }}{% endshot %}", "storyboard.jinja:1:", "too long a text"),
    ("{% macro m() %}{{ m() }}{% endmacro %}{% shot a %}{{ m() }}{% endshot %}", "storyboard.jinja:1:", "without end"),
    ('\n{% extends "comercial.jinja" %}' + SHOT, "storyboard.jinja:2:", 'Did you mean "commercial.jinja"?'),
    ('{% if 1 %}{% extends "commercial.jinja" %}{% endif %}' + SHOT, "storyboard.jinja:1:11:", "inside of {% if %}"),
    (SHOT + "\n  Lost words.", "storyboard.jinja:2:3:", '"Lost words." stands outside of every shot'),
    ("{% scene s %}{{ hero }}" + SHOT + "{% endscene %}", "storyboard.jinja:1:14:", '"A runner in red" stands outside'),
    ("{% scene s %}\n  {% shot a %}x\n{% endscene %}", "storyboard.jinja:2:3:", "{% shot %} is not closed before"),
    ("{% for c in cities %}\n" + SHOT, "storyboard.jinja:1:1:", "{% for %} is never closed"),
    ("x\n" + "{% endshot %}", "storyboard.jinja:2:1:", "closes nothing"),
    ("{% shoot a %}", "storyboard.jinja:1:", 'there is no tag "shoot"'),
    ("{% shot a %}{{ hero | nope }}{% endshot %}", "storyboard.jinja:1:", 'there is no filter "nope"'),
    ('{% shot "a" "b" %}x{% endshot %}', "storyboard.jinja:1:", '"b" is not expected here'),
    ("{% shot a look= %}x{% endshot %}", "storyboard.jinja:1:", '"look" has no value'),
    ('{% shot a look="x" look="y" %}x{% endshot %}', "storyboard.jinja:1:", '"look" is given twice'),
    ("{% shot %}x{% endshot %}", "storyboard.jinja:1:1:", "this shot has no id"),
    ('{% shot "a b" %}x{% endshot %}', "storyboard.jinja:1:9:", '"a b" is no id'),
    ('{% shot a jion="cut" %}x{% endshot %}', "storyboard.jinja:1:11:", 'a shot takes no "jion". Did you mean "join"?'),
    (
        SHOT + '{% shot b\n join="disolve 12" %}x{% endshot %}',
        "storyboard.jinja:2:7:",
        '"disolve 12" is no join. Write',
    ),
    ('{% shot a sound="loud" %}x{% endshot %}', "storyboard.jinja:1:17:", '"loud" is no sound'),
    ('{% shot a trim="9s-10s" %}x{% endshot %}', "storyboard.jinja:1:16:", "the trim of a begins at 9 s"),
    ('{% shot a look="{{ hero }}" %}x{% endshot %}', "storyboard.jinja:1:16:", "Write hero"),
    ("{% shot a each x in [{}] %}x{% endshot %}", "storyboard.jinja:1:11:", "a mapping without an `id`"),
    ("{% shot a %} {% endshot %}", "storyboard.jinja:1:1:", "the shot a has an empty prompt"),
    ("{% shot a %}x\x07{% endshot %}", "storyboard.jinja:1:1:", "control character U+0007"),
    ("{% shot a %}x" + SHOT + "{% endshot %}", "storyboard.jinja:1:14:", "this shot stands inside of a shot"),
    ("{% for c in cities %}" + SHOT + "{% endfor %}", "storyboard.jinja:1:22:", 'the id "a" is taken'),
    ("{% scene s %}{% endscene %}\n{% scene s %}" + SHOT + "{% endscene %}", "storyboard.jinja:2:1:", "1:1 already"),
    ("", "storyboard.jinja:1:", "this storyboard has no shot"),
    ('{% card a text="x" %}', "storyboard.jinja:1:1:", "this film has no shot"),
    (
        '{% footage f file="b.mvo" %}' + SHOT,
        "storyboard.jinja:1:19:",
        'no file "b.mvo" in the project. Did you',
    ),
    ('{% footage f file="../b.mov" %}' + SHOT, "storyboard.jinja:1:19:", "does not lie in the project"),
    ("{% footage f %}" + SHOT, "storyboard.jinja:1:1:", "this footage has no file"),
    (
        '{% music file="b.mov" %}\n{% music file="b.mov" %}' + SHOT,
        "storyboard.jinja:2:1:",
        "a second music",
    ),
    ('{% title "x" %}' + SHOT, "storyboard.jinja:1:1:", "this title stands over nothing"),
    ('{% title "x" on="b" %}' + SHOT, "storyboard.jinja:1:17:", 'no item is called "b"'),
    ('{% shot a %}x{% title "y" from="9s" %}{% endshot %}', "storyboard.jinja:1:32:", "but a lasts 8 s"),
    ('{% shot a type="frames" %}x{% endshot %}', "storyboard.jinja:1:16:", "a has no pictures"),
    ('{% shot a first="b.png" %}x{% endshot %}', "storyboard.jinja:1:17:", 'no file "b.png" in the project'),
    ('{% shot a refs=["data:x"] %}x{% endshot %}', "storyboard.jinja:1:17:", "data: is not accepted"),
    ("{% shot a last=" + ADDRESS + " %}x{% endshot %}", "storyboard.jinja:1:16:", "a last picture, but no first"),
    (
        "{% shot a refs=[" + ", ".join(f'"https://x/{n}.png"' for n in range(4)) + "] %}x{% endshot %}",
        "storyboard.jinja:1:74:",
        "has 4 pictures in refs",
    ),
    (
        "{% shot a first=" + ADDRESS + " type='reference' %}x{% endshot %}",
        "storyboard.jinja:1:17:",
        '"reference" takes 1 to 3 pictures',
    ),
]


@pytest.mark.parametrize(("storyboard", "where", "says"), CASES)
def test_a_mistake_is_one_sentence_with_its_place(storyboard: str, where: str, says: str):
    """File, line, where ours the column; what is wrong and what to do."""
    found = [said for said in findings_of(storyboard, files=("b.mov",)) if says in said]
    assert len(found) == 1, findings_of(storyboard, files=("b.mov",))
    assert found[0].startswith(where)


JOINS = [
    ("hold 1", "", "cut", "is the film's first item"),
    ("cut", "0s-1s", "dissolve 25", 'b joins by "dissolve 25", but a has 24 frames'),
    ("cut", "", "hold 193", 'b joins by "hold 193", but a has 192 frames'),
]


@pytest.mark.parametrize(("first", "trim", "second", "says"), JOINS)
def test_a_join_longer_than_its_clip_is_found(first: str, trim: str, second: str, says: str):
    """A generated clip has 192 frames less its trim."""
    trimmed = f'trim="{trim}"' if trim else ""
    template = f'{{% shot a join="{first}" {trimmed} %}}x{{% endshot %}}{{% shot b join="{second}" %}}y{{% endshot %}}'
    assert says in findings_of(template)[0]


@pytest.mark.parametrize(("after", "is_fine"), [("dissolve 92", True), ("dissolve 93", False), ("hold 93", False)])
def test_two_joins_may_not_meet_inside_a_clip(after: str, is_fine: bool):
    """100 + 92 frames just fit into 192."""
    template = "".join(
        f'{{% shot {name} join="{join}" %}}x{{% endshot %}}'
        for name, join in zip("abc", ("cut", "dissolve 100", after), strict=True)
    )
    if is_fine:
        assert len(compiled(template).items) == 3
    else:
        assert "take 193 frames of b, which has 192" in findings_of(template)[0]


def test_a_hold_takes_nothing_of_the_clip_it_leads_to():
    """Its frames are the tail of the one before; so a hold into a short clip is fine."""
    template = '{% shot a %}x{% endshot %}{% shot b join="hold 48" trim="0s-1s" %}y{% endshot %}'
    assert str(compiled(template).items[1].join) == "hold 48"


@pytest.mark.parametrize(("count", "is_fine"), [(21, True), (22, False)])
def test_a_film_has_at_most_21_shots(count: int, is_fine: bool):
    """The limit of the API, said before anything is sent."""
    template = "{% shot s each i in range(" + str(count) + ") %}x{% endshot %}"
    if is_fine:
        assert len(compiled(template).shots) == 21
    else:
        says = "this film has 22 shots, at most 21: 22 from `s` (each i in range(22), storyboard.jinja:1)."
        assert says in findings_of(template)[0]


def test_all_findings_come_at_once():
    """Of all files, by file and line."""
    template = '{% shot a sound="x" %}{{ nope }}{% endshot %}\n{% shot b %}{% endshot %}\n{% footage c file="d" %}'
    said = findings_of(template, project="titel: x\nvariables: {cities: []}\n", bible="characters: 3\n")
    assert [line.split(" ")[0] for line in said] == [
        "bible.yaml:1:13:",
        "project.yaml:1:1:",
        "storyboard.jinja:1:17:",
        "storyboard.jinja:1:26:",
        "storyboard.jinja:2:1:",
        "storyboard.jinja:3:19:",
    ]


def test_an_excerpt_shows_the_line_and_the_column():
    """As people know it from compilers."""
    with pytest.raises(StoryboardError) as raised:
        compiled('\n{% shot a sound="loud" %}x{% endshot %}')
    assert str(raised.value).splitlines()[1:] == [
        '  2 | {% shot a sound="loud" %}x{% endshot %}',
        "    |                 ^",
    ]


def test_a_broken_variable_is_no_reason_to_miss_its_name():
    """A finding in project.yaml does not make a template full of unknown names."""
    assert len(findings_of("{% shot a %}{{ city }}{% endshot %}", project="titel: x\nvariables: {city: Rome}\n")) == 1


def test_a_story_without_a_place_is_found():
    """Jinja alone would drop a block that the parent does not have."""
    said = findings_of('{% extends "bare.jinja" %}\n' + SHOT, bare="{% shot z %}x{% endshot %}")
    assert said[0].startswith("storyboard.jinja:1:1: the template that this one extends has no story block")


def test_what_follows_from_a_missing_name_is_not_said():
    """One mistake, one finding, in a loop too."""
    assert len(findings_of("{% shot a each c in cities %}{{ nope }}{% endshot %}")) == 1
    assert len(findings_of(SHOT + '{% footage f file=clip %}{% title claim on="f" %}')) == 2


def test_no_text_ends_in_a_traceback():
    """Damaged templates compile or have findings; seeded, so that a failure can be run again."""
    whole = """{% extends "commercial.jinja" %}
{% scene s look="x" %}{% shot a each c in cities %}
  {{ c }}
{% endshot %}{% endscene %}"""
    pieces = [
        "{%",
        "%}",
        "{{",
        "}}",
        "{#",
        '"',
        "'",
        "(",
        "endshot",
        "shot",
        " each ",
        "raw",
        "=",
        "\n",
        "\x00",
        "block",
    ]
    chance = random.Random(7)
    for _ in range(150):
        at, length = chance.randrange(len(whole)), chance.choice((0, 1, 8))
        damaged = whole[:at] + chance.choice(pieces) + whole[at + length :]
        try:
            compiled(damaged)
        except StoryboardError as error:
            assert error.findings
