"""What the tags make of a storyboard."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders_compiler import compiled, items_of, the_prompt

from pipeline.compiler.arguments import READERS
from pipeline.compiler.grammar import TAGS
from pipeline.model.storyboard import Card, Footage, GenerationType, Shot, TitlePlace


def test_each_names_a_shot_after_its_item():
    """Ids come from the item, so that one more item changes no other's."""
    assert list(items_of('{% shot "run" each city in cities %}{{ city }}.{% endshot %}')) == [
        "run.paris",
        "run.new-york",
    ]


def test_each_prefers_the_id_of_an_item():
    """A mapping says its id itself."""
    template = '{% set legs = [{"id": "b7", "at": "dusk"}] %}{% shot run each leg in legs %}{{ leg.at }}{% endshot %}'
    assert list(items_of(template)) == ["run.b7"]


def test_each_keeps_letters_of_any_script():
    """A slug is lower case and loses what is neither letter nor digit."""
    template = '{% shot "run" each city in ["São Paulo!", "臺北", "CO² ½"] %}x{% endshot %}'
    assert list(items_of(template)) == ["run.são-paulo", "run.臺北", "run.co²-½"]


def test_each_binds_several_names():
    """The first of them gives the id."""
    template = '{% shot run each city, hour in [("Rome", "noon")] %}{{ city }} at {{ hour }}{% endshot %}'
    assert items_of(template)["run.rome"].prompt == "Rome at noon"  # type: ignore[union-attr]


def test_when_leaves_a_shot_out():
    """A condition ends where the next argument begins, even behind a test without brackets."""
    template = '{% shot run each c in cities when c is string and c != "Paris" look="Gold." %}{{ c }}{% endshot %}'
    assert list(items_of(template)) == ["run.new-york"]


@pytest.mark.parametrize("tag", ['shot "run" look="Gold.", sound="mute"', "shot run look='Gold.' sound='mute'"])
def test_commas_and_quotes_are_optional(tag: str):
    """The same shot, however its tag is written."""
    shot = items_of("{% " + tag + " %}A beach.{% endshot %}")["run"]
    assert (shot.prompt, str(shot.sound)) == ("A beach.\n\nGold.", "mute")  # type: ignore[union-attr]


def test_defaults_of_a_scene_stand_on_its_items():
    """A scene's look, join and sound hold where the item says nothing; the film's first item is a cut."""
    template = """{% scene "s" look="Gold." join="dissolve 12" sound="-6dB" %}
    {% shot a %}A.{% endshot %}{% shot b look="" join="cut" %}B.{% endshot %}
    {% shot c %}C.{% endshot %}{% endscene %}"""
    items = items_of(template)
    assert [str(item.join) for item in items.values()] == ["cut", "cut", "dissolve 12"]
    assert [item.prompt for item in items.values()] == ["A.\n\nGold.", "B.", "C.\n\nGold."]  # type: ignore[union-attr]
    assert {str(item.sound) for item in items.values()} == {"-6dB"}


def test_footage_card_and_music_are_read():
    """Times become frames at 24 a second: 3 s are 72, half a second is 12."""
    template = """{% music file="a.wav" gain="-9dB" fade_in="0.5s" %}{% shot s %}x{% endshot %}
    {% footage "pack" file="./b.mov" trim="0s-3s" %}{% card "legal" text="Small print" for="2s" ground="#FFFFFF" %}"""
    film = compiled(template, files=("a.wav", "b.mov"))
    _, footage, card = film.items
    assert isinstance(footage, Footage) and (footage.file, str(footage.trim)) == ("b.mov", "0f-72f")
    assert isinstance(card, Card) and (card.frames, card.ground) == (48, "#ffffff")
    assert film.music and (film.music.gain_db, film.music.fade_in) == (-9.0, 12)


def test_a_title_stands_over_the_shot_it_is_written_in():
    """It leaves no trace in the prompt."""
    shot = items_of('{% shot a %}\n  One.\n  {% title "Hi" from="1s" for="2s" place="upper" %}\n  Two.\n{% endshot %}')[
        "a"
    ]
    (title,) = shot.titles
    assert (title.text, title.start, title.frames, title.place) == ("Hi", 24, 48, TitlePlace.UPPER)
    assert shot.prompt == "One.\nTwo."  # type: ignore[union-attr]


def test_a_title_elsewhere_names_its_item():
    """The words may be a name, too."""
    items = items_of('{% title place on="b" %}{% shot a %}x{% endshot %}{% shot b %}y{% endshot %}')
    assert [[title.text for title in item.titles] for item in items.values()] == [[], ["a beach"]]


@pytest.mark.parametrize(
    ("images", "generation", "roles"),
    [
        ("", GenerationType.TEXT, []),
        ('first="https://x/a.png"', GenerationType.FRAMES, ["first"]),
        ('last="https://x/b.png" first="https://x/a.png"', GenerationType.FRAMES, ["first", "last"]),
        ('refs=["https://x/a.png", "https://x/b.png"]', GenerationType.REFERENCE, ["ref", "ref"]),
        ('refs="http://x/a.png" type="reference"', GenerationType.REFERENCE, ["ref"]),
    ],
)
def test_the_type_follows_from_the_images(images: str, generation: GenerationType, roles: list[str]):
    """None, first and last, or references."""
    shot = items_of("{% shot a " + images + " %}x{% endshot %}")["a"]
    assert isinstance(shot, Shot) and shot.generation is generation
    assert [image.role for image in shot.images] == roles


def test_sources_point_at_the_tag():
    """File, line and column of the tag that made an item, also from a shared template."""
    film = compiled('{% extends "commercial.jinja" %}\n\n  {% shot a %}x{% endshot %}\n')
    assert [str(item.source) for item in film.items] == ["storyboard.jinja:3:3", "templates/commercial.jinja:2:16"]


def test_a_child_without_blocks_is_the_story():
    """Its shots stand before the parent's end, its declarations hold in every block."""
    parent = "{% block story %}{% endblock %}{% shot end %}{{ claim }}{% endshot %}"
    child = '{% extends "advert.jinja" %}{% set claim = "Carry on." %}{% shot a %}x{% endshot %}'
    items = items_of(child, advert=parent)
    assert list(items) == ["a", "end"]
    assert items["end"].prompt == "Carry on."  # type: ignore[union-attr]


def test_a_macro_may_make_shots():
    """Tags are data wherever a template reaches them."""
    macro = '{% macro opening(c) %}{% shot "open-" ~ c %}{{ c }}{% endshot %}{% endmacro %}'
    assert list(items_of(macro + '{{ opening("a") }} {{ opening("b") }}')) == ["open-a", "open-b"]


def test_imports_and_the_bible_are_written_into_prompts():
    """A macro of a shared template, a character, a variable."""
    template = (
        '{% import "camera.jinja" as camera %}{% shot a %}{{ hero }} at {{ place }}. {{ camera.low() }}{% endshot %}'
    )
    assert the_prompt(template) == "A runner in red at a beach. Low, slow."


def test_images_of_an_entry_can_be_refs():
    """An entry of the bible may carry addresses of pictures."""
    bible = "characters:\n  hero: {description: A runner, images: [https://x/hero.png]}\n"
    shot = items_of("{% shot a refs=hero.images %}{{ hero }}{% endshot %}", bible=bible)["a"]
    assert isinstance(shot, Shot) and [image.url for image in shot.images] == ["https://x/hero.png"]


def test_an_included_text_is_said_by_the_shot_around_it():
    """Prose has its place in a template that shots include."""
    template = '{% shot a %}{% include "words.jinja" %}{% endshot %}{% include "shots.jinja" %}'
    items = items_of(template, words="Wind and waves.", shots="{% shot b %}y{% endshot %}")
    assert [item.prompt for item in items.values()] == ["Wind and waves.", "y"]  # type: ignore[union-attr]


def test_the_page_of_the_language_lists_every_argument():
    """docs/language.md and the compiler know the same tags and arguments."""
    page = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
    for tag, tag_shape in TAGS.items():
        row = next(line for line in page.splitlines() if line.startswith("| `{% " + tag))
        assert set(tag_shape.takes) <= set(re.findall(r"`(\w+)`", row))
    assert all(f"`{argument}`" in page for argument in READERS)
