"""The page that people and models write from: what it shows compiles, and what it says of it is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.compiler import Sources, compile_storyboard
from pipeline.compiler.compile import Compiled
from pipeline.compiler.findings import Findings
from pipeline.compiler.listing import list_series
from pipeline.errors import StoryboardError
from pipeline.model.storyboard import Card, Corner, Music, Shot
from pipeline.shipped import language_path, shipped_dir
from pipeline.timecode import SHOT_FRAMES

PAGE = language_path().read_text(encoding="utf-8")
TEMPLATES = {f"templates/{path.name}": path.read_text() for path in (shipped_dir() / "templates").glob("*.jinja")}


def blocks_of(language: str) -> list[str]:
    """What stands between the page's fences of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def yaml_called(name: str) -> str:
    """The block that begins with the name of its file."""
    return next(block for block in blocks_of("yaml") if block.startswith(f"# {name}"))


def compiled(name: str, text: str) -> Compiled:
    """A storyboard beside the page's own project.yaml and bible.yaml, and the files that it names."""
    own = {file: yaml_called(file) for file in ("project.yaml", "bible.yaml")}
    files = frozenset(re.findall(r'"(assets/[^"]+)"', text))
    return compile_storyboard(Sources(project="demo", texts={**TEMPLATES, **own, name: text}, files=files))


@pytest.mark.parametrize("number", range(len(blocks_of("jinja"))))
def test_every_storyboard_of_the_page_compiles(number: int) -> None:
    """As it stands, without a warning."""
    assert compiled("storyboard.jinja", blocks_of("jinja")[number]).warnings == ()


def test_the_document_of_the_page_compiles() -> None:
    """The film without a template."""
    assert len(compiled("storyboard.yaml", yaml_called("storyboard.yaml")).storyboard.items) == 2


def films_of_the_page(*files: str, variants: str = "") -> dict[str, Compiled]:
    """The page's film as the series that it shows, by the names of the films."""
    own = {file: yaml_called(file) for file in ("project.yaml", "bible.yaml", *files)}
    own["project.yaml"] += f"{variants}\n"
    boards = dict.fromkeys(("storyboard.jinja", "bridge.jinja", "short.jinja"), blocks_of("jinja")[0])
    sources = Sources(project="demo", texts={**TEMPLATES, **own, **boards})
    series = list_series(Findings(sources))
    assert series is not None
    return {episode.name: compile_storyboard(sources.of(episode)) for episode in series.episodes}


def test_the_series_of_the_page_compiles() -> None:
    """Both its films, without a warning, with the ids that it promises."""
    films = films_of_the_page("series.yaml")
    assert [each.warnings for each in films.values()] == [(), ()]
    assert "s01e01.run.beach" in [shot.id for shot in films["s01e01"].storyboard.shots]
    assert "`s01e01.run.beach`" in PAGE


def test_the_variants_of_the_page_compile() -> None:
    """Under the names that it gives, of the film and of every episode."""
    (variants,) = re.findall(r"`(variants: [^`]+)`", PAGE)
    assert list(films_of_the_page(variants=variants)) == ["en-full", "en-short", "de-full", "de-short"]
    assert next(iter(films_of_the_page("series.yaml", variants=variants))) == "s01e01-en-full"


def test_the_page_counts_its_own_film_right() -> None:
    """Four shots and a card; the lengths are added here, the joins taken off."""
    storyboard = compiled("storyboard.jinja", blocks_of("jinja")[0]).storyboard
    assert [shot.id for shot in storyboard.shots] == ["wait", "run.beach", "run.bridge", "back"]
    lengths = [
        item.trim.within(SHOT_FRAMES).stop if isinstance(item, Shot) else item.frames
        for item in storyboard.items
        if isinstance(item, Shot | Card)
    ]
    assert sum(lengths) - sum(item.join.overlap for item in storyboard.items) == 32 * 24


def test_the_ids_that_the_page_promises_are_those() -> None:
    """Of the example of `each`."""
    shots = compiled("storyboard.jinja", blocks_of("jinja")[1]).storyboard.shots
    assert [shot.id for shot in shots] == ["leg.beach.calm", "leg.bridge.calm", "leg.bridge.stormy"]
    assert all(f"`{shot.id}`" in PAGE for shot in shots)


def test_what_is_said_reads_as_the_page_quotes_it() -> None:
    """The sentence of the prompt."""
    table = compiled("storyboard.jinja", blocks_of("jinja")[2]).storyboard.shots[0]
    sentence = 'Mara says, in a low, warm voice: "You kept the light on."'
    assert sentence in table.prompt and f"`{sentence}`" in PAGE


def test_every_camera_move_is_on_the_page() -> None:
    """A model that sees nothing else can use them all."""
    moves = re.findall(r"macro (\w+)\(", TEMPLATES["templates/camera.jinja"])
    assert moves and all(f"`{move}(" in PAGE for move in moves)


def test_the_page_is_one_page() -> None:
    """It is given to a model whole."""
    assert len(PAGE.splitlines()) <= 216


def test_the_page_speaks_of_every_shared_template() -> None:
    """Those that come along."""
    assert all(Path(name).name in PAGE for name in TEMPLATES)


def test_a_finding_looks_as_the_page_shows_it() -> None:
    """What the page's own film would get, had it called its hero by another name."""
    broken = blocks_of("jinja")[0].replace("{{ hero }} runs", "{{ her }} runs")
    with pytest.raises(StoryboardError) as raised:
        compiled("storyboard.jinja", broken)
    assert f"```\n{raised.value}\n```" in PAGE


def test_the_defaults_that_the_page_gives_are_those() -> None:
    """Of what is laid over the film."""
    film = compiled(
        "storyboard.jinja", blocks_of("jinja")[3].replace(' place="bottom-right" width="18%"', "")
    ).storyboard
    (logo,), (narration,) = film.logos, film.narrations
    assert film.music is not None and Music(file="a", source=film.music.source).gain_db == -12
    assert (logo.corner, logo.width, narration.gain_db) == (Corner.TOP_RIGHT, 0.12, 0)
    assert (
        all(f"`{words}`" in PAGE for words in ('"top-right"', '"#101418"', '"0s"', '"1s"')) and "; -12dB, 0dB;" in PAGE
    )
