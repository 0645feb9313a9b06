"""Opens pages in a real browser, from disk, with films beside them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from builders_review import a_picture
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
CLIP_FRAMES = 24


@contextmanager
def a_browser(width_px: int) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": width_px, "height": 800})
        browser.close()


def write_film(path: Path, frames: int) -> None:
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame.from_image(a_picture(f"hsl({number * 5}, 60%, 40%)"))
            frame.pts, frame.time_base = number, Fraction(1, 24)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def wait_for_film(page: Page, event: str, *, unless: str) -> None:
    """Waits inside the page: polling would need an eval, which the page's own policy refuses."""
    waiting = "film.addEventListener(event, done, {once: true}); setTimeout(() => fail('no ' + event), 10000)"
    wait = f"(film, event) => new Promise((done, fail) => {{ if ({unless}) done(); else {{ {waiting} }} }})"
    page.eval_on_selector("video", wait, event)
