"""Words that are drawn or read beside the film are as long as can be read, and letters alone."""

from __future__ import annotations

import pytest
from builders_compiler import compiled, findings_of

SHOWN = {
    "title": "{{% shot a %}}x{{% title {} %}}{{% endshot %}}",
    "caption": "{{% shot a %}}x{{% caption {} %}}{{% endshot %}}",
    "speaker": "{{% shot a %}}x{{% caption 'Hi.' speaker={} %}}{{% endshot %}}",
    "card": "{{% shot a %}}x{{% endshot %}}{{% card b text={} %}}",
}


@pytest.mark.parametrize("written", SHOWN.values(), ids=SHOWN)
def test_words_are_of_a_length_that_can_be_read(written: str):
    """A title of 200,000 letters would be drawn in gigabytes of memory."""
    assert compiled(written.format("'x' * 2_000"))
    assert "2,001 letters long" in findings_of(written.format("'x' * 2_001"))[0]


@pytest.mark.parametrize("written", SHOWN.values(), ids=SHOWN)
def test_words_hold_no_control_character(written: str):
    """A player or a terminal would take it for an order."""
    assert "hold the control character U+001B" in findings_of(written.format(r'"a\x1b[31m"'))[0]
