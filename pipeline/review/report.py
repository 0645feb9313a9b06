"""The report: one HTML file that opens from disk and asks the network for nothing.

What it says is decided in `page`; how it looks stands in `report.html.jinja` and `report.css`. Prompts are strangers'
text: everything is escaped by the template engine, and a policy in the page allows no script and no style but its own.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.media.fonts import REGULAR
from pipeline.review.facts import ReportFacts
from pipeline.review.page import Page, view_page

__all__ = ["ReportFacts", "build_report"]

_OWN_PARTS: Final = ("report.css", "report.js")


def build_report(facts: ReportFacts) -> str:
    """The whole page; equal facts give equal text. With Chinese or Japanese in it, it carries the letters for that."""
    page, whole = view_page(facts), _pages().get_template("report.html.jinja")
    face = _face_for(whole.render(page=page, face="", policy="")) if _needs_face(page) else ""
    style, script = (_pages().get_template(name).render(face=face) for name in _OWN_PARTS)
    return whole.render(page=page, face=face, policy=_policy(style, script))


@cache
def _pages() -> Environment:
    """Compiling the templates takes as long as all else here, so it is done once a process."""
    return Environment(
        loader=PackageLoader("pipeline", "review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _needs_face(page: Page) -> bool:
    """Whether a machine without fonts of its own would show boxes for some of the author's words."""
    return any(text.lang in ("zh-Hant", "zh-Hans", "ja") for text in page.texts)


def _face_for(shown: str) -> str:
    """The shipped font, as far as `shown` needs it: the whole of it is a hundred times larger."""
    from pipeline.media.fonts.excerpt import excerpt_of  # fontTools is heavy, and most reports do without

    letters = "".join(sorted({letter for letter in shown if not letter.isascii()}))
    return b64encode(excerpt_of(REGULAR, letters)).decode()


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which nothing loads but the film beside the report."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            "font-src data:",
            "media-src 'self' file: data:",  # 'self' alone does not cover a page that is opened from disk
            f"style-src '{_source_hash(style)}'",
            f"script-src '{_source_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
