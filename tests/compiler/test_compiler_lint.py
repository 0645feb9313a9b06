"""What would make a film dearer or worse is said before money is spent, and can be allowed."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders_compiler import some_sources
from PIL import Image

from pipeline.compiler import compile_storyboard
from pipeline.compiler.measured import Measured, measure_pictures
from pipeline.errors import StoryboardError

HEARD = "A boat on the water. Gulls."


def warnings_of(storyboard: str, pictures: dict[str, Measured | None] | None = None, **texts: str) -> list[str]:
    """Every warning as `line:column code`, with what is said."""
    sources = some_sources(storyboard, files=tuple(pictures or ()), pictures=pictures, **texts)
    warnings = compile_storyboard(sources).warnings
    return [f"{w.source.line}:{w.source.column} {w.code} {w.says}" for w in warnings]


def a_shot(prompt: str, arguments: str = "", name: str = "a") -> str:
    return f"{{% shot {name} {arguments} %}}{prompt}{{% endshot %}}"


REFUSED = [
    ("Rain. A man with a pistol runs.", '"pistol": filters often refuse weapons'),
    ("Rain on a bloody knife.", '"bloody": filters often refuse violence'),
    ("雨聲。一個人拿著手槍奔跑。", '"槍": filters often refuse weapons'),
    ("雨声。地上一具尸体。", '"尸体": filters often refuse violence'),
    ("Music. Batman on a roof.", '"batman": filters often refuse characters and brands'),
]


@pytest.mark.parametrize(("prompt", "says"), REFUSED)
def test_a_word_that_filters_refuse_is_named(prompt: str, says: str):
    """A refused shot costs a round of waiting, and there is no film."""
    (said,) = warnings_of(a_shot(prompt))
    assert " SB501 " in said and says in said


@pytest.mark.parametrize(
    "prompt",
    ["Music. A blood orange.", "A drummer gunning for it.", "Hum of a glue gun.", "水槍聲", "擲出標槍，風聲。"],
)
def test_harmless_words_are_let_by(prompt: str):
    """Whole words count, and a few things are called after worse ones."""
    assert warnings_of(a_shot(prompt)) == []


def test_a_word_is_pointed_at_where_it_is_written():
    """Its line and column in the shot, behind tabs and Chinese, too."""
    (said,) = warnings_of("{% shot a %}\n\t雨聲。 A Pistol.\n{% endshot %}")
    assert said.startswith("2:8 SB501")


def test_a_word_that_a_variable_brought_is_pointed_at_by_its_shot():
    """There is no place in the template to point at."""
    (said,) = warnings_of("\n" + a_shot("{{ place }}"), project="variables: {place: a gun range with wind}")
    assert said.startswith("2:1 SB501")


ASKED = [
    'Wind. A wooden sign that says "Open".',
    "Rain. A neon reading OPEN.",
    "A quiet shop, a poster with the words Big Sale.",
    "Music. A text overlay fades in.",
    "海浪聲，招牌上寫著「營業中」。",
    "海浪声，画面出现字幕。",
]


@pytest.mark.parametrize("prompt", ASKED)
def test_words_in_the_picture_are_better_laid_over_it(prompt: str):
    """Models misspell them."""
    (said,) = warnings_of(a_shot(prompt))
    assert " SB502 " in said


NOT_ASKED = [
    "Wind. No text, no captions or logos.",
    "Wind, without any on-screen text.",
    "海浪聲。不要字幕，沒有文字。",
    'She says: "Carry the mountain." No subtitles.',
    "She reads a letter aloud.",
    "A title fight; the crowd roars.",
    "她在桌上寫著信，雨聲。",
]


@pytest.mark.parametrize("prompt", NOT_ASKED)
def test_what_asks_for_no_words_is_let_by(prompt: str):
    """Prompts say that they want none, and people say things."""
    assert warnings_of(a_shot(prompt)) == []


@pytest.mark.parametrize(("words", "trim", "is_long"), [(20, "", False), (21, "", True), (8, "0s-3s", True)])
def test_what_is_said_has_to_fit(words: int, trim: str, is_long: bool):
    """2.5 words a second: 20 in 8 s, 7 in 3 s."""
    prompt = f'She says: "{" ".join(["go"] * words)}"'
    said = warnings_of(a_shot(prompt, f'trim="{trim}"' if trim else ""))
    assert [" SB503 " in line for line in said] == [True] * is_long


def test_chinese_is_counted_by_its_characters():
    """4.5 a second: 37 take longer than 8 s."""
    (said,) = warnings_of(a_shot(f"她說：「{'走' * 37}」"))
    assert "takes about 8.2 s, but 8 s are seen" in said


@pytest.mark.parametrize(("arguments", "count"), [("", 1), ('sound="mute"', 0), ('allow="SB504"', 0)])
def test_a_shot_says_what_is_heard(arguments: str, count: int):
    """Unless nothing of it is heard, or the author does not mind."""
    assert len(warnings_of(a_shot("A boat.", arguments))) == count


def test_the_same_request_twice_is_one_clip():
    """Equal requests are bought once."""
    (said,) = warnings_of(a_shot(HEARD) + "\n" + a_shot(HEARD, name="b"))
    assert said == "2:1 SB507 b asks for the very same as a (storyboard.jinja:1:1): one clip would be seen twice."


def test_an_id_that_counts_is_found():
    """One more at the front, and every clip behind it is bought anew."""
    (said,) = warnings_of(
        '{% for c in cities %}{% shot ("run" ~ loop.index) %}{{ c }}. Wind.{% endshot %}{% endfor %}'
    )[:1]
    assert "SB508 the id run1 counts (loop.index)" in said


def a_picture(width_px: int = 1920, height_px: int = 1080, size_bytes: int = 1_000) -> dict[str, Measured | None]:
    return {"a.png": Measured(width_px=width_px, height_px=height_px, size_bytes=size_bytes)}


PICTURES = [
    (a_picture(), "first", []),
    (a_picture(1920, 1190), "first", []),
    (a_picture(1920, 1210), "first", ["SB506"]),
    (a_picture(1000, 1000), "refs", []),
    (a_picture(5120, 2880), "first", ["SB505"]),
    (a_picture(size_bytes=10_000_001), "refs", ["SB505"]),
]


@pytest.mark.parametrize(("pictures", "role", "codes"), PICTURES)
def test_pictures_have_the_size_and_the_shape_that_are_sent(
    pictures: dict[str, Measured | None], role: str, codes: list[str]
):
    """At most 10 MB and 4,096 pixels; first and last as wide as the film, give or take a tenth."""
    said = warnings_of(a_shot(HEARD, f'{role}="a.png"'), pictures)
    assert [line.split()[1] for line in said] == codes


def test_a_broken_picture_is_an_error():
    """Nothing could be sent of it."""
    with pytest.raises(StoryboardError, match=r'SB305 "a\.png" cannot be read as a picture'):
        warnings_of(a_shot(HEARD, 'first="a.png"'), {"a.png": None})


def test_pictures_are_measured_by_their_headers(tmp_path: Path):
    """What is no picture is None; what has another name is not looked at."""
    Image.new("RGB", (30, 20)).save(tmp_path / "a.png")
    (tmp_path / "b.jpg").write_text("no picture")
    files = {name: tmp_path / name for name in ("a.png", "b.jpg", "c.txt")}
    measured = measure_pictures(files)
    assert measured.keys() == {"a.png", "b.jpg"} and measured["b.jpg"] is None
    assert measured["a.png"] and (measured["a.png"].width_px, measured["a.png"].height_px) == (30, 20)


def test_a_long_chain_is_found_once():
    """a ← b ← c ← d ← e: the fourth step is one too many."""
    chain = a_shot("a. Wind.") + "".join(a_shot(f"{name}. Wind.", "continues=true", name) for name in "bcdef")
    (said,) = warnings_of(chain)
    assert "SB509 e is the 4th shot in a row" in said


def test_a_chain_is_counted_as_it_is_shot():
    """Whatever the order of the film is."""
    pairs = zip("edcb", "dcba", strict=True)
    chain = "".join(a_shot(f"{name}. Wind.", f'continues="{other}"', name) for name, other in pairs)
    (said,) = warnings_of(chain + a_shot("a. Wind."))
    assert "SB509 e is the 4th shot in a row" in said


OTHERS = [
    (1, 'mute it: sound="mute".'),
    (2, "The same goes for a.1."),
    (4, "The same goes for a.1, a.2, a.3."),
    (5, "The same goes for a.1, a.2 and 2 more."),
]


@pytest.mark.parametrize(("count", "ending"), OTHERS)
def test_the_shots_of_one_tag_are_one_warning(count: int, ending: str):
    """Twenty would hide what else there is."""
    film = f"{{% shot a each n in range({count}) %}}Boat {{{{ n }}}}.{{% endshot %}}"
    (warning,) = compile_storyboard(some_sources(film)).warnings
    assert warning.help.endswith(ending)


@pytest.mark.parametrize("allowed", ["SB504", "[SB504, SB507]"])
def test_the_project_allows_for_the_whole_film(allowed: str):
    """One code or a list of them."""
    assert warnings_of(a_shot("A boat."), project=f"lint: {{allow: {allowed}}}") == []


def test_a_scene_allows_for_its_shots():
    """And for them alone."""
    film = '{% scene s allow="SB504" %}' + a_shot("A boat.") + "{% endscene %}" + a_shot("A ship.", name="b")
    (said,) = warnings_of(film)
    assert "SB504 b " in said


def test_errors_come_without_advice():
    """First the film has to be one."""
    with pytest.raises(StoryboardError) as raised:
        warnings_of(a_shot("A boat.") + a_shot("{{ nope }}", name="b"))
    assert [finding.code for finding in raised.value.findings] == ["SB109"]


@pytest.mark.parametrize(
    "prompt",
    ['{% say "Mara" %}Go.{% endsay %}', 'She says: "Go."', 'Mara says: "Go."{% caption "Go." %}', "Mara says nothing."],
)
def test_speech_that_is_shown_or_has_no_name_is_let_by(prompt: str):
    """A caption may stand there already, and a pronoun names nobody."""
    assert warnings_of(a_shot(prompt)) == []
