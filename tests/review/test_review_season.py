"""The page of a series: every film in its place, harmless, and of use when something is missing."""

from __future__ import annotations

import pytest
from builders_review import a_film
from builders_season import a_season_film, a_season_shot, an_unmade_film, season_of
from reading import Reading

from pipeline.model.take import State
from pipeline.project import World
from pipeline.review.season import FilmFacts, build_season
from pipeline.review.standing import STANDINGS

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \x1b[31m \u202egnp.exe"
RENDER = "storyreel series render night_shift"


def read(*films: FilmFacts, **fields: object) -> Reading:
    return Reading(build_season(season_of(*films, **fields)))


def test_every_film_is_played_from_the_page():
    """In its order, with its poster, and nothing of it is loaded before somebody wants to see it."""
    seen = read(a_season_film("s01e02"), a_season_film("s01e01"))
    assert [has["src"] for has in seen.all("video")] == [
        "../out/night_shift-s01e02.mp4",
        "../out/night_shift-s01e01.mp4",
    ]
    assert all(has["preload"] == "none" for has in seen.all("video"))
    assert all(str(has["poster"]).startswith("data:image/jpeg;base64,") for has in seen.all("video"))
    assert {has["href"] for has in seen.all("a")} >= {"s01e01/report.html", "s01e02/report.html"}


def test_the_facts_of_the_series_are_named():
    """Two films of 40 s, 12.3 MB each; four shots of three clips; credits."""
    twice = "night_shift/s01e01.city/tk01"
    first = a_season_film("s01e01", shots=(a_season_shot("s01e01.city"), a_season_shot("s01e01.run")))
    second = a_season_film("s01e02", shots=(a_season_shot("s01e02.city", slate=twice), a_season_shot("s01e02.run")))
    text = read(first, second, credits_spent=1080).text
    for says in ("2 of 2", "1:20 in all", "24.6 MB", "4, of 3 clips", "1,080", "90, by clips used again"):
        assert says in text
    assert "in doubt" not in text


def test_a_film_says_how_long_it_is():
    """959 frames are 39.96 s, and are called 40 seconds."""
    assert "0:40, 12.3 MB, 1 shot" in read(a_season_film(film=a_film(959))).text


def test_a_shared_clip_names_the_other_films():
    """With links to them; who has no part in it is not named."""
    shot = a_season_shot("s01e01.city", shared_with=("s01e02", "s01e03"))
    seen = read(a_season_film(shots=(shot, a_season_shot())), a_season_film("s01e02"), a_season_film("s01e03"))
    assert seen.text.count("Also in s01e02, s01e03") == 1
    assert "2 shots (1 shared)" in seen.text
    assert {"#film-s01e02", "#film-s01e03"} <= {has["href"] for has in seen.all("a")}
    assert {has["id"] for has in seen.all("article")} == {"film-s01e01", "film-s01e02", "film-s01e03"}


def test_a_shot_stands_without_its_episode_and_with_its_slate():
    """The card says whose it is; a shared clip lies under the film that shot it."""
    shot = a_season_shot("s01e02.run.paris", slate="night_shift/s01e01.run.paris/tk02")
    text = read(a_season_film("s01e02", shots=(shot,))).text
    assert "run.paris landed night_shift/s01e01.run.paris/tk02" in text


def test_a_finished_series_asks_for_nothing():
    """No list of things to do, and no command."""
    seen = read(a_season_film("s01e01"), a_season_film("s01e02"))
    assert "All 2 films are finished." in seen.text
    assert not seen.all("h2", id="asking")
    assert RENDER not in seen.text


def test_what_failed_is_named_with_the_one_command_that_goes_on():
    """The sentence on its card, what to do about its shot above, and the others left as they are."""
    failed = a_season_shot("s01e02.run", State.FAILED)
    trouble = "s01e02.run failed: the vendor refused it. Change its prompt."
    seen = read(a_season_film(), an_unmade_film("s01e02", troubles=(trouble,), shots=(failed,)))
    assert "1 of 2 films finished, 1 needs you." in seen.text
    assert seen.text.count(trouble) == 1
    assert "Its credits come back." in seen.text
    assert "storyreel render night_shift --reshoot-failed 1" in seen.text
    assert f"Then {RENDER} goes on with all that is missing" in seen.text
    assert {"class": "badge bad"} in seen.all("span")


def test_a_film_whose_trouble_is_no_shots_says_it_where_one_looks_first():
    """A storyboard with a mistake: there is no shot that could say what to do."""
    seen = read(an_unmade_film(troubles=("series.yaml:7: there is no storyboard special.jinja.",), shots=()))
    assert seen.text.count("series.yaml:7: there is no storyboard special.jinja.") == 2


def test_a_take_in_doubt_counts_its_credits():
    """They stand among the facts, and its shot says how to resolve it."""
    seen = read(an_unmade_film(shots=(a_season_shot(state=State.UNKNOWN),)), credits_in_doubt=10)
    assert "Credits in doubt10" in seen.text
    assert "storyreel resolve night_shift s01e01.run" in seen.text


def test_commands_of_a_live_series_are_live():
    """A command copied from it must not end up in the sandbox."""
    seen = read(an_unmade_film(shots=(a_season_shot(state=State.LOST),)), world=World.LIVE)
    assert f"Then {RENDER} --live goes on" in seen.text
    assert "storyreel resolve night_shift s01e01.run --live" in seen.text


def test_a_film_that_is_only_not_made_yet_needs_nobody():
    """Under way or not begun: one command, and no list."""
    busy = an_unmade_film("s01e01", shots=(a_season_shot(state=State.PROCESSING),))
    idle = an_unmade_film("s01e02", shots=(a_season_shot("s01e02.run", State.PLANNED, slate=""),))
    seen = read(busy, idle)
    assert "0 of 2 films finished, none needs you." in seen.text
    assert "under way" in seen.text and "not made yet" in seen.text
    assert f"{RENDER} goes on with all that is missing; what is finished is left as it is." in seen.text


def test_a_film_whose_shot_needs_the_user_is_not_called_finished():
    """An older film of it is there and plays, and the page still asks."""
    seen = read(a_season_film(shots=(a_season_shot(state=State.FAILED),)))
    assert seen.all("video")
    assert "0 of 1 film finished, 1 needs you." in seen.text
    assert "out of date" in seen.text


def test_a_film_of_which_a_shot_is_asked_for_anew_is_out_of_date():
    """It plays, it needs nobody, and a render makes it again."""
    seen = read(a_season_film(shots=(a_season_shot(state=State.PLANNED),)), a_season_film("s01e02"))
    assert "1 of 2 films finished, none needs you." in seen.text
    assert "out of date" in seen.text
    assert f"{RENDER} goes on with all that is missing; what is finished is left as it is." in seen.text


def test_a_film_whose_clips_are_all_here_is_not_finished_before_it_is_cut():
    """Every shot has landed, and there is no film."""
    assert "0 of 1 film finished, none needs you." in read(an_unmade_film()).text


def test_a_film_without_any_picture_says_how_it_stands():
    """No poster, no film: a word in its place, and no dead link."""
    seen = read(an_unmade_film())
    assert {"class": "blank"} in seen.all("span")
    assert not seen.all("video") and not seen.all("p", class_="links")


def test_every_text_of_a_stranger_is_shown_harmlessly():
    """Titles and troubles add no element and no hidden character."""
    tame = read(a_season_film(title="tame", troubles=("tame",)), title="tame")
    page = build_season(season_of(a_season_film(title=HOSTILE, troubles=(HOSTILE,)), title=HOSTILE))
    assert [tag for tag, _ in Reading(page).elements] == [tag for tag, _ in tame.elements]
    assert "\u202e" not in page and "\x1b" not in page


def test_the_page_allows_nothing_from_elsewhere():
    """The policy starts at nothing, allows no script at all, and only films have an address."""
    seen = read()
    (policy,) = seen.all("meta", http_equiv="Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'; img-src data:;")
    assert "script" not in str(policy["content"]) and "unsafe" not in str(policy["content"])
    assert not seen.all("script")
    assert {has["src"] for _, has in seen.elements if has.get("src")} == {"../out/night_shift-s01e01.mp4"}


def test_addresses_are_percent_encoded():
    """A name with a question mark or Chinese is still one file."""
    seen = read(a_season_film(film_href="../out/港 a?b#c.mp4", report_href="港/report.html"))
    assert seen.all("video", src="../out/%E6%B8%AF%20a%3Fb%23c.mp4")
    assert seen.all("a", href="%E6%B8%AF/report.html")


def test_chinese_brings_its_letters_and_an_english_page_stays_small():
    """A machine without Chinese fonts shows no boxes."""
    chinese, english = build_season(season_of(title="港邊的黎明")), build_season(season_of())
    assert Reading(chinese).all("h1", lang="zh-Hant")
    assert "font/otf" in chinese and "font/otf" not in english
    assert len(english) < 40_000


@pytest.mark.parametrize(("films", "open_ones"), [(12, 12), (13, 1)])
def test_shots_of_a_long_season_are_folded_away_where_nothing_is_wrong(films: int, open_ones: int):
    """A dozen films are read at a glance; of more, only those that are not finished lie open."""
    season = [a_season_film(f"e{number}") for number in range(films - 1)]
    seen = read(*season, an_unmade_film("last", shots=(a_season_shot("last.run", State.LOST),)))
    assert sum("open" in has for has in seen.all("details")) == open_ones


def test_a_hundred_films_are_one_small_page():
    """Five shots each, without posters: some hundred kilobytes."""
    shots = [tuple(a_season_shot(f"e{film}.s{shot}") for shot in range(5)) for film in range(100)]
    page = build_season(season_of(*(a_season_film(f"e{n}", poster=b"", shots=each) for n, each in enumerate(shots))))
    assert len(Reading(page).all("article")) == 100
    assert len(page) < 500_000


def test_equal_facts_give_an_equal_page():
    """Nothing of the machine or the clock is in it."""
    assert build_season(season_of()) == build_season(season_of())


def test_every_picture_and_film_has_a_name():
    """Those who do not see the page can hear it."""
    seen = read(a_season_film("one"), a_season_film("two", film=None))
    assert [has["aria-label"] for has in seen.all("video")] == ["The film one"]
    assert [has["alt"] for has in seen.all("img")] == ["Still of two"]


def test_every_state_has_its_place_on_the_page():
    """No standing of the table breaks a card."""
    for state in State:
        assert STANDINGS[state].word in read(an_unmade_film(shots=(a_season_shot(state=state),))).text
