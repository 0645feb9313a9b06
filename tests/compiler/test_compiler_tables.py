"""Tables that a spreadsheet saved, as lists of rows."""

from __future__ import annotations

import pytest
from builders_compiler import findings_of, some_sources

from pipeline.compiler import compile_storyboard
from pipeline.compiler.sources import Sources
from pipeline.errors import StoryboardError

PROJECT = "variables: {products: products.csv}\n"
TEMPLATE = "{% shot show each p in products %}{{ p.name }} in {{ p.colour }}.{% endshot %}"


def with_table(text: str, storyboard: str = TEMPLATE) -> Sources:
    whole = some_sources(storyboard, project=PROJECT, files=("products.csv",))
    return Sources(project="demo", texts={**whole.texts, "products.csv": text}, files=whole.files)


def prompts(text: str) -> dict[str, str]:
    return {shot.id: shot.prompt for shot in compile_storyboard(with_table(text)).storyboard.shots}


@pytest.mark.parametrize(
    "text",
    [
        "id,name,colour\nb7,Bottle,copper\nc2,Cup,white\n",
        "sep=;\nid;name;colour\nb7;Bottle;copper\nc2;Cup;white\n",
        "id;name;colour\nb7;Bottle;copper\n\nc2;Cup;white",
        "id\tname\tcolour\nb7\tBottle\tcopper\n;;\n".replace(";;", "\t\t") + "c2\t Cup \twhite\n",
    ],
)
def test_a_table_is_a_list_of_rows(text: str):
    """However a spreadsheet separates cells; the id is the column of that name, rows of nothing are none."""
    assert prompts(text) == {"show.b7": "Bottle in copper.", "show.c2": "Cup in white."}


def test_the_first_column_stands_for_an_id():
    """As a slug."""
    assert list(prompts("name,colour\nThe Bottle,copper\n臺北杯,white\n")) == ["show.the-bottle", "show.臺北杯"]


def test_a_cell_in_quotes_may_hold_anything():
    """Separators, quotes and line breaks of all kinds; the line of the row after it is right all the same."""
    text = 'name,colour\n"A ""fine"", tall\ncup",white\u2028\nx,y,z\n'
    with pytest.raises(StoryboardError, match=r"products\.csv:4: SB021 this row has 3 cells"):
        prompts(text)
    assert prompts(text.replace("x,y,z\n", "")) == {"show.a-fine-tall-cup": 'A "fine", tall\ncup in white.'}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"products\.csv:1: SB021 this table is empty"),
        ("name,name\na,b\n", 'two columns are called "name"'),
        ("name,,c\na,b,c\n", "column 2 has no name"),
        ("name,colour\n" + "a,b\n" * 10_001, r"products\.csv:10002: SB021 this table has more than 20,000 cells"),
        ('name,colour\n"a,b\n', r"products\.csv:2: SB021 a quote in this row closes too early, or never"),
    ],
)
def test_a_table_that_cannot_be_read_is_a_finding(text: str, says: str):
    """With its line."""
    with pytest.raises(StoryboardError, match=says):
        prompts(text)


def test_a_table_that_is_not_there_is_a_finding():
    """With the column of its name in project.yaml."""
    said = findings_of(TEMPLATE, project=PROJECT)
    assert said[0].startswith('project.yaml:1:23: there is no table "products.csv" in the project.')


def test_a_table_may_lie_deeper_among_the_variables():
    """Wherever a value stands."""
    sources = with_table("id\na\nb\n", "{% shot s each p in all.products %}{{ p.id }}{% endshot %}")
    deeper = {**sources.texts, "project.yaml": "variables: {all: {products: ./products.csv}}\n"}
    film = compile_storyboard(Sources(project="demo", texts=deeper, files=sources.files)).storyboard
    assert [shot.id for shot in film.shots] == ["s.a", "s.b"]


def test_rows_that_are_separated_otherwise_are_one_finding():
    """Not one for each row: all have the same reason, and the advice names it."""
    with pytest.raises(StoryboardError) as raised:
        compile_storyboard(with_table("id;name;colour\nb7,Bottle,copper\nc2,Cup,white\n"))
    (finding,) = (each for each in raised.value.findings if each.code == "SB021")
    assert finding.says == "this row has one cell, but the table has 3 columns: id, name, colour."
    assert finding.help == "Separate all rows as the first line is: by , or ; or tabs."


def test_an_open_quote_in_a_table_is_said_in_plain_words():
    """Without those of the parser."""
    with pytest.raises(StoryboardError, match="a quote in this row closes too early, or never"):
        compile_storyboard(with_table('id,name,colour\nb7,"Bottle,copper\nc2,"Cup",white\n'))
