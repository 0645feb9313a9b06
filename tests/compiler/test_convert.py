"""A storyboard as data becomes a template that asks for the same film, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_shot, a_storyboard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.compiler import Sources, compile_storyboard, read_sources
from pipeline.compiler.authored import author
from pipeline.conversion import convert_document, is_same_film, write_project
from pipeline.errors import UsageError
from pipeline.model.finding import Source
from pipeline.model.instructions import Continuation, Ducking, Mend, Mends, Sound, Trim
from pipeline.model.join import Join, JoinKind
from pipeline.model.storyboard import (
    Caption,
    Card,
    Corner,
    Footage,
    GenerationType,
    Image,
    Logo,
    Music,
    Narration,
    Shot,
    Storyboard,
    Title,
    TitlePlace,
)
from pipeline.project import ProjectPaths
from pipeline.shipped import shipped_dir
from pipeline.starters import Starter, starters

HERE = Source(path="storyboard.jinja", line=1)
FILES = frozenset({"assets/end.mp4", "assets/theme.m4a", "assets/voice.m4a", "assets/logo.png"})
FRAMES = GenerationType.FRAMES

AWKWARD = (
    "A runner.",
    "Line one.\n\n  Indented.\n\tAfter a tab.",
    "Braces {{ hero }} and {% shot %} and {# a note #} as they are.",
    "It ends here: {% endshot %} but goes on.",
    "It ends here, too: {%- endshot -%} {{ x }}",
    "A line of blanks:\n   \nand on.",
    "\"Quotes\", 'both', “curly”, 「方括」 and a \\ backslash.",
    "100 % of {braces}, {{{three}}} and a brace at the end {",
    "{% raw %} {{ x }} {% endraw %}",
    "跑者，沿著河。",
    "🏃 A rocket 🚀 beyond the first plane.",
)


def written_anew(storyboard: Storyboard) -> Storyboard:
    """What the template of `storyboard` compiles to."""
    return compile_storyboard(Sources(project="demo", texts=author(storyboard), files=FILES)).storyboard


@pytest.mark.parametrize("prompt", AWKWARD)
def test_a_prompt_comes_back_word_for_word(prompt: str) -> None:
    """Whatever in it looks like a tag."""
    board = a_storyboard(a_shot(prompt=prompt, titles=(Title(text="Over it", source=HERE),)))
    assert is_same_film(written_anew(board), board)


@pytest.mark.parametrize(
    "words",
    [
        "He said “hi”.",
        "他說「好」，％＝（）：",
        'It\'s 100 % \\ done\n— "quoted"',
        "a %} b #} c }} d",
        "\u2028x\u3000y",
    ],
)
def test_words_in_tags_come_back_word_for_word(words: str) -> None:
    """Though quotes and signs of other keyboards are understood there."""
    card = Card(id="c", scene="s", text=words, frames=48, source=HERE)
    board = a_storyboard(a_shot(titles=(Title(text=words, source=HERE),)), card)
    assert is_same_film(written_anew(board), board)


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab {}%#\"'\\\n\t-éü。「”", min_size=1).map(str.strip).filter(bool))
def test_any_prompt_comes_back_word_for_word(prompt: str) -> None:
    """Made of what our tags are made of."""
    board = a_storyboard(a_shot(prompt=prompt))
    assert is_same_film(written_anew(board), board)


def test_a_whole_film_comes_back() -> None:
    """Every kind of item, with all that can be said of it."""
    pictures = (
        Image(role="first", url="https://example.com/a.png"),
        Image(role="last", url="https://example.com/b.png"),
    )
    titles = (Title(text='Two\n"lines"', place=TitlePlace.LOWER, start=12, frames=48, source=HERE),)
    board = a_storyboard(
        a_shot("run.paris", titles=titles, trim=Trim(start=12, stop=180)),
        a_shot("swim", join=Join(kind=JoinKind.DISSOLVE, frames=12), sound=Sound(gain_db=-6.0)),
        a_shot("dive", generation="FIRST_AND_LAST_FRAMES_2_VIDEO", images=pictures, sound=Sound(gain_db=None)),
        Footage(id="end", scene="s", file="assets/end.mp4", trim=Trim(stop=72), titles=titles, source=HERE),
        Card(id="legal", scene="s", text="Drink\nresponsibly", frames=48, ground="#ffffff", source=HERE),
        music=Music(file="assets/theme.m4a", gain_db=-7.5, fade_in=12, fade_out=0, source=HERE),
    )
    assert is_same_film(written_anew(board), board)


@pytest.mark.parametrize("join", ["hold 3", "dip 24", "dip 24 white", "wipe 12", "slide 12 up", "push 12 right"])
def test_every_join_comes_back(join: str) -> None:
    """As it was written."""
    board = a_storyboard(a_shot("a"), a_shot("b", join=Join.parse(join)))
    assert is_same_film(written_anew(board), board)


def test_sound_beside_its_picture_comes_back() -> None:
    """Of a shot, and over a card."""
    card = Card(id="end", scene="s", text="End", frames=48, lag=6, source=HERE)
    board = a_storyboard(
        a_shot("a"), a_shot("b", trim=Trim(start=24, stop=180), lead=12), card, a_shot("c", trim=Trim(start=1), lead=1)
    )
    assert is_same_film(written_anew(board), board)


def test_music_comes_back_with_its_place_and_its_ducking() -> None:
    """As it was written."""
    music = Music(file="assets/theme.m4a", on="b", start=12, trim=Trim(start=24), source=HERE)
    board = a_storyboard(
        a_shot("a"), a_shot("b"), music=music.model_copy(update={"duck": Ducking.parse("-9.5dB 3f 12f")})
    )
    assert is_same_film(written_anew(board), board)


def test_what_is_heard_and_laid_over_comes_back() -> None:
    """Voices, captions and logos, over the film and over an item, and a shot whose braces shut its tags out."""
    caption = Caption(text="Heard {as} is", speaker="Mara", start=12, frames=36, source=HERE)
    board = a_storyboard(
        a_shot("a", captions=(caption,), mend=Mends(kept=frozenset({Mend.CLICK}))),
        a_shot(
            "b", prompt="{{ b }}", captions=(caption,), continues=Continuation(shot="a", frame=-3), generation=FRAMES
        ),
        narrations=(
            Narration(file="assets/voice.m4a", gain_db=-3.5, source=HERE),
            Narration(file="assets/voice.m4a", on="b", start=24, trim=Trim(stop=48), source=HERE),
        ),
        logos=(
            Logo(file="assets/logo.png", corner=Corner.CENTER, width=0.125, source=HERE),
            Logo(file="assets/logo.png", on="a", start=12, frames=24, source=HERE),
        ),
    )
    assert is_same_film(written_anew(board), board)


def test_a_look_is_written_once_for_its_scene() -> None:
    """And a shot that goes without says so."""
    look = "Grain."
    scene = a_storyboard().scenes[0].model_copy(update={"look": look})
    board = a_storyboard(a_shot("a", prompt=f"A.\n\n{look}"), a_shot("b", prompt="B."))
    board = board.model_copy(update={"scenes": (scene,)})
    template = author(board)["storyboard.jinja"]
    assert template.count("Grain.") == 1 and 'look=""' in template
    assert is_same_film(written_anew(board), board)


def test_items_outside_of_scenes_and_scenes_without_items_stay() -> None:
    """In their order."""
    scenes = tuple(a_storyboard().scenes[0].model_copy(update={"id": name}) for name in ("empty", "s", "last"))
    loose = Shot(id="loose", scene="", prompt="Loose.", source=HERE)
    board = a_storyboard(loose, a_shot()).model_copy(update={"scenes": scenes})
    assert is_same_film(written_anew(board), board)


def test_a_document_becomes_a_project_with_its_files(tmp_path: Path) -> None:
    """The clips that it names go along; others stay."""
    old = tmp_path / "old"
    (old / "assets").mkdir(parents=True)
    for name in ("end.mp4", "unused.mp4"):
        (old / "assets" / name).write_bytes(b"clip")
    items = '{"kind": "shot", "id": "a", "prompt": "A."}, {"kind": "footage", "id": "b", "file": "assets/end.mp4"}'
    (old / "storyboard.json").write_text(f'{{"items": [{items}]}}')
    write_project(convert_document(old / "storyboard.json"), tmp_path / "new")
    made = sorted(path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*.*"))
    assert made == ["assets/end.mp4", "project.yaml", "storyboard.jinja"]


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """The error says where it is."""
    (tmp_path / "storyboard.yaml").write_text("items: [{kind: shot, id: a, prompt: A.}]")
    converted = convert_document(tmp_path / "storyboard.yaml")
    with pytest.raises(UsageError, match="is there already"):
        write_project(converted, tmp_path)


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.name)
def test_every_starter_comes_back_from_its_data(starter: Starter) -> None:
    """Captions, lines, continuations, logos and pictures too."""
    sources = read_sources(ProjectPaths(starter.folder), shipped_dir() / "templates")
    board = compile_storyboard(sources).storyboard
    anew = Sources(project="demo", texts=author(board), files=sources.files, pictures=sources.pictures)
    assert is_same_film(compile_storyboard(anew).storyboard, board)
