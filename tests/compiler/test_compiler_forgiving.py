"""What is meant is understood, where it can mean one thing only."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of, items_of

from pipeline.model.storyboard import Shot

BIBLE = """characters:
  hero: {description: A runner, name: Mara, images: [https://x/1.png, https://x/2.png]}
  dog: {description: A dog, images: https://x/3.png}
  cat: A cat
looks: {film: 35mm.}
"""
Z = "{% shot z %}x{% endshot %}"


def the_shot(storyboard: str) -> Shot:
    shot = items_of(storyboard, bible=BIBLE)["a"]
    assert isinstance(shot, Shot)
    return shot


@pytest.mark.parametrize("tag", ['"a" look=film', '"a" look="film"', 'id="a", look=film', "look=film id='a'"])
def test_a_shot_is_the_same_however_its_tag_is_written(tag: str):
    """Its id may have a name, and an entry of the bible quotes."""
    assert the_shot("{% shot " + tag + " %}x{% endshot %}").prompt == "x\n\n35mm."


@pytest.mark.parametrize("who", ["hero", '"hero"', "speaker=hero", 'speaker="hero"'])
def test_a_speaker_is_the_same_however_it_is_written(who: str):
    """First, by name, with quotes or without."""
    shot = the_shot("{% shot a %}x {% say " + who + " %}Go.{% endsay %}{% endshot %}")
    assert (shot.prompt, shot.captions[0].speaker) == ('x Mara says: "Go." No subtitles.', "Mara")


@pytest.mark.parametrize("line", ["Go.", '"Go."', "“Go.”", "「Go.」"])
def test_a_line_may_stand_in_quotes(line: str):
    """They are not said twice."""
    shot = the_shot("{% shot a %}x {% say hero %} " + line + " {% endsay %}{% endshot %}")
    assert (shot.prompt, shot.captions[0].text) == ('x Mara says: "Go." No subtitles.', "Go.")


@pytest.mark.parametrize("on", ["b.c", '"b.c"', "place"])
def test_an_item_may_be_named_without_quotes(on: str):
    """A name that there is means its value, as everywhere."""
    title = "{% title 'Hi' on=" + on + " %}"
    items = items_of('{% set place = "b.c" %}' + title + "{% shot a %}x{% endshot %}{% shot b.c %}y{% endshot %}")
    assert [title.text for title in items["b.c"].titles] == ["Hi"]


@pytest.mark.parametrize("refs", ["hero", '"hero"', "[hero]", "hero.images", '["https://x/1.png", "https://x/2.png"]'])
def test_refs_may_be_an_entry(refs: str):
    """For all of its pictures."""
    shot = the_shot("{% shot a refs=" + refs + " %}x{% endshot %}")
    assert [image.url for image in shot.images] == ["https://x/1.png", "https://x/2.png"]


@pytest.mark.parametrize("first", ["dog", "hero.images[0]"])
def test_a_picture_may_be_an_entry_that_has_one(first: str):
    """Of several, one has to be chosen."""
    assert the_shot("{% shot a first=" + first + " %}x{% endshot %}").images[0].role == "first"


@pytest.mark.parametrize("written", ["continues", "continues, look=film", "continues when true"])
def test_continues_may_stand_alone(written: str):
    """The shot before is meant."""
    shot = the_shot(Z + "{% shot a " + written + " %}x{% endshot %}")
    assert str(shot.continues) == "z"


@pytest.mark.parametrize("join", ["dissolve", "hold"])
def test_a_soft_join_without_a_length_takes_half_a_second(join: str):
    """12 frames of 24."""
    assert str(the_shot(Z + '{% shot a join="' + join + '" %}x{% endshot %}').join) == f"{join} 12"


@pytest.mark.parametrize(("place", "meant"), [("bottom", "lower"), ("Top", "upper"), ("middle", "center")])
def test_a_place_has_more_names_than_one(place: str, meant: str):
    """Those that people have for it."""
    assert the_shot('{% shot a %}x{% title "T" place="' + place + '" %}{% endshot %}').titles[0].place == meant


@pytest.mark.parametrize("place", ["top-left", "left top", "Top Left"])
def test_a_corner_may_be_said_in_any_order(place: str):
    """Of a logo."""
    film = compiled('{% logo "l.png" place="' + place + '" %}' + Z, files=("l.png",))
    assert film.logos[0].corner == "top-left"


def test_words_may_be_named():
    """A title's text, a caption's, a track's file."""
    template = '{% music "a.wav" %}' + Z + '{% title text="T" on="z" %}{% caption text="C" on="z" %}'
    film = compiled(template, files=("a.wav",))
    assert film.music and (film.items[0].titles[0].text, film.items[0].captions[0].text) == ("T", "C")


@pytest.mark.parametrize(
    ("storyboard", "says"),
    [
        ('{% shot "a" id="b" %}x{% endshot %}', '"id" is given twice.'),
        ("{% shot a refs=cat %}x{% endshot %}", "refs: the character cat has no images. Give it some in bible.yaml."),
        ("{% shot a first=hero %}x{% endshot %}", "first: this is one picture, and 2 are given."),
        ('{% shot "run-{{ hero }}" %}x{% endshot %}', "Leave the braces away, and join by ~"),
        ("{% shot a %}{{ camera.low() }}{% endshot %}", 'Write {% import "camera.jinja" as camera %} in the first'),
        ('{% shot a style="x" %}x{% endshot %}', 'a shot takes no "style". Did you mean "look"?'),
        ('{% card a text="x" duration="3s" %}', 'a card takes no "duration". Did you mean "for"?'),
        ("{% shot a %}{{ characters.hero }}{% endshot %}", "called by their own names: {{ hero }}."),
    ],
)
def test_what_may_mean_two_things_is_found(storyboard: str, says: str):
    """With what to write."""
    assert any(says in said for said in findings_of(storyboard, bible=BIBLE))


def test_a_gain_without_its_unit_is_one_of_decibels():
    """A level of music or of a voice can be nothing else."""
    film = compiled('{% music "a.m4a" gain="-8" %}{% shot a sound="off" %}x{% endshot %}', files=("a.m4a",))
    assert film.music is not None and film.music.gain_db == -8
    assert film.shots[0].sound.gain_db is None
