"""project.yaml, bible.yaml and storyboards without a template."""

from __future__ import annotations

import json

import pytest
from builders_compiler import compiled, findings_of, items_of, some_sources, the_prompt

from pipeline.compiler import compile_storyboard
from pipeline.compiler.findings import Findings
from pipeline.compiler.yaml_tree import read_yaml
from pipeline.model.delivery import Delivery
from pipeline.model.storyboard import AspectRatio, GenerationType, Resolution, Shot

SHOT = "{% shot a %}x{% endshot %}"
YAML = "storyboard.yaml"


def plain(text: str) -> object:
    findings = Findings(some_sources(""))
    tree = read_yaml(text, "t.yaml", findings)
    assert tree is not None and not findings
    return tree.plain()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        ("1_000", "1_000"),
        ("010", 10),
        ("'5'", "5"),
        ("5", 5),
        ("-1.5", -1.5),
        ("true", True),
        ("yes", "yes"),
        ("~", None),
        ("&a [x, x]", ["x", "x"]),
        ('"\\ud83c\\udf0a"', "🌊"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(written: str, meant: object):
    """Countries, times and dates stay words."""
    assert plain(f"key: {written}") == {"key": meant}


def test_project_says_what_holds_for_the_film():
    """Shape, size, loudness, budget and grants."""
    project = """title: Night
aspect_ratio: "9:16"
resolution: 1080p
delivery: {loudness: -16, true_peak: -2}
budget: {max_credits: 100, max_doubt_credits: 14}
grants: {pay_again_credits: 28, reshoot_failed: 1}
"""
    film = compiled(SHOT, project=project)
    assert (film.title, film.aspect, film.resolution) == ("Night", AspectRatio.TALL, Resolution.FULL_HD)
    assert (film.delivery.loudness_lufs, film.delivery.true_peak_dbtp) == (-16.0, -2.0)
    assert (film.budget.max_credits, film.budget.max_doubt_credits) == (100, 14)
    assert (film.budget.pay_again_credits, film.budget.reshoot_failed) == (28, 1)


@pytest.mark.parametrize(
    ("written", "lufs"),
    [("web", -14), ("podcast", -16), ("ebu", -23), ("atsc", -24), ("EBU", -23), ("-18.5", -18.5), ('"-18"', -18)],
)
def test_loudness_is_a_number_or_where_the_film_is_heard(written: str, lufs: float):
    """In the project's file and in a document; the storyboard holds the number."""
    assert compiled(SHOT, project=f"delivery: {{loudness: {written}}}").delivery.loudness_lufs == lufs


def test_a_document_may_say_its_loudness_in_a_word():
    """As a project may."""
    assert Delivery.model_validate({"loudness_lufs": "atsc"}).loudness_lufs == -24


def test_a_project_says_in_which_shapes_it_is_delivered():
    """A shape alone is cropped to; the film's own comes first."""
    film = compiled(SHOT, project="delivery: {formats: [9:16, {shape: 1:1, fit: crop left}]}")
    assert [(each.shape, str(each.fit)) for each in film.films] == [
        ("16:9", "crop"),
        ("9:16", "crop"),
        ("1:1", "crop left"),
    ]


def test_a_project_may_say_nothing():
    """Its name is its title then."""
    assert compiled(SHOT, project="", bible="").title == "demo"


@pytest.mark.parametrize(
    ("project", "said"),
    [
        (
            "delivery: {loudness: radio}",
            'project.yaml:1:22: "radio" is no loudness. Write a number from -40 to -5 in LUFS, '
            "or one of: web (-14), podcast (-16), ebu (-23), atsc (-24).",
        ),
        ("delivery: {loudness: -50}", 'project.yaml:1:22: "loudness" cannot be -50. The least is -40.'),
        (
            "delivery: {formats: [9:17]}",
            'project.yaml:1:22: "shape" cannot be "9:17". Did you mean "9:16"? '
            'It is one of "16:9", "9:16", "1:1" and "4:5".',
        ),
        (
            "delivery: {formats: [1:1, 1:1]}",
            'project.yaml:1:21: "formats" has 1:1 twice. Name each shape once.',
        ),
        (
            "delivery: {formats: [{shape: 1:1, fit: blur top}]}",
            'project.yaml:1:40: "blur top": of a picture that is all seen, no side can be kept. Write "blur".',
        ),
        (
            "delivery: {formats: [{shape: 1:1, items: {pack: fit}}]}",
            'project.yaml:1:43: no item is called "pack". There are: a.',
        ),
        (
            "delivery: {poster: rum@2s}",
            'project.yaml:1:20: no item is called "rum". There are: a.',
        ),
        (
            "delivery: {poster: 'run@noon'}",
            'project.yaml:1:20: "run@noon" is no moment of the film. Write an item and a time in it, such as "run@2s".',
        ),
        ("titel: x", 'project.yaml:1:1: there is no "titel" here. Did you mean "title"?'),
        ("title: x\ntitle: y", 'project.yaml:2:1: the key "title" was already given in line 1.'),
        ("aspect_ratio: 4:3", 'project.yaml:1:15: "aspect_ratio" cannot be "4:3". It is one of "16:9" and "9:16".'),
        ("budget:\n  max_credit: 3", 'project.yaml:2:3: there is no "max_credit" here. Did you mean "max_credits"?'),
        ("title: [x", 'project.yaml:1:8: this "[" is not closed.'),
        ("title: !!python/object x", 'project.yaml:1:8: a value cannot begin with "!".'),
        ("title: *x", 'project.yaml:1:8: a value cannot begin with "*".'),
        ("- x", "project.yaml:1:1: this file holds names and values, not a list."),
        ("variables: {a b: 3}", 'project.yaml:1:13: "a b" cannot be written in a template.'),
        ("variables: {range: 3}", 'project.yaml:1:13: "range" is a name of Jinja\'s own.'),
        ("variables: {hero: 3}", 'bible.yaml:2:3: "hero" is a variable of project.yaml too.'),
        ("title: " + "[" * 50, "project.yaml:1:48: this is nested too deeply"),
    ],
)
def test_a_mistake_in_project_yaml_has_its_place(project: str, said: str):
    """With line and column."""
    assert findings_of(SHOT, project=project)[0].startswith(said)


def test_a_name_of_the_bible_means_one_thing():
    """Characters, looks and places share their names with templates."""
    said = findings_of(SHOT, bible="characters: {a: x}\nplaces: {a: y, 2b: z}\n")
    assert said[0].startswith('bible.yaml:2:10: "a" is already the name of a character.')
    assert said[1].startswith('bible.yaml:2:16: "2b" cannot be written in a template.')


def test_variables_of_the_command_line_win():
    """They are read as YAML; a text stays a text."""
    template = "{% shot a %}{{ place }} {{ cities[1] }}{% endshot %}"
    assert the_prompt(template, variables={"place": "12:30", "cities": "[a, NO]"}) == "12:30 NO"


def test_an_unknown_variable_of_the_command_line_is_found():
    """Or a slip of the keyboard would change nothing."""
    said = findings_of(SHOT, variables={"citys": "x"})
    assert said == ['project.yaml:2:1: there is no variable "citys" to set with --var. Did you mean "cities"?']


def test_a_document_stands_for_a_template():
    """The fields of a Storyboard, with places and types filled in."""
    document = """items:
  - {kind: shot, id: a, prompt: x}
  - {kind: shot, id: b, prompt: y, join: dissolve 12, images: [{role: first, url: "https://x/y"}]}
  - {kind: card, id: c, text: z, frames: 2s}
"""
    items = items_of(document, name=YAML)
    second = items["b"]
    assert isinstance(second, Shot) and second.generation is GenerationType.FRAMES
    assert (str(second.join), str(second.source), items["c"].frames) == ("dissolve 12", "storyboard.yaml:3:5", 48)  # type: ignore[union-attr]


@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_what_was_written_is_read_again(indent: int | str | None):
    """build/storyboard.json of any film is a storyboard itself."""
    template = """{% scene s look="Gold." %}{% shot a refs="https://x/a.png" %}"x" 🌊 {% title "T" %}{% endshot %}
    {% shot b join="hold 12" trim="12f-" sound="-3dB" %}y{% endshot %}{% card c text="z" %}{% endscene %}"""
    film = compiled(template)
    text = json.dumps(json.loads(film.to_json()), indent=indent)
    assert compile_storyboard(some_sources(text, name="storyboard.json")).storyboard == film


def test_a_document_keeps_the_same_rules():
    """With the column of what is at fault: a key, or a value."""
    document = """items:
  - {kind: shot, id: a, prompt: x, join: hold 3}
  - {kind: shot, id: a, promt: y}
"""
    assert findings_of(document, name=YAML)[-1].startswith('storyboard.yaml:3:25: there is no "promt" here. Did you')
    said = findings_of(document.replace("promt", "prompt"), name=YAML)
    assert [line.split(" ")[0] for line in said] == ["storyboard.yaml:2:42:", "storyboard.yaml:3:5:"]
