"""What stands on items and over the film."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of, items_of, some_sources

from pipeline.compiler import compile_storyboard
from pipeline.model.instructions import Mend
from pipeline.model.storyboard import Corner

FILES = ("logo.png", "logo.jpg", "voice.wav")
SHOT = "{% shot a %}x{% endshot %}"


def test_a_narration_begins_with_an_item_or_with_the_film():
    """In a shot, by `on`, or with neither; several of them."""
    template = """{% narration "voice.wav" gain="-3dB" %}{% narration "voice.wav" on="b" from="1s" trim="0s-2s" %}
    {% shot a %}x{% narration file="voice.wav" %}{% endshot %}{% shot b %}y{% endshot %}"""
    voices = compiled(template, files=FILES).narrations
    assert [(each.on, each.start, str(each.trim), each.gain_db) for each in voices] == [
        ("a", 0, "0f-", 0.0),
        ("", 0, "0f-", -3.0),
        ("b", 24, "0f-48f", 0.0),
    ]


@pytest.mark.parametrize(("width", "share"), [('"12%"', 0.12), ("20", 0.2), ("0.3", 0.3), ('"１５％"', 0.15)])
def test_a_logo_has_its_corner_and_its_width(width: str, share: float):
    """A share of the picture, however it is written."""
    template = '{% logo "logo.png" place="bottom-left" width=' + width + " %}" + SHOT
    (logo,) = compiled(template, files=FILES).logos
    assert (logo.corner, logo.width, logo.on) == (Corner.BOTTOM_LEFT, share, "")


def test_a_logo_over_an_item_has_times():
    """As a title has."""
    template = SHOT + '{% logo file="logo.png" on="a" from="1s" for="2s" %}'
    (logo,) = compiled(template, files=FILES).logos
    assert (logo.on, logo.start, logo.frames) == ("a", 24, 48)


def test_on_is_heard_inside_a_shot_too():
    """What stands in one shot may be about another."""
    items = items_of('{% shot a %}x{% title "T" on="b" %}{% endshot %}{% shot b %}y{% endshot %}')
    assert [len(item.titles) for item in items.values()] == [0, 1]


def test_mends_of_a_scene_hold_for_its_items():
    """Unless they say otherwise."""
    template = """{% scene s mend="none" %}{% shot a %}x{% endshot %}{% shot b mend="click" %}y{% endshot %}
    {% footage f file="voice.wav" mend="all" %}{% endscene %}"""
    assert [item.mend.kept for item in compiled(template, files=FILES).items] == [
        frozenset(),
        {Mend.CLICK},
        frozenset(Mend),
    ]


@pytest.mark.parametrize(
    ("tag", "says"),
    [
        ('{% logo "logo.png" from="1s" %}', "1:25: this logo stands over the whole film, which has no `from`."),
        ('{% logo "logo.png" on="z" %}', '1:23: no item is called "z".'),
        ('{% logo "logo.jpg" %}', '1:1: the logo "logo.jpg" is no PNG.'),
        ('{% logo "logo.png" width="99%" %}', '1:26: width: "99%" is no width.'),
        ('{% logo "logo.png" place="left" %}', '1:26: place: "left" is no place for a logo.'),
        ("{% logo %}", "1:1: this logo has no file."),
        ('{% narration "vioce.wav" %}', '1:1: there is no file "vioce.wav" in the project. Did you mean "voice.wav"?'),
        ('{% narration "voice.wav" on="a" from="8s" %}', "1:38: this narration begins at 8 s, but a lasts 8 s."),
        ('{% narration "voice.wav" gain="mute" %}', "1:31: gain: what is muted is not heard."),
        ('{% title "x" on="a" each c in cities %}', '1:21: a title takes no "each".'),
        ('{% caption "x" on="a" verbatim %}', '1:1: a caption takes no "verbatim".'),
        ('{% caption "x" %}', "1:1: this caption stands over nothing."),
        ('{% title "x" on="a" from="9s" %}', "1:26: this title begins at 9 s, but a lasts 8 s."),
    ],
)
def test_what_is_placed_wrongly_is_found(tag: str, says: str):
    """At its argument, or at its tag."""
    said = findings_of(tag + SHOT, files=FILES)
    assert len(said) == 1 and said[0].startswith(f"storyboard.jinja:{says}")


@pytest.mark.parametrize("allow", ['"SB510"', '"sb510, SB501"', '["SB510"]'])
def test_a_scene_allows_for_its_shots(allow: str):
    """Warnings are advice."""
    template = "{% scene s allow=" + allow + " %}" + SHOT + "{% endscene %}"
    assert [item.id for item in compiled(template).items] == ["a"]


@pytest.mark.parametrize(
    ("allow", "says"), [("SB999", 'there is no rule "SB999"'), ("SB201", "SB201 is an error, which cannot be allowed")]
)
def test_only_warnings_can_be_allowed(allow: str, says: str):
    """A slip of the keyboard would else switch nothing off."""
    assert says in findings_of('{% shot a allow="' + allow + '" %}x{% endshot %}')[0]
    assert says in findings_of(SHOT, project="lint: {allow: [" + allow + "]}\n")[0]


def test_what_would_last_longer_than_its_item_is_a_warning():
    """It ends with it; the shot may allow that."""
    template = '{% shot a allow="SB504" %}x{% title "T" from="7s" for="2s" %}{% endshot %}'
    (warning,) = compile_storyboard(some_sources(template)).warnings
    assert str(warning).split("\n")[0] == (
        "storyboard.jinja:1:55: SB511 warning: this title would end at 9 s, but a lasts 8 s. "
        "Leave `for` out: it then ends with its item."
    )
    assert compile_storyboard(some_sources(template.replace("SB504", "SB504 SB511"))).warnings == ()
