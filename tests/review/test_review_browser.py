"""The report in a real browser, opened from disk: nothing is refused, the film plays, a shot seeks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import CHROMIUM, CLIP_FRAMES, a_browser, wait_for_film, write_film
from builders_review import a_jpeg, a_shot, a_storyboard, a_take, a_timeline, facts_of
from playwright.sync_api import Page

from pipeline.review.report import build_report

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on PATH to open the report with")


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with a_browser(1280) as page:
        yield page


def open_report(
    page: Page, root: Path, *, prompt: str = "A runner on a beach.", captions: str = "", takes: int = 0
) -> list[str]:
    """Two shots of a second each, the report in build/ and the film in out/; returns what the console says."""
    board = a_storyboard(a_shot("one", prompt=prompt), a_shot("two"))
    several = [a_take("one", number=n, prompt=prompt, note=f"note {n} {prompt}") for n in range(1, takes + 1)]
    facts = facts_of(
        board,
        timeline=a_timeline(board, frames=CLIP_FRAMES),
        thumbnails={"one": a_jpeg("#a63"), "two": a_jpeg("#36a")},
        poster=a_jpeg(),
        film_href="../out/海 film?.mp4",
        captions=captions,
        all_takes={"one": several},
    )
    for folder in ("build", "out"):
        (root / folder).mkdir()
    write_film(root / "out" / "海 film?.mp4", 2 * CLIP_FRAMES)
    (root / "build" / "report.html").write_text(build_report(facts), encoding="utf-8")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto((root / "build" / "report.html").as_uri())
    wait_for_film(page, "loadedmetadata", unless="film.readyState > 0")
    return said


def shown_frame(page: Page) -> int:
    wait_for_film(page, "seeked", unless="!film.seeking")
    return int(page.evaluate("document.querySelector('video').currentTime * 24"))


def test_the_film_loads_and_a_shot_seeks_it(browser_page: Page, tmp_path: Path):
    """A click on the still, and on the strip, shows the shot's first frame; the shot that plays is marked."""
    said = open_report(browser_page, tmp_path)
    assert browser_page.evaluate("document.querySelector('video').duration") == 2.0
    browser_page.click("#item-two .still")
    assert shown_frame(browser_page) == CLIP_FRAMES
    browser_page.wait_for_selector("#item-two[data-shown]")
    browser_page.click(".strip a >> nth=0")
    assert shown_frame(browser_page) == 0
    assert said == []


def test_the_film_plays_with_its_captions(browser_page: Page, tmp_path: Path):
    """They stand in the page itself, and its policy lets them in."""
    said = open_report(browser_page, tmp_path, captions="WEBVTT\n\n00:00.000 --> 00:02.000\n<v 瑪拉>跑得更遠。\n")
    loaded = "track => new Promise(done => track.readyState === 2 ? done() : track.addEventListener('load', done))"
    browser_page.eval_on_selector("track", loaded)
    cue = "document.querySelector('video').textTracks[0].cues[0].getCueAsHTML().textContent"
    assert browser_page.evaluate(cue) == "跑得更遠。"
    assert said == []


def test_the_keyboard_reaches_every_shot(browser_page: Page, tmp_path: Path):
    """Enter on a focused shot does what a click does."""
    open_report(browser_page, tmp_path)
    browser_page.focus("#item-two .still")
    browser_page.keyboard.press("Enter")
    assert shown_frame(browser_page) == CLIP_FRAMES


def test_a_hostile_prompt_runs_nothing(browser_page: Page, tmp_path: Path):
    """No error, no picture, no dialog: it is read as it was written."""
    hostile = "</p></script><script>document.title='taken'</script><img src=x onerror=alert(1)>"
    said = open_report(browser_page, tmp_path, prompt=hostile)
    assert browser_page.inner_text("#item-one .prompt") == hostile
    assert browser_page.title() == "A film – report"
    assert said == []


def test_chinese_is_never_boxes(browser_page: Page, tmp_path: Path):
    """Four Han letters are four squares wide, whatever fonts the machine has; boxes are narrower."""
    open_report(browser_page, tmp_path, prompt="港灣清晨")
    browser_page.eval_on_selector("body", "() => document.fonts.ready")
    width = "text => { const r = new Range(); r.selectNodeContents(text); return r.getBoundingClientRect().width; }"
    assert browser_page.eval_on_selector("#item-one .prompt", width) == pytest.approx(4 * 15, abs=1)


@pytest.mark.parametrize("width_px", [1280, 420])
def test_the_page_never_scrolls_sideways(browser_page: Page, tmp_path: Path, width_px: int):
    """Neither a desk nor a telephone, nor a word without an end."""
    browser_page.set_viewport_size({"width": width_px, "height": 800})
    open_report(browser_page, tmp_path, prompt="endless" * 200, takes=5)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width_px
