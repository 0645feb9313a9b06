"""The report: complete, harmless, and of use when there is no film."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import pytest
from builders_review import HERE, a_jpeg, a_plan, a_shot, a_storyboard, a_take, facts_of
from fontTools.ttLib import TTFont
from reading import Reading

from pipeline.model.instructions import Continuation, Mends, Sound
from pipeline.model.plan import Decision
from pipeline.model.storyboard import Caption, Footage, Image, Logo, Narration, Title
from pipeline.model.take import State
from pipeline.project import World
from pipeline.review.report import build_report

HOSTILE = "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \x1b[31m \u202egnp.exe"


def read(*args: object, **fields: object) -> Reading:
    return Reading(build_report(facts_of(*args, **fields)))


def test_a_shot_shows_its_whole_prompt_and_its_slate():
    """What was asked for and which take answers it stand together."""
    prompt = "A runner on a beach. " * 40
    seen = read(a_storyboard(a_shot("run.paris", prompt=prompt)))
    assert prompt.strip() in seen.text
    assert "ad_campaign/run.paris/tk01" in seen.text
    assert "task-run.paris" in seen.text


def test_a_hostile_prompt_adds_no_element():
    """Markup, template tags and terminal codes in a prompt are letters."""
    tame = read(a_storyboard(a_shot(prompt="tame")))
    hostile = read(a_storyboard(a_shot(prompt=HOSTILE)))
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in tame.elements]
    assert "</script><img src=x onerror=alert(1)> {{ 7 * 7 }} ␛[31m ⟨U+202E⟩gnp.exe" in hostile.text


def test_every_text_of_a_stranger_is_shown_harmlessly():
    """Titles, looks, troubles, reasons, file names and addresses too."""
    image = Image(role="first", url="https://example.org/\u202e")
    shot = a_shot(images=(image,), titles=(Title(text=HOSTILE, source=a_shot().source),))
    board = a_storyboard(shot, title=HOSTILE)
    page = build_report(facts_of(board, {"run": a_take(state=State.FAILED, trouble=HOSTILE)}, film=None))
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "<img src=x" not in page


def test_the_page_allows_nothing_from_elsewhere():
    """The policy starts at nothing, and only the film has an address."""
    seen = read(a_storyboard(), thumbnails={"run": a_jpeg()}, poster=a_jpeg())
    (policy,) = seen.all("meta", http_equiv="Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in str(policy["content"])
    sources = {has["src"] for _, has in seen.elements if has.get("src")}
    assert {str(source).partition(",")[0] for source in sources} == {
        "../out/ad_campaign.mp4",
        "data:image/jpeg;base64",
    }


def test_a_film_address_is_percent_encoded():
    """A name with a question mark or Chinese is still one file."""
    (film,) = read(a_storyboard(), film_href="../out/港 a?b#c.mp4").all("video")
    assert film["src"] == "../out/%E6%B8%AF%20a%3Fb%23c.mp4"


def test_a_shot_links_to_the_first_frame_that_is_its_own():
    """Two shots of 192 frames that share 12: the second begins at frame 180 and is seen alone from 192 on."""
    seen = read(a_storyboard(a_shot("one"), a_shot("two", join="dissolve 12")))
    assert [has["data-frame"] for has in seen.all("article")] == ["0", "192"]
    assert [has["data-seek"] for has in seen.all("a", class_="still")] == ["0", "192"]
    assert "00:00:07:12 – 00:00:15:12" in seen.text
    assert "dissolve, 12 frames" in seen.text


def test_twenty_one_shots_are_all_there():
    """The most that a film may have, each with its picture."""
    shots = [a_shot(f"s{number}") for number in range(21)]
    seen = read(a_storyboard(*shots), thumbnails={shot.id: a_jpeg() for shot in shots})
    assert [has["id"] for has in seen.all("article")] == [f"item-s{number}" for number in range(21)]
    assert len(seen.all("img")) == len(seen.all("image")) == 21


def test_the_facts_of_the_film_are_named():
    """Length, picture, loudness, file, credits and world."""
    text = read(a_storyboard(), credits_spent=1080).text
    for says in ("00:00:08:00 (192 frames)", "1280 × 720, 24 fps", "−14.0 LUFS", "12.3 MB", "1,080", "stand-in clips"):
        assert says in text


def test_own_footage_shows_its_file_and_needs_no_take():
    """A packshot is ready without any state of a take."""
    footage = Footage(
        id="packshot", scene="end", file="assets/bottle.mov", sound=Sound.parse("mute"), source=a_shot().source
    )
    text = read(a_storyboard(a_shot(), footage)).text
    assert "own footage ready cut" in text
    assert "assets/bottle.mov" in text
    assert "muted" in text


@pytest.mark.parametrize(
    ("state", "says"),
    [
        (State.UNKNOWN, "storyreel resolve ad_campaign run with --adopt TASK_ID"),
        (State.FAILED, "Its credits come back."),
        (State.REJECTED, "Refused and not charged."),
        (State.CORRUPT, "Three downloads did not decode"),
        (State.LOST, "not be fetched"),
    ],
)
def test_without_a_film_the_report_says_what_to_do(state: State, says: str):
    """The list on top and the shot itself name the reason and the next step."""
    take = a_take(state=state, trouble="the answer broke off")
    seen = read(a_storyboard(), {"run": take}, film=None)
    assert "No film yet: 0 of 1 shot landed, 1 needs you." in seen.text
    assert seen.text.count(says) == 2
    assert seen.text.count("the answer broke off") == 2


def test_a_take_on_its_way_does_not_ask_for_the_user():
    """Paid and under way: a further run is all it needs, so the list on top is not there."""
    seen = read(a_storyboard(), {"run": a_take(state=State.PROCESSING)}, film=None)
    assert "0 of 1 shot landed, none needs you" in seen.text
    assert "goes on from here and costs nothing more" in seen.text
    assert not seen.all("h2", id="asking")


def test_a_live_film_that_is_not_made_yet_is_gone_on_with_live():
    """A command copied from the report must not end up in the sandbox."""
    seen = read(a_storyboard(), {"run": a_take(state=State.PROCESSING)}, film=None, world=World.LIVE)
    assert "The film is not made yet. storyreel render ad_campaign --live goes on with it." in seen.text


def test_a_report_before_any_take_shows_the_plan():
    """Neither timeline nor takes: each shot with what would be done and for how much."""
    board = a_storyboard(a_shot("one"), a_shot("two"))
    seen = read(board, {}, timeline=None, plan=a_plan(board))
    assert seen.text.count("shoot: nothing like it has landed") == 2
    assert not seen.all("nav")


def test_a_reused_take_says_what_it_saved():
    """Used again: it costs nothing now."""
    board = a_storyboard()
    assert "0 (used again; it cost 10)" in read(board, plan=a_plan(board, Decision.REUSE)).text


def test_chinese_is_marked_as_such_and_brings_its_font():
    """A machine without Chinese fonts shows no boxes; an English report stays small."""
    chinese = build_report(facts_of(a_storyboard(a_shot(prompt="清晨的港口，霧氣慢慢散開。"))))
    english = build_report(facts_of(a_storyboard(a_shot(prompt="A harbour at dawn."))))
    assert Reading(chinese).all("p", class_="prompt", lang="zh-Hant")
    assert "font/otf" in chinese
    assert "font/otf" not in english
    assert len(english) < 60_000


def test_a_report_carries_only_the_letters_that_it_shows():
    """Ten Han letters of the shipped 1.6 MB: the font inside has those, and no other."""
    page = build_report(facts_of(a_storyboard(a_shot(prompt="清晨的港口，霧氣散開。"))))
    inside = BytesIO(b64decode(re.search(r'font/otf;base64,([^"]+)', page)[1]))
    assert {*"清晨的港口，霧氣散開。"} <= {chr(code) for code in TTFont(inside).getBestCmap()}
    assert ord("山") not in TTFont(inside).getBestCmap()
    assert len(page) < 80_000


def test_equal_facts_give_an_equal_report():
    """Nothing of the machine or the clock is in it."""
    facts = facts_of(a_storyboard(), thumbnails={"run": a_jpeg()})
    assert build_report(facts) == build_report(facts)


def test_every_picture_and_link_has_a_name():
    """Those who do not see the page can hear it."""
    seen = read(a_storyboard(), thumbnails={"run": a_jpeg()})
    assert [has["alt"] for has in seen.all("img")] == ["Still of run"]
    assert all(has.get("aria-label") for has in seen.all("a"))


def test_what_is_said_stands_with_its_speaker():
    """Beside words that nobody in particular says; a stranger's letters stay letters."""
    said = (Caption(text="Carry it.", speaker="Mara", source=HERE), Caption(text=HOSTILE, source=HERE))
    seen = read(a_storyboard(a_shot(captions=said)))
    assert "Says Mara Carry it." in seen.text
    assert "Caption </script><img src=x" in seen.text


def test_the_film_is_played_with_its_captions():
    """From inside the page; a film without any has no track."""
    (track,) = read(a_storyboard(), captions="WEBVTT\n").all("track")
    assert str(track["src"]) == "data:text/vtt;base64,V0VCVlRUCg=="
    assert not read(a_storyboard()).all("track")


def test_a_shot_names_what_it_continues_and_its_pictures():
    """A late frame of another shot, a file of the project, an address."""
    images = (Image(role="last", file="assets/end.png"), Image(role="ref", url="https://example.org/hero.png"))
    seen = read(
        a_storyboard(a_shot(images=images, continues=Continuation(shot="run", frame=-3), mend=Mends.parse("none")))
    )
    assert "Continuesrun, from 3 frames before its last" in seen.text
    assert "Last pictureassets/end.png" in seen.text
    assert "Referencehttps://example.org/hero.png" in seen.text
    assert "Mendsnone" in seen.text


def test_the_facts_name_what_runs_beside_the_clips():
    """Each file once, and where the captions went."""
    voices = tuple(Narration(file="voice.wav", start=start, source=HERE) for start in (0, 48))
    shot = a_shot(captions=(Caption(text="Carry it.", source=HERE),))
    seen = read(a_storyboard(shot, narrations=voices, logos=(Logo(file="logo.png", source=HERE),)))
    assert "Captions1, in files beside the film Narrationvoice.wav Logologo.png" in seen.text
