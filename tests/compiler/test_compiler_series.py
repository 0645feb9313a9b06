"""One project, many films: which there are, what each of them says anew, and whose fault is whose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from builders_compiler import some_sources

from pipeline.compiler import Sources, compile_storyboard, read_sources
from pipeline.compiler.cell import Cell
from pipeline.compiler.findings import Findings
from pipeline.compiler.kept_yaml import read_kept
from pipeline.compiler.listing import list_series
from pipeline.errors import StoryboardError
from pipeline.model.delivery import CaptionStyle
from pipeline.model.series import Series
from pipeline.model.storyboard import AspectRatio, Card, Shot, Storyboard
from pipeline.project import ProjectPaths

PLAIN = "{% shot run %}{{ place }} in {{ weather }}.{% endshot %}"
PROJECT = "title: Night Shift\nvariables: {place: a beach, weather: rain}\n"
TWO = """episodes:
- id: s01e01
  title: The Bakery
  variables: {place: a bakery}
- id: s01e02
"""
LANGUAGES = "variants:\n  language:\n    en: {}\n    de: {variables: {weather: Regen}}\n"
CUTS = "  cut:\n    full: {}\n    short: {variables: {weather: fog}}\n"


def a_series(series: str = TWO, storyboard: str = PLAIN, *, project: str = PROJECT, **texts: str) -> Sources:
    """A project with a series.yaml, unless `series` is empty; `texts` are tables by their names, without `.csv`."""
    plain = some_sources(storyboard, project=project, bible=texts.pop("bible", ""))
    own = {"series.yaml": series} if series else {}
    tables = {f"{name}.csv": text for name, text in texts.items()}
    return replace(plain, texts={**plain.texts, **own, **tables}, files=frozenset(tables))


def with_texts(sources: Sources, texts: Mapping[str, str]) -> Sources:
    return replace(sources, texts={**sources.texts, **texts})


def listed(sources: Sources) -> Series:
    series = list_series(Findings(sources))
    assert series is not None
    return series


def names_of(sources: Sources) -> list[str]:
    return [episode.name for episode in listed(sources).episodes]


def film(sources: Sources, name: str, **variables: str) -> Storyboard:
    """The film called `name`, found as a command finds it."""
    (episode,) = (each for each in listed(sources).episodes if each.name == name)
    return compile_storyboard(sources.of(episode), variables).storyboard


def prompt_of(sources: Sources, name: str, **variables: str) -> str:
    return film(sources, name, **variables).shots[0].prompt


def said_of(sources: Sources, name: str = "") -> list[str]:
    """What is found in the film called `name`, or in the list of films: place, sentence, advice."""
    with pytest.raises(StoryboardError) as raised:
        compile_storyboard(replace(sources, episode=name)) if name else listed(sources)
    return [f"{finding.source}: {finding.says} {finding.help}".rstrip() for finding in raised.value.findings]


# which films there are


def test_a_series_lists_its_films_in_their_order():
    """With titles of their own, or the series' and their name."""
    first, second = listed(a_series()).episodes
    assert (first.name, first.title, str(first.source)) == ("s01e01", "The Bakery", "series.yaml:2:7")
    assert (second.name, second.title, second.storyboard) == ("s01e02", "Night Shift s01e02", "")


def test_the_title_of_the_series_is_its_own_the_projects_or_its_folders():
    """In this order."""
    assert listed(a_series("title: Late\n" + TWO)).title == "Late"
    assert listed(a_series()).title == "Night Shift"
    assert listed(a_series(project="")).title == "demo"


@pytest.mark.parametrize("project", [PROJECT, "variants: {}\n", "title: [\n"])
def test_a_project_without_a_series_and_variants_is_one_film(project: str):
    """Or one whose project.yaml cannot be read, of which compiling says why."""
    assert list_series(Findings(a_series("", project=project))) is None


def test_every_choice_of_variants_is_a_film():
    """The last variant changes first; without a series.yaml, too."""
    both = PROJECT + LANGUAGES + CUTS
    assert names_of(a_series("", project=both)) == ["en-full", "en-short", "de-full", "de-short"]
    assert names_of(a_series("episodes: [{id: a}, {id: b}]", project=PROJECT + LANGUAGES)) == [
        "a-en",
        "a-de",
        "b-en",
        "b-de",
    ]


def test_a_table_lists_films():
    """Its columns id, title and storyboard mean what they mean in a list; all others are variables."""
    table = "id,title,place\ns01e01,The Bakery,a bakery\ns01e02,,a pier\n"
    sources = a_series("episodes: episodes.csv", episodes=table)
    assert [(each.name, each.title) for each in listed(sources).episodes] == [
        ("s01e01", "The Bakery"),
        ("s01e02", "Night Shift s01e02"),
    ]
    assert str(listed(sources).episodes[1].source) == "episodes.csv:3"
    assert prompt_of(sources, "s01e02") == "a pier in rain."


def test_numbers_name_films_as_they_are_written():
    """`007` is no 7."""
    assert names_of(a_series("episodes: [{id: 007}, {id: 8}]")) == ["007", "8"]


# what a film says anew


def test_a_film_has_its_own_variables_and_the_others_of_the_project():
    """Name by name."""
    assert prompt_of(a_series(), "s01e01") == "a bakery in rain."
    assert prompt_of(a_series(), "s01e02") == "a beach in rain."


def test_the_nearer_word_holds():
    """--var over the variant, that over the episode, that over the project; among variants the last."""
    series = "episodes: [{id: a, variables: {place: a pier, weather: wind}}]"
    sources = a_series(series, project=PROJECT + LANGUAGES + CUTS)
    assert prompt_of(sources, "a-en-full") == "a pier in wind."
    assert prompt_of(sources, "a-de-full") == "a pier in Regen."
    assert prompt_of(sources, "a-de-short") == "a pier in fog."
    assert prompt_of(sources, "a-de-short", weather="sun") == "a pier in sun."


def test_an_episode_may_set_variables_that_the_project_does_not_name():
    """And --var may set those, too."""
    sources = a_series("episodes: [{id: a, variables: {who: a baker}}]", "{% shot x %}{{ who }}{% endshot %}")
    assert prompt_of(sources, "a") == "a baker" and prompt_of(sources, "a", who="a pilot") == "a pilot"


def test_mappings_are_merged_by_key_and_everything_else_is_replaced():
    """A variable as a whole, for whoever names three legs means three."""
    project = "variables: {legs: {a: sand, b: rock}}\ndelivery: {captions: burn, formats: ['1:1']}\n"
    series = "episodes: [{id: x, variables: {legs: {c: snow}}, delivery: {formats: ['4:5', '9:16']}}]"
    made = film(a_series(series, "{% shot s each leg in legs %}{{ leg }}{% endshot %}", project=project), "x")
    assert [shot.prompt for shot in made.shots] == ["snow"]
    assert made.delivery.captions is CaptionStyle.BURN
    assert [each.shape for each in made.delivery.formats] == ["4:5", "9:16"]


def test_a_film_may_have_another_shape():
    """Any key of project.yaml, by an episode or by a variant."""
    project = PROJECT + "variants:\n  shape:\n    wide: {}\n    tall: {aspect_ratio: '9:16'}\n"
    shapes = [film(a_series("", project=project), name).aspect for name in ("wide", "tall")]
    assert shapes == [AspectRatio.WIDE, AspectRatio.TALL]


def test_a_film_may_have_a_storyboard_of_its_own():
    """Which may build on the one that the others share; a variant's comes before an episode's."""
    series = "episodes: [{id: a}, {id: b, storyboard: ./special.jinja}]"
    own = {"special.jinja": '{% include "storyboard.jinja" %}{% shot more %}More.{% endshot %}'}
    sources = with_texts(a_series(series), own)
    assert [len(film(sources, name).shots) for name in ("a", "b")] == [1, 2]
    short = with_texts(sources, {"project.yaml": PROJECT + "variants: {cut: {short: {storyboard: storyboard.jinja}}}"})
    assert len(film(short, "b-short").shots) == 1


def test_a_document_may_be_a_films_storyboard():
    """Its title is the episode's all the same."""
    own = {"plain.yaml": "title: Mine\nitems: [{kind: shot, id: a, prompt: A boat.}]"}
    made = film(with_texts(a_series("episodes: [{id: a, storyboard: plain.yaml}]"), own), "a")
    assert (made.items[0].id, made.title) == ("a.a", "Night Shift a")


def test_an_empty_cell_leaves_what_the_project_says():
    """And is an empty text where that says nothing."""
    table = "id,place,who\na,,\nb,a pier,a pilot\n"
    template = "{% shot x %}{{ place }}{% if who %}, {{ who }}{% endif %}{% endshot %}"
    sources = a_series("episodes: episodes.csv", template, episodes=table)
    assert [prompt_of(sources, name) for name in "ab"] == ["a beach", "a pier, a pilot"]


def test_a_templates_names_say_which_film_it_is():
    """The id of the episode, whatever the variant; of variants alone the film's name."""
    template = "{% shot x %}{{ episode }}, {{ episode_title }}{% endshot %}"
    assert prompt_of(a_series(TWO, template), "s01e01") == "s01e01, The Bakery"
    assert prompt_of(a_series(TWO, template, project=PROJECT + LANGUAGES), "s01e02-de") == (
        "s01e02, Night Shift s01e02-de"
    )
    assert prompt_of(a_series("", template, project=PROJECT + LANGUAGES), "de") == "de, Night Shift de"


def test_who_means_something_else_by_episode_keeps_it():
    """A variable of the project, or an entry of the bible."""
    project = "variables: {episode: Part one}\n"
    template = "{% shot x %}{{ episode }}{% endshot %}"
    assert prompt_of(a_series(TWO, template, project=project), "s01e01") == "Part one"
    assert prompt_of(a_series(TWO, template, bible="places: {episode: a cliff}\n"), "s01e01") == "a cliff"


# what comes of a film


def test_ids_stand_under_the_episode():
    """All that names an item, too; scenes keep theirs."""
    template = """{% music "m.m4a" on="b" %}{% narration "v.m4a" on="a" %}{% logo "l.png" on="a" %}{% logo "l.png" %}
{% scene "s" %}{% shot a %}A boat.{% endshot %}{% shot b continues=true %}A pier.{% endshot %}{% endscene %}
{% card "end" text="The end" %}"""
    project = 'delivery: {poster: a@1s, formats: [{shape: "9:16", items: {b: fit}}]}\n'
    sources = replace(a_series(storyboard=template, project=project), files=frozenset({"m.m4a", "v.m4a", "l.png"}))
    made = film(sources, "s01e01")
    assert [item.id for item in made.items] == ["s01e01.a", "s01e01.b", "s01e01.end"]
    assert [str(shot.continues) for shot in made.shots] == ["None", "s01e01.a"]
    assert made.music is not None and made.music.on == "s01e01.b"
    assert [each.on for each in (*made.narrations, *made.logos)] == ["s01e01.a", "s01e01.a", ""]
    assert str(made.delivery.poster) == "s01e01.a@24f"
    assert list(made.delivery.formats[0].items) == ["s01e01.b"]
    assert [scene.id for scene in made.scenes] == ["s"] and made.project == "demo"


def test_a_film_under_its_episode_is_a_storyboard_as_any():
    """It is written and read again."""
    made = film(a_series(), "s01e01")
    assert Storyboard.from_json(made.to_json()) == made


def test_equal_shots_of_two_films_ask_for_the_same():
    """But for their ids and where they were written."""
    sources = a_series("episodes: [{id: a}, {id: b}]", "{% shot x %}A boat.{% endshot %}")
    one, other = (film(sources, name).shots[0] for name in "ab")
    assert one.model_copy(update={"id": other.id}) == other


# whose fault is whose


def test_a_finding_about_an_episode_points_at_its_line():
    """In series.yaml, in the table, or in the variants."""
    series = "episodes:\n- id: a\n  aspect_ratio: '4:3'\n- {id: b}\n"
    assert said_of(a_series(series), "a")[0].startswith('series.yaml:3:17: "aspect_ratio" cannot be "4:3".')
    table = a_series("episodes: t.csv", "{% shot x %}A boat.{% endshot %}", t="id,place\na,x\nb,no.csv\n")
    assert said_of(table, "b")[0].startswith('t.csv:3: there is no table "no.csv" in the project.')
    variants = a_series("", project="variants:\n  cut:\n    full: {}\n    short: {resolution: 8k}\n")
    assert said_of(variants, "short")[0].startswith('project.yaml:4:25: "resolution" cannot be "8k".')


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("titel: x", '4:3: there is no "titel" here. Did you mean "title"?'),
        ("storybord: x", '4:3: there is no "storybord" here. Did you mean "storyboard"?'),
        ("place: x", '4:3: there is no "place" here. Values of your own belong under `variables`.'),
        ("title: 7", '4:10: "title" must be text, not 7. Put quotes around it.'),
        ("title:", '4:3: "title" is empty. Write a value behind the colon, or leave the key out.'),
        ("variables: {a-b: x}", '4:15: "a-b" cannot be written in a template. Use letters, digits and _ only.'),
        (
            "budget: {max_credits: 10}",
            '4:3: "budget" belongs to the whole series, not to one film. Write it into project.yaml.',
        ),
        ("grants: {reshoot_failed: 1}", '4:3: "grants" belongs to the whole series, not to one film.'),
        ("variants: {a: {b: {}}}", '4:3: there is no "variants" here.'),
        ("storyboard: no.jinja", '4:15: there is no storyboard "no.jinja" in the project.'),
        ("storyboard: [a]", '4:15: "storyboard" must be text, not a list.'),
        ("storyboard: ../secret.jinja", '4:15: there is no storyboard "../secret.jinja" in the project.'),
        ("delivery: {poster: b}", '4:22: no item is called "b".'),
        ("delivery: {captions: brun}", '4:24: "captions" cannot be "brun". Did you mean "burn"?'),
    ],
)
def test_one_broken_episode_does_not_break_the_others(entry: str, says: str):
    """It is listed as any, and what is wrong with it is said when it is compiled."""
    sources = a_series(f"episodes:\n- id: good\n- id: broken\n  {entry}\n")
    assert film(sources, "good").shots
    found = said_of(sources, "broken")
    assert len(found) == 1 and found[0].startswith(f"series.yaml:{says}"), found


def test_a_name_that_an_episode_lacks_is_found_with_that_episode():
    """The others have it."""
    sources = a_series("episodes: [{id: a, variables: {who: x}}, {id: b}]", "{% shot x %}{{ who }}{% endshot %}")
    assert prompt_of(sources, "a") == "x"
    assert said_of(sources, "b") == [
        'storyboard.jinja:1:16: nothing is called "who". There are: episode, episode_title, place, weather.'
    ]


def test_what_is_wrong_in_the_project_is_wrong_in_every_film():
    """Though all of them say it anew."""
    project = "aspect_ratio: '4:3'\n"
    sources = a_series("episodes: [{id: a, aspect_ratio: '16:9'}]", "{% shot x %}A boat.{% endshot %}", project=project)
    assert said_of(sources, "a")[0].startswith('project.yaml:1:15: "aspect_ratio" cannot be "4:3".')


def test_no_storyboard_at_all_is_found_with_the_film_that_has_none():
    """One with its own can be made."""
    sources = a_series("episodes: [{id: a, storyboard: own.jinja}, {id: b}]")
    texts = {name: text for name, text in sources.texts.items() if name != "storyboard.jinja"}
    alone = replace(sources, texts={**texts, "own.jinja": PLAIN})
    assert film(alone, "a").shots
    assert said_of(alone, "b")[0].startswith("series.yaml:1:49: b names no storyboard, and there is none that")


UNREADABLE = [
    # (series.yaml, a part of what is said)
    ("episodes: [", 'series.yaml:1:11: this "[" is not closed.'),
    ("", "series.yaml:1: there are no episodes. Write one - id: s01e01 a line below it"),
    ("- id: a", "series.yaml:1:1: this is no series."),
    ("episodes: []", "series.yaml:1:1: there are no episodes."),
    ("episodes: 7", 'series.yaml:1:11: "episodes" must be a list.'),
    ("episodes: {a: {}}", 'series.yaml:1:11: "episodes" must be a list.'),
    ("episodes: [a]", "series.yaml:1:12: an episode holds names and values. Write - id: s01e01"),
    ("episodes: [{title: x}]", "series.yaml:1:12: this episode has no id."),
    ("episodes: [{id: }]", "series.yaml:1:16: this episode has no id."),
    ("episodes: [{id: s01.e01}]", 'series.yaml:1:17: "s01.e01" cannot name a film.'),
    ("episodes: [{id: a b}]", '"a b" cannot name a film.'),
    ("episodes: [{id: ../a}]", '"../a" cannot name a film.'),
    ("episodes: [{id: a/b}]", '"a/b" cannot name a film.'),
    ("episodes: [{id: -a}]", '"-a" cannot name a film.'),
    ("episodes: [{id: held_by}]", '"held_by" cannot name a film. Use another one: a file of ours'),
    (f"episodes: [{{id: {'a' * 101}}}]", "is too long to name files after. Keep ids and values to 100 bytes"),
    ("episodes: [{id: a}, {id: A}]", 'series.yaml:1:26: the id "A" is taken: series.yaml:1.'),
    ("episodes: [{id: a}, {id: a-9x16}]", "files of two films would have the same name: a and a-9x16."),
    ("episodes: [{id: a}]\nepisode: 1", 'series.yaml:2:1: there is no "episode" here. Did you mean "episodes"?'),
    ("episodes: [{id: a}]\ntitle: 7", 'series.yaml:2:8: "title" must be text.'),
    ("episodes: no.csv", 'series.yaml:1:11: there is no table "no.csv" in the project.'),
    ("episodes: bare.csv", 'bare.csv:1: this table has no column "id".'),
    ("episodes: head.csv", "head.csv:1: there are no episodes. Write a row for each."),
    ("episodes: odd.csv", "odd.csv:3: this row has 3 cells"),
]


@pytest.mark.parametrize(("series", "says"), UNREADABLE)
def test_a_list_that_cannot_be_read_is_a_finding(series: str, says: str):
    """Said of the list, and of each film that somebody asks for."""
    tables = {"bare": "name\nx\n", "head": "id,place\n", "odd": "id,place\na,b\nb,c,d\n"}
    sources = with_texts(a_series(**tables), {"series.yaml": series})
    (found,) = said_of(sources)
    assert says in found
    assert said_of(sources, "a") == [found]


@pytest.mark.parametrize(
    ("variants", "says"),
    [
        ("variants: [a]", '1:11: "variants" holds names and values.'),
        ("variants: {cut: }", '1:12: "cut" has no values. Write one in each line below it'),
        ("variants: {cut: {}}", '1:12: "cut" has no values.'),
        ("variants: {cut: [a, b]}", '1:12: "cut" holds names and values.'),
        ("variants: {cut: {a.b: {}}}", '1:18: "a.b" cannot name a film.'),
        ("variants: {cut: {a: x}}", '1:21: "a" holds names and values: what is said anew for its films.'),
        ("variants: {x: {a-b: , a: }, y: {c: , b-c: }}", "files of two films would have the same name: a-b × c and a"),
    ],
)
def test_variants_that_cannot_be_read_are_a_finding(variants: str, says: str):
    """Without them it is not known which films there are."""
    (found,) = said_of(a_series("", project=variants))
    assert f"project.yaml:{says}" in found or says in found


@pytest.mark.parametrize(("values", "is_fine"), [(20, True), (21, False)])
def test_a_series_has_at_most_500_films(values: int, is_fine: bool):
    """25 × 20 of them; whoever has more has multiplied more than they meant."""
    series = "episodes: [" + ", ".join(f"{{id: e{n}}}" for n in range(25)) + "]"
    variants = "variants: {v: {" + ", ".join(f"v{n}: " for n in range(values)) + "}}"
    sources = a_series(series, project=variants)
    if is_fine:
        assert len(listed(sources).episodes) == 500
    else:
        assert "these are 25 × 21 films, at most 500." in said_of(sources)[0]


# which film is meant


def test_a_series_is_no_film():
    """Whoever compiles it is told which films there are, eight at most, and what makes them."""
    with pytest.raises(StoryboardError) as raised:
        compile_storyboard(a_series("episodes: [" + ", ".join(f"{{id: e{n}}}" for n in range(11)) + "]"))
    (finding,) = raised.value.findings
    assert finding.says == "this is a series, of 11 films: e0, e1, e2, e3, e4, e5, e6, e7 and 3 more."
    assert finding.help == "Make them with storyreel series render demo."


def test_a_film_that_there_is_not_is_a_finding():
    """With the one that was meant."""
    assert said_of(a_series(), "s01e03") == [
        'series.yaml:2:7: no film of this series is called "s01e03". Did you mean "s01e01"?'
    ]
    assert said_of(a_series(""), "s01e03") == [
        'project.yaml:1: this project is one film and has none called "s01e03". Leave the name away.'
    ]


# in a cell, and from a disk


def test_a_cell_lists_and_compiles_the_films_of_a_series():
    """As the compiler does."""
    sources = a_series(TWO, project=PROJECT + LANGUAGES)
    with Cell() as cell:
        series = cell.series(sources)
        assert series == listed(sources)
        for episode in series.episodes:
            assert cell.compile(sources.of(episode)).storyboard == film(sources, episode.name)
        assert cell.series(a_series("")) is None
        with pytest.raises(StoryboardError, match="there are no episodes"):
            cell.series(a_series("episodes: []"))


def test_what_all_films_share_is_read_once():
    """The same tree comes back, and what was found in it is said again."""
    findings = [Findings(a_series()) for _ in range(2)]
    first, second = (read_kept("a: 1\na: 2\n", "series.yaml", each) for each in findings)
    assert first is second and [len(each) for each in findings] == [1, 1]


def on_disk(tmp_path: Path, texts: Mapping[str, str]) -> ProjectPaths:
    root = tmp_path / "projects" / "demo"
    for name, text in {"project.yaml": PROJECT, **texts}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return ProjectPaths(root)


def test_the_texts_that_a_series_names_are_read(tmp_path: Path):
    """Its table, the tables and storyboards that a row of it names, and no other."""
    table = "id,storyboard,legs\na,own/a.yaml,legs.csv\n"
    texts = {"series.yaml": "episodes: e.csv", "e.csv": table, "legs.csv": "id\nx\n", "own/a.yaml": "items: []"}
    others = {"a.yaml": "", "notes.csv": "", "storyboard.jinja": PLAIN}
    sources = read_sources(on_disk(tmp_path, {**texts, **others}), tmp_path / "templates")
    assert sorted(sources.texts) == sorted([*texts, "project.yaml", "storyboard.jinja"])


def test_several_storyboards_are_fine_where_the_series_names_them(tmp_path: Path):
    """The one that it does not name is shared by the others; of two such it is not known which is meant."""
    series = "episodes: [{id: a, storyboard: storyboard.jinja}, {id: b}]"
    plain = "items: [{kind: card, id: c, text: Hello, frames: 24}, {kind: shot, id: d, prompt: A boat.}]"
    texts = {"storyboard.jinja": PLAIN, "storyboard.yaml": plain}
    sources = read_sources(on_disk(tmp_path / "a", {**texts, "series.yaml": series}), tmp_path)
    kinds = [type(film(sources, name).items[0]) for name in "ab"]
    assert kinds == [Shot, Card]
    with pytest.raises(StoryboardError, match="there are several storyboards"):
        read_sources(on_disk(tmp_path / "b", {**texts, "series.yaml": "episodes: [{id: a}]"}), tmp_path)
    with pytest.raises(StoryboardError, match="there are several storyboards"):
        read_sources(on_disk(tmp_path / "c", texts), tmp_path)


def test_a_series_needs_no_storyboard_that_its_films_share(tmp_path: Path):
    """If each has its own."""
    texts = {"series.yaml": "episodes: [{id: a, storyboard: own.jinja}]", "own.jinja": PLAIN}
    assert film(read_sources(on_disk(tmp_path, texts), tmp_path), "a").shots


def test_a_table_of_episodes_is_no_link_out(tmp_path: Path):
    """What somebody sent shows no file around."""
    project = on_disk(tmp_path, {"series.yaml": "episodes: e.csv", "storyboard.jinja": PLAIN})
    (tmp_path / "secret").write_text("id\nhidden\n")
    (project.root / "e.csv").symlink_to(tmp_path / "secret")
    with pytest.raises(StoryboardError, match=r"^e\.csv:1: SB003 this is a link out of its folder"):
        read_sources(project, tmp_path)
