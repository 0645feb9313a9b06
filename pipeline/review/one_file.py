"""A page as one HTML file that opens from disk and asks the network for nothing.

What a page says is decided by its own module; how it looks stands in `NAME.html.jinja`, `NAME.css` and, where it has
one, `NAME.js`. Its words are strangers' text: everything is escaped by the template engine, and a policy in the page
allows no script and no style but its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.media.fonts import REGULAR
from pipeline.review.words import Words


def as_one_file(name: str, page: object, texts: Iterable[Words], *, has_script: bool = False) -> str:
    """The whole file; equal pages give equal text. With Chinese or Japanese in it, it carries the letters for that.

    Args:
        name: of its template, its style and its script.
        page: what the template shows.
        texts: the author's words on the page.
    """
    whole = _pages().get_template(f"{name}.html.jinja")
    face = _face_for(whole.render(page=page, face="", policy="")) if _needs_face(texts) else ""
    style = _pages().get_template(f"{name}.css").render(face=face)
    script = _pages().get_template(f"{name}.js").render() if has_script else ""
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


def _needs_face(texts: Iterable[Words]) -> bool:
    """Whether a machine without fonts of its own would show boxes for some of the author's words."""
    return any(text.lang in ("zh-Hant", "zh-Hans", "ja") for text in texts)


def _face_for(shown: str) -> str:
    """The shipped font, as far as `shown` needs it: the whole of it is a hundred times larger."""
    from pipeline.media.fonts.excerpt import excerpt_of  # fontTools is heavy, and most pages do without

    letters = "".join(sorted({letter for letter in shown if not letter.isascii()}))
    return b64encode(excerpt_of(REGULAR, letters)).decode()


def _policy(style: str, script: str) -> str:
    """A Content-Security-Policy under which nothing loads but the films beside the page."""
    return "; ".join(
        (
            "default-src 'none'",
            "img-src data:",
            "font-src data:",
            "media-src 'self' file: data:",  # 'self' alone does not cover a page that is opened from disk
            f"style-src '{_source_hash(style)}'",
            *((f"script-src '{_source_hash(script)}'",) if script else ()),
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _source_hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
