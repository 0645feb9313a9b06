"""One tag for many items, and ids that stay when items come and go."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of, items_of

LEGS = "variables:\n  legs:\n    beach: {scene: sand}\n    street: {scene: neon}\n  moods: [Calm, Wild]\n"


def test_a_mapping_gives_its_values_and_calls_them_by_its_keys():
    """One name is the value; the key goes into the id."""
    items = items_of("{% shot run each leg in legs %}{{ leg.scene }}{% endshot %}", project=LEGS)
    assert {name: item.prompt for name, item in items.items()} == {"run.beach": "sand", "run.street": "neon"}  # type: ignore[union-attr]


def test_two_names_bind_key_and_value():
    """Where the key is wanted in the text, too."""
    items = items_of("{% shot run each key, leg in legs %}{{ key }}: {{ leg.scene }}{% endshot %}", project=LEGS)
    assert [item.prompt for item in items.values()] == ["beach: sand", "street: neon"]  # type: ignore[union-attr]


def test_a_second_each_makes_every_pair():
    """The first is the outer one; `when` sees both."""
    template = (
        '{% shot run each leg in legs each mood in moods when mood != "Wild" or leg.scene == "sand" %}'
        "{{ mood }}{% endshot %}"
    )
    assert list(items_of(template, project=LEGS)) == ["run.beach.calm", "run.beach.wild", "run.street.calm"]


def test_each_holds_for_footage_and_cards():
    """Whatever is an item."""
    template = (
        '{% footage clip each f in ["a", "b"] file=f ~ ".mov" %}{% card note each m in moods text=m %}'
        "{% shot s %}x{% endshot %}"
    )
    assert list(items_of(template, project=LEGS, files=("a.mov", "b.mov"))) == [
        "clip.a",
        "clip.b",
        "note.calm",
        "note.wild",
        "s",
    ]


def test_a_scene_for_each_item_gives_its_part_to_what_stands_in_it():
    """Scenes, shots and shots of shots."""
    template = """{% scene tour each leg in legs look=leg.scene when leg.scene %}
    {% shot run %}x{% endshot %}{% shot mood each mood in moods %}y{% endshot %}{% endscene %}"""
    film = compiled(template, project=LEGS)
    assert [scene.id for scene in film.scenes] == ["tour.beach", "tour.street"]
    assert [item.id for item in film.items][:3] == ["run.beach", "mood.beach.calm", "mood.beach.wild"]
    assert film.items[0].scene == "tour.beach" and film.shots[0].prompt == "x\n\nsand"


def test_a_title_in_a_scene_for_each_names_the_item_beside_it():
    """`on="run"` means the run of the same city."""
    template = """{% scene tour each mood in moods %}{% shot run %}x{% endshot %}
    {% title mood on="run" %}{% endscene %}"""
    items = items_of(template, project=LEGS)
    assert [[title.text for title in item.titles] for item in items.values()] == [["Calm"], ["Wild"]]


@pytest.mark.parametrize("tag", ['scene "s"', "shot a", 'footage a file="a.mov"', 'card a text="x"'])
def test_when_holds_for_every_tag(tag: str):
    """What it leaves out leaves no trace."""
    end = {"scene": "{% endscene %}", "shot": "x{% endshot %}"}.get(tag.split()[0], "")
    film = compiled("{% " + tag + " when false %}" + end + "{% shot z %}x{% endshot %}")
    assert [item.id for item in film.items] == ["z"] and film.scenes == ()


def test_items_more_or_in_another_order_change_no_id():
    """So that no clip is bought again."""
    template = "{% shot run each leg in legs %}{{ leg.scene }}{% endshot %}"
    more = "variables:\n  legs:\n    street: {scene: neon}\n    quay: {scene: fog}\n    beach: {scene: sand}\n"
    before, after = items_of(template, project=LEGS), items_of(template, project=more)
    assert {name: after[name].prompt for name in before} == {name: item.prompt for name, item in before.items()}  # type: ignore[union-attr]


def test_two_items_with_one_name_are_found():
    """The tag is the same; so it says that it is the items."""
    said = findings_of('{% shot run each c in ["Rio!", "rio"] %}{{ c }}{% endshot %}')
    assert len(said) == 1 and 'the id "run.rio" is taken: this very tag gave it before.' in said[0]


def test_an_id_that_cannot_be_one_becomes_a_slug():
    """A table has them with spaces."""
    assert list(items_of('{% shot run each x in [{"id": "Model 7 臺北"}] %}x{% endshot %}')) == ["run.model-7-臺北"]


def test_a_join_that_is_repeated_is_meant_between_the_items():
    """The first of them is the film's first, which follows nothing."""
    items = items_of('{% shot run each leg in legs join="dissolve 12" %}x{% endshot %}', project=LEGS)
    assert [str(item.join) for item in items.values()] == ["cut", "dissolve 12"]


def test_a_name_stands_for_an_id():
    """Lists of mappings mostly have one."""
    project = "variables: {rooms: [{name: The Hall, at: noon}, {title: Attic}]}\n"
    assert list(items_of("{% shot r each x in rooms %}x{% endshot %}", project=project)) == ["r.the-hall", "r.attic"]
