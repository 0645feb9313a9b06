"""The page of a series in a real browser, opened from disk: nothing is refused, a film plays, nothing is cut off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import CHROMIUM, CLIP_FRAMES, a_browser, wait_for_film, write_film
from builders_season import a_season_film, a_season_shot, an_unmade_film, season_of
from playwright.sync_api import Page

from pipeline.model.take import State
from pipeline.review.season import build_season

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on PATH to open the page with")


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with a_browser(1400) as page:
        yield page


@pytest.fixture(scope="module")
def season(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five films, of which one failed, with words that have no end; two of them are there to be played."""
    root = tmp_path_factory.mktemp("night_shift")
    (root / "build").mkdir()
    (root / "out").mkdir()
    write_film(root / "out" / "night_shift-s01e01.mp4", CLIP_FRAMES)
    shutil.copy(root / "out" / "night_shift-s01e01.mp4", root / "out" / "night_shift-s01e02.mp4")
    endless = "endless" * 40
    shared = a_season_shot("s01e01.city", shared_with=("s01e02",))
    films = (
        a_season_film("s01e01", shots=(shared, a_season_shot("s01e01.run"))),
        a_season_film("s01e02", title=endless),
        an_unmade_film("s01e03", troubles=(endless,), shots=(a_season_shot(f"s01e03.{endless}", State.FAILED),)),
        an_unmade_film(f"s01e04{endless}"),
        an_unmade_film("s01e05", title="港邊的黎明"),
    )
    (root / "build" / "series.html").write_text(build_season(season_of(*films)), encoding="utf-8")
    return root / "build" / "series.html"


def open_season(page: Page, path: Path) -> list[str]:
    """Returns what the console says."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    return said


def test_a_film_plays_from_its_card(browser_page: Page, season: Path):
    """It is loaded when it is asked for, and the page's policy lets it in."""
    said = open_season(browser_page, season)
    assert browser_page.eval_on_selector("video", "film => film.readyState") == 0
    browser_page.eval_on_selector("video", "film => { film.preload = 'metadata'; film.load(); }")
    wait_for_film(browser_page, "loadedmetadata", unless="film.readyState > 0")
    assert browser_page.eval_on_selector("video", "film => film.duration") == 1.0
    assert said == []


def test_a_shared_shot_leads_to_the_other_film(browser_page: Page, season: Path):
    """A click shows its card."""
    open_season(browser_page, season)
    browser_page.click(".shared a")
    assert browser_page.url.endswith("#film-s01e02")


@pytest.mark.parametrize("width_px", [1400, 360])
def test_the_page_never_scrolls_sideways(browser_page: Page, season: Path, width_px: int):
    """Neither a desk nor a small telephone, nor a word without an end."""
    browser_page.set_viewport_size({"width": width_px, "height": 800})
    open_season(browser_page, season)
    assert browser_page.evaluate("document.documentElement.scrollWidth") == width_px


@pytest.mark.parametrize(("width_px", "columns"), [(1400, 3), (360, 1)])
def test_films_stand_side_by_side_where_there_is_room(browser_page: Page, season: Path, width_px: int, columns: int):
    """Three on a desk, one on a telephone."""
    browser_page.set_viewport_size({"width": width_px, "height": 800})
    open_season(browser_page, season)
    lefts = browser_page.eval_on_selector_all(".film", "films => films.map(film => film.getBoundingClientRect().left)")
    assert len(set(lefts)) == columns
