"""A film without a template: all that a template can say, as data, with the same rules and places."""

from __future__ import annotations

import json

import pytest
from builders_compiler import compiled, findings_of, some_sources

from pipeline.compiler import compile_storyboard
from pipeline.model.storyboard import GenerationType, Shot, Storyboard

FILES = ("a.png", "b.png", "logo.png", "voice.wav", "theme.wav", "clip.mov")


def film_of(document: str, **rest: object) -> Storyboard:
    return compiled(document, name="storyboard.yaml", files=FILES, **rest)


def test_every_field_may_be_written_short():
    """A scene by its id, words, files and pictures alone."""
    film = film_of("""scenes: [beach]
items:
  - {kind: shot, id: a, scene: beach, prompt: x, images: [a.png, "https://x/b.png"], mend: click}
  - {kind: shot, id: b, prompt: y, continues: a -3, titles: [Hello], captions: [{text: Hi, start: 1s, frames: 2s}]}
narrations: [voice.wav]
logos: [logo.png, {file: logo.png, on: a, width: 20%, frames: 1s}]
music: theme.wav
""")
    first, second = film.shots
    assert [image.file or image.url for image in first.images] == ["a.png", "https://x/b.png"]
    assert (first.generation, second.generation) == (GenerationType.REFERENCE, GenerationType.FRAMES)
    assert (str(second.continues), second.titles[0].text, second.captions[0].frames) == ("a -3", "Hello", 48)
    assert (film.narrations[0].file, film.logos[1].width, film.logos[1].frames) == ("voice.wav", 0.2, 24)
    assert film.music and film.music.file == "theme.wav" and film.scenes[0].id == "beach"


def test_true_continues_the_shot_before():
    """At the frame of project.yaml, as in a template."""
    document = "items:\n  - {kind: shot, id: a, prompt: x}\n  - {kind: shot, id: b, prompt: y, continues: true}\n"
    assert str(film_of(document, project="continuity: {frame: -2}\n").shots[1].continues) == "a -2"


RULES = [
    ("{kind: shot, id: a, prompt: x, continues: true}", "2:36: there is no shot before this one."),
    ("{kind: shot, id: a, prompt: x, continues: z}", '2:47: no shot is called "z".'),
    ("{kind: shot, id: a, prompt: x, continues: a}", "2:47: these shots go on from each other in a circle: a → a."),
    ("{kind: shot, id: a, prompt: x, continues: a -9}", '2:47: "a -9": a shot goes on from one of the last frames.'),
    ("{kind: shot, id: a, prompt: x, images: [c.png]}", '2:44: there is no file "c.png" in the project.'),
    ("{kind: shot, id: a, prompt: x, mend: clack}", '2:42: "clack" is no mend.'),
    ("{kind: shot, id: a, prompt: x}\nlogos: [{file: logo.png, width: 95%}]", '3:26: width: "95%" is no width.'),
    ("{kind: shot, id: a, prompt: x}\nlogos: [{file: a.png, on: b}]", '3:27: no item is called "b".'),
    ("{kind: shot, id: a, prompt: x}\nnarrations: [{file: v.wav}]", '3:21: there is no file "v.wav"'),
    (
        "{kind: shot, id: a, prompt: x, captions: [{text: y, start: 9s}]}",
        "2:64: this caption begins at 9 s, but a lasts 8 s.",
    ),
]


@pytest.mark.parametrize(("item", "says"), RULES)
def test_a_mistake_in_a_document_has_its_place(item: str, says: str):
    """Line and column of the key."""
    said = findings_of("items:\n  - " + item + "\n", name="storyboard.yaml", files=FILES)
    assert len(said) == 1 and said[0].startswith(f"storyboard.yaml:{says}"), said


def test_a_film_with_everything_is_read_again():
    """build/storyboard.json of any film is a storyboard itself, whatever project.yaml says about late frames."""
    template = """{% scene s look=place mend="click" %}{% shot a %}{{ hero }} {% say hero %}Hi.{% endsay %}{% endshot %}
    {% shot b continues="a 0" last="a.png" %}y{% caption "Wind" from="1s" %}{% endshot %}{% endscene %}
    {% shot c refs="b.png" mend="none" %}z{% endshot %}{% narration "voice.wav" on="b" trim="0s-1s" gain="-3dB" %}
    {% logo "logo.png" place="center" width="33%" on="c" from="12f" %}{% footage f file="clip.mov" %}"""
    film = compiled(template, files=FILES)
    again = some_sources(film.to_json(), name="storyboard.json", files=FILES, project="continuity: {frame: -3}\n")
    assert isinstance(film.items[0], Shot) and film.items[0].made_of and json.loads(film.to_json())
    read = compile_storyboard(again).storyboard
    assert read.model_copy(update={"title": film.title}) == film
