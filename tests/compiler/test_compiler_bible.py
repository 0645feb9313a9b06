"""The bible: whose description is written brings its pictures, and a voice stays the same."""

from __future__ import annotations

import pytest
from builders_compiler import findings_of, some_sources

from pipeline.compiler import compile_storyboard
from pipeline.compiler.compile import Compiled
from pipeline.model.storyboard import GenerationType, Shot

BIBLE = """characters:
  hero: {description: A runner, name: Mara, images: [https://x/1.png, assets/hero.png]}
  dog: {description: A dog, images: assets/dog.png}
looks:
  gold: {description: Golden hour., images: [assets/gold.png]}
"""
FILES = ("assets/hero.png", "assets/dog.png", "assets/gold.png")


def compiled_with(storyboard: str, **rest: object) -> Compiled:
    return compile_storyboard(some_sources(storyboard, **{"bible": BIBLE, "files": FILES, **rest}))  # type: ignore[arg-type]


def the_shot(storyboard: str, **rest: object) -> Shot:
    return compiled_with(storyboard, **rest).storyboard.shots[0]


def pictures(shot: Shot) -> list[str]:
    return [image.url or image.file for image in shot.images]


def test_a_name_that_is_written_brings_its_pictures():
    """As refs, by address or as files of the project, each once; the type follows."""
    shot = the_shot("{% shot a %}{{ hero }} runs. {{ hero }} and {{ dog }} rest.{% endshot %}")
    assert shot.prompt == "A runner runs. A runner and A dog rest."
    assert pictures(shot) == ["https://x/1.png", "assets/hero.png", "assets/dog.png"]
    assert (shot.generation, shot.images[1].file) == (GenerationType.REFERENCE, "assets/hero.png")


@pytest.mark.parametrize(
    "storyboard",
    [
        '{% macro run(who) %}{{ who }} runs{% endmacro %}{% shot a %}{{ run(dog) | trim ~ "." }}{% endshot %}',
        '{% shot a %}{% include "part.jinja" %}{% endshot %}',
        "{% shot a %}{% for each in [dog] %}{{ each }}{% endfor %}{% endshot %}",
        "{% shot a each who in [dog] %}{{ who }}{% endshot %}",
        "{% set line %}{{ dog }} runs{% endset %}{% shot a %}{{ line }}{% endshot %}",
        '{% shot a look="With " ~ dog %}x{% endshot %}',
        "{% scene s look=dog %}{% shot a %}x{% endshot %}{% endscene %}",
        "{% shot a %}{% set x = dog ~ '!' %}{{ x | upper }}{% endshot %}",
        "{% shot a %}{% filter upper %}{{ dog }}{% endfilter %}{% endshot %}",
        "{% shot a %}{{ [dog, 'cat'] | join(', ') }}{% endshot %}",
    ],
)
def test_pictures_come_along_however_a_name_is_written(storyboard: str):
    """Through macros, includes, loops, sets, filters and looks."""
    assert pictures(the_shot(storyboard, part="{{ dog }}.")) == ["assets/dog.png"]


def test_a_description_comes_alone():
    """The words without the pictures."""
    shot = the_shot("{% shot a %}{{ hero.description }} called {{ hero.name }}.{% endshot %}")
    assert (shot.prompt, shot.images) == ("A runner called Mara.", ())


@pytest.mark.parametrize("argument", ["refs=[]", 'type="text"'])
def test_a_shot_may_refuse_pictures(argument: str):
    """By having none, or by its type."""
    assert the_shot("{% shot a " + argument + " %}{{ hero }}{% endshot %}").images == ()


def test_refs_of_a_shot_and_pictures_of_names_go_together():
    """The same picture once; a scene's refs come too, unless the shot has its own."""
    shot = '{% shot a %}{{ dog }}{% endshot %}{% shot b refs="https://x/2.png" %}{{ dog }}{% endshot %}'
    film = compiled_with("{% scene s refs=dog.images %}" + shot + "{% endscene %}").storyboard
    assert [pictures(shot) for shot in film.shots] == [["assets/dog.png"], ["https://x/2.png", "assets/dog.png"]]


def test_too_many_pictures_are_counted_by_who_brings_them():
    """So that it is seen whom to leave out."""
    said = findings_of("{% shot a look=gold %}{{ hero }} {{ dog }}{% endshot %}", bible=BIBLE, files=FILES)
    assert len(said) == 1
    assert "a has more than 3 pictures to go by: 2 from hero, 1 from dog, 1 from gold." in said[0]


@pytest.mark.parametrize("argument", ['first="https://x/f.png"', "continues=true"])
def test_pictures_that_cannot_go_along_are_a_warning(argument: str):
    """The first picture of a shot leaves no room for refs."""
    template = "{% shot z %}x{% endshot %}{% shot a " + argument + " %}{{ hero }} and {{ dog }}{% endshot %}"
    film = compiled_with(template)
    (warning,) = (finding for finding in film.warnings if finding.code == "SB510")
    assert warning.says == "the pictures of hero and dog cannot go along with a: it begins or ends with a picture."
    assert film.storyboard.shots[1].generation is GenerationType.FRAMES
    allowed = template.replace("shot a ", 'shot a allow="SB510" ')
    assert not any(finding.code == "SB510" for finding in compiled_with(allowed).warnings)


@pytest.mark.parametrize(
    ("image", "says"),
    [
        ("assets/heor.png", 'there is no file "assets/heor.png" in the project. Did you mean "assets/hero.png"?'),
        ("../x.png", '"../x.png" does not lie in the project.'),
        ("ftp://x/y.png", '"ftp://x/y.png" is no http or https address.'),
        ("data:image/png;base64,AA", "an image written out as data: is not accepted."),
    ],
)
def test_a_picture_that_cannot_be_had_is_found_in_the_bible(image: str, says: str):
    """Once, where it stands, and not in every shot."""
    bible = "characters:\n  hero:\n    description: x\n    images: ['" + image + "']\n"
    template = "{% shot a %}{{ hero }}{% endshot %}{% shot b %}{{ hero }} y{% endshot %}"
    said = findings_of(template, bible=bible, files=FILES)
    assert len(said) == 1 and said[0].startswith(f"bible.yaml:4:14: {says}")


def test_a_prompt_knows_what_it_is_made_of():
    """Each value with its name, its text and its place; the look's, too."""
    project = "variables:\n  city: Paris\n  legs:\n    - {id: street, scene: neon}\n    - {id: quay, scene: fog}\n"
    prompt = "{{ hero }}, {{ city }}: {{ leg.scene }}"
    template = "{% shot a look=gold each leg in legs when leg.id == 'street' %}" + prompt + "{% endshot %}"
    shot = the_shot(template, project=project)
    assert [(each.name, each.text, str(each.source)) for each in shot.made_of] == [
        ("hero", "A runner", "bible.yaml:2:10"),
        ("city", "Paris", "project.yaml:2:9"),
        ("legs.street.scene", "neon", "project.yaml:4:27"),
        ("gold", "Golden hour.", "bible.yaml:5:10"),
    ]
