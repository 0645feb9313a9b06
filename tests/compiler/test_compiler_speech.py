"""What is said: in the prompt word for word, and as captions in time."""

from __future__ import annotations

import pytest
from builders_compiler import findings_of, items_of, the_prompt

from pipeline.compiler.speech import frames_to_say
from pipeline.model.storyboard import Caption

BIBLE = """characters:
  hero: {description: A runner, name: Mara, voice: "low, warm voice"}
  man: {description: An old man, voice: in a whisper}
"""


def captions(storyboard: str, item: str = "a", **rest: object) -> list[tuple[str, str, int, int | None]]:
    found: tuple[Caption, ...] = items_of(storyboard, bible=BIBLE, **rest)[item].captions
    return [(caption.speaker, caption.text, caption.start, caption.frames) for caption in found]


@pytest.mark.parametrize(
    ("speaker", "sentence"),
    [
        ("hero", 'Mara says, in a low, warm voice: "Go."'),
        ("man", 'An old man says, in a whisper: "Go."'),
        ('"The captain"', 'The captain says: "Go."'),
    ],
)
def test_what_is_said_stands_in_the_prompt_at_its_place(speaker: str, sentence: str):
    """By name, else by description; and no subtitles are painted."""
    template = "{% shot a %}\n  Dawn.\n  {% say " + speaker + " %}Go.{% endsay %}\n  Wind.\n{% endshot %}"
    assert the_prompt(template, bible=BIBLE) == f"Dawn.\n{sentence}\nWind. No subtitles."


@pytest.mark.parametrize(
    ("speaker", "words", "sentence"),
    [
        ("ama", "回來了。", "阿嬤以溫柔的聲音說：「回來了。」"),
        ('"船長"', "走吧。", "船長說：「走吧。」"),
        ('"老人"', "你们回来了。", "老人说：「你们回来了。」"),
        ('"母"', "お帰り。", '母 says: "お帰り。"'),
    ],
)
def test_who_is_described_in_chinese_speaks_in_a_chinese_sentence(speaker: str, words: str, sentence: str):
    """In the characters of the words; what is written in Japanese is left to English."""
    bible = "characters:\n  ama: {description: 一位老奶奶, name: 阿嬤, voice: 溫柔的聲音}\n"
    template = "{% shot a %}清晨的港口。{% say " + speaker + " %}" + words + "{% endsay %}{% endshot %}"
    said = the_prompt(template, bible=bible)
    assert said.startswith(f"清晨的港口。{sentence}")
    assert said.endswith(("不要字幕。", "No subtitles."))


def test_a_chinese_prompt_is_kept_free_of_subtitles_in_chinese():
    """And says so once."""
    template = "{% shot a look='不要字幕' %}清晨的港口。{% say '老人' %}走吧。{% endsay %}{% endshot %}"
    assert the_prompt(template) == "清晨的港口。老人說：「走吧。」\n\n不要字幕"
    assert the_prompt(template.replace(" look='不要字幕'", "")) == "清晨的港口。老人說：「走吧。」不要字幕。"


def test_a_line_may_stand_between_its_tags_on_lines_of_its_own():
    """Neither line break is swallowed."""
    template = "{% shot a %}\n  Dawn.\n  {% say hero %}\n    Go\n    on.\n  {% endsay %}\n  Wind.\n{% endshot %}"
    assert the_prompt(template, bible=BIBLE).startswith('Dawn.\nMara says, in a low, warm voice: "Go\n  on."\nWind.')


def test_no_subtitles_is_said_once():
    """And not at all if the author or the look says so already."""
    twice = "{% shot a %}x {% say hero %}A.{% endsay %} {% say man %}B.{% endsay %}{% endshot %}"
    assert the_prompt(twice, bible=BIBLE).count("No subtitles.") == 1
    look = '{% shot a look="Film, no subtitles." %}x {% say hero %}A.{% endsay %}{% endshot %}'
    assert the_prompt(look, bible=BIBLE).endswith('"A."\n\nFilm, no subtitles.')


@pytest.mark.parametrize(
    ("words", "frames"),
    [("one two three four five", 48), ("一二三四五六七八九", 48), ("don't stop", 20), ("！", 1), ("跑 run", 15)],
)
def test_speech_takes_its_time(words: str, frames: int):
    """2.5 words or 4.5 CJK characters a second: 5 words are 2 s, so are 9 characters; "跑 run" 0.622 s, 15 frames."""
    assert frames_to_say(words) == frames


def test_lines_follow_one_another_from_the_twelfth_frame_on():
    """5 words take 48 frames; a time that is written down holds, and the next follows it."""
    template = """{% shot a %}x {% say hero %}one two three four five{% endsay %}
    {% say man from="4s" for="1s" %}Hm.{% endsay %}{% say hero %}one two three four five{% endsay %}{% endshot %}"""
    assert [each[2:] for each in captions(template)] == [(12, 48), (96, 24), (120, 48)]
    assert [each[0] for each in captions(template)] == ["Mara", "man", "Mara"]


def test_a_line_too_long_for_its_shot_is_cut_to_it():
    """The linter says that it is too long; its caption ends with the clip."""
    template = '{% shot a trim="0s-2s" %}x {% say hero %}' + "word " * 20 + "{% endsay %}{% endshot %}"
    assert captions(template)[0][2:] == (12, 36)


def test_who_has_no_name_brings_the_pictures_of_the_description():
    """A name alone cannot be seen."""
    bible = "characters:\n  hero: {description: A runner, images: [https://x/1.png]}\n"
    shot = items_of("{% shot a %}x {% say hero %}Go.{% endsay %}{% endshot %}", bible=bible)["a"]
    assert [image.url for image in shot.images] == ["https://x/1.png"]  # type: ignore[union-attr]


def test_a_caption_is_placed_like_a_title():
    """In its shot, or over the item that `on` names; its speaker may be a character."""
    template = """{% shot a %}x{% caption "Hello." speaker=hero from="1s" for="2s" %}{% endshot %}
    {% card c text="y" %}{% caption "Wind." on="c" %}"""
    assert captions(template) == [("Mara", "Hello.", 24, 48)]
    assert captions(template, "c") == [("", "Wind.", 0, None)]


def test_a_macro_may_speak():
    """And what it says may be a variable, which the prompt knows that it is made of."""
    macro = "{% macro greet(who) %}{% say who %}{{ place }}!{% endsay %}{% endmacro %}"
    template = macro + "{% shot a %}x {{ greet(hero) }}{% endshot %}"
    shot = items_of(template, bible=BIBLE)["a"]
    assert shot.prompt == 'x Mara says, in a low, warm voice: "a beach!" No subtitles.'  # type: ignore[union-attr]
    assert [each.name for each in shot.made_of] == ["hero.name", "hero.voice", "place"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("storyboard", "says"),
    [
        ("{% say hero %}x{% endsay %}", "this say stands outside of every shot."),
        ("{% shot a %}x{% say %}y{% endsay %}{% endshot %}", "nobody says this."),
        ("{% shot a %}x{% say hero %} {% endsay %}{% endshot %}", "this say has no words."),
        ("{% shot a %}x{% say hero %}y{% endshot %}", "{% say %} is not closed before the {% endshot %}"),
        ("{% shot a %}x{% say hero %}y{% say hero %}z{% endsay %}{% endsay %}{% endshot %}", "inside of a say."),
        ('{% shot a %}x{% caption "" %}{% endshot %}', "this caption has no words."),
        ('{% shot a %}x{% caption "y" from="9s" %}{% endshot %}', "this caption begins at 9 s"),
    ],
)
def test_speech_that_is_not_whole_is_found(storyboard: str, says: str):
    """With what is missing."""
    assert any(says in said for said in findings_of(storyboard, bible=BIBLE))
