"""Tags are understood as they are meant, whatever keyboard wrote them; prompts arrive as they are."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of, items_of, the_prompt

AS_MEANT = '{% shot "run" look="Gold." sound="-6dB" trim="0s-3s" %}x{% endshot %}'

OTHER_KEYBOARDS = [
    "{% shot “run” look=“Gold.” sound=“-6dB” trim=“0s-3s” %}x{% endshot %}",
    "{% shot ‘run’ look=’Gold.’, sound=‚-6dB‘, trim=‘0s-3s’ %}x{% endshot %}",
    "{% shot 「run」 look=『Gold.』 sound=「-6dB」 trim=「0s-3s」 %}x{% endshot %}",
    '{% shot "run"， look＝"Gold."、 sound＝"-6dB"　trim＝"0s-3s" %}x{% endshot %}',
    '｛％ shot "run" look="Gold." sound="-6dB" trim="0s-3s" ％｝x{％ endshot %}',
    '{% shot "run" look="Gold." sound="－６dB" trim="０s～３s" %}x{% endshot %}',
]


@pytest.mark.parametrize("written", OTHER_KEYBOARDS)
def test_a_tag_is_read_as_it_was_meant(written: str):
    """Curly and CJK quotes, full-width signs, braces too."""
    read, meant = (items_of(text)["run"].model_dump(exclude={"source"}) for text in (written, AS_MEANT))
    assert read == meant


def test_a_prompt_arrives_as_it_was_written():
    """Quotes and full-width signs between the tags are the author's."""
    words = "她說：「走吧」，“now”。１００％ ｛ok｝ ＝"
    assert the_prompt(f"{{% shot “a” %}}{words}{{% endshot %}}") == words


def test_quotes_inside_of_straight_quotes_stay():
    """A text that is quoted already holds what it holds."""
    assert the_prompt('{% shot a look="It’s “gold”, 「金」" %}x{% endshot %}') == "x\n\nIt’s “gold”, 「金」"


def test_straight_quotes_inside_of_curly_ones_stay():
    """They need no escape there."""
    assert the_prompt('{% shot a look=“Say "gold".” %}x{% endshot %}') == 'x\n\nSay "gold".'


def test_expressions_are_understood_too():
    """A macro's argument may come from a word processor."""
    template = "{% import “camera.jinja” as camera %}{% shot a %}{{ camera.low（“fast”） }}{% endshot %}"
    assert the_prompt(template) == "Low, fast."


def test_places_stay_what_they_were():
    """The column is that of the author's line, not of what was put right."""
    (said,) = findings_of("{% shot “跑步” look＝“金” jion＝“cut” %}x{% endshot %}")
    assert said.startswith('storyboard.jinja:1:23: a shot takes no "jion".')


def test_a_full_width_tag_in_a_text_is_not_lost_in_the_prompt():
    """Braces that are not of ours stay words."""
    (item,) = compiled("{% shot a %}｛％ nothing ％｝ and ｛b｝{% endshot %}").items
    assert item.prompt == "｛％ nothing ％｝ and ｛b｝"  # type: ignore[union-attr]
