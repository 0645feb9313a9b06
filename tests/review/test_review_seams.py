"""How the report tells of seams: what was found, what became of it, and the frames around it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from builders_review import a_jpeg, a_picture, a_shot, a_storyboard, a_timeline, facts_of
from PIL import Image
from reading import Reading

from pipeline.errors import MediaError
from pipeline.model.join import Join
from pipeline.model.seam import ClipCheck, Flaw, ScoreCard, Seam, Standing, Verdict
from pipeline.review.report import build_report
from pipeline.review.seam_strips import MAX_STRIPS, SeamStrips, draw_strip, look_at_seams, seams_to_show


def a_verdict(item: str, flaw: Flaw = Flaw.FLASH, standing: Standing = Standing.MENDED) -> Verdict:
    says = f"{item}: <i>its</i> first frame is another picture."
    return Verdict(flaw=flaw, item=item, start=0, stop=1, measured=40, limit=4, standing=standing, says=says)


def a_card(*items: str, verdicts: dict[str, tuple[Verdict, ...]] | None = None, **fields: Any) -> ScoreCard:
    """A cut after every 192 frames."""
    seams = [
        Seam(
            left=items[n - 1] if n else "", right=item, join=Join(), at=192 * n, verdicts=(verdicts or {}).get(item, ())
        )
        for n, item in enumerate(items)
    ]
    clips = [ClipCheck(item=item, kind="shot", is_measured=True) for item in items]
    made = {"project": "ad_campaign", "frames": 192 * len(items), "dropped": 0, **fields}
    return ScoreCard(seams=tuple(seams), clips=tuple(clips), **made)


def a_board(*items: str) -> Any:
    return a_storyboard(*map(a_shot, items))


def test_a_report_tells_each_seam_and_what_became_of_its_flaws() -> None:
    """As text: what stands in a sentence is no markup."""
    card = a_card("run", "rest", verdicts={"rest": (a_verdict("rest"),)}, dropped=1)
    shown = Reading(build_report(facts_of(a_board("run", "rest"), card=card)))
    assert "1 flaw found, 1 mended. Mends make the film 1 frame shorter." in shown.text
    assert "00:00:08:00 run → rest cut flash: mended" in shown.text
    assert "rest: <i>its</i> first frame is another picture." in shown.text
    assert shown.all("i") == []


def test_a_seam_seeks_the_film() -> None:
    """To its first frame."""
    shown = Reading(build_report(facts_of(a_board("run", "rest"), card=a_card("run", "rest"))))
    assert shown.all("a", href="#item-rest", data_seek="192")


def test_strips_stand_where_there_are_some() -> None:
    """One of the clips, one of the film."""
    strips = {"rest": SeamStrips(before=a_jpeg("#a63"), after=a_jpeg("#36a"))}
    card = a_card("run", "rest", verdicts={"rest": (a_verdict("rest"),)})
    shown = Reading(build_report(facts_of(a_board("run", "rest"), card=card, seam_strips=strips)))
    assert len(shown.all("figure")) == 2


def test_without_measures_there_is_nothing_to_tell() -> None:
    """No heading over nothing."""
    assert Reading(build_report(facts_of(a_board("run")))).all("h2", id="seams") == []


def test_frames_that_are_left_out_are_crossed_out_behind_the_join() -> None:
    """Two and three frames of 200 pixels, 4 between them and 20 at the join; the third is half as bright."""
    grey = a_picture("#808080", (200, 112))
    strip = Image.open(BytesIO(draw_strip([grey] * 2, [grey] * 3, crossed=1)))
    assert strip.size == (5 * 200 + 4 * 4 + 16, 112)
    lights = [strip.getpixel((at, 20))[1] for at in (100, 300, 540, 724, 928)]
    assert lights == pytest.approx([128, 128, 73, 128, 128], abs=8)


def test_a_strip_shows_the_frames_around_the_join_before_and_after() -> None:
    """`rest` lost its first frame: of the clip frames 0 to 3, of the film 3 on either side of 192."""
    asked: list[tuple[str, list[int]]] = []

    def extract(path: Path, frames: list[int], width_px: int) -> list[Image.Image]:
        asked.append((path.name, frames))
        return [a_picture(size=(width_px, 112))] * len(frames)

    board = a_board("run", "rest")
    run, rest = a_timeline(board).clips
    timeline = a_timeline(board).model_copy(update={"clips": (run, rest.model_copy(update={"start": 1, "dropped": 1}))})
    card = a_card("run", "rest", verdicts={"rest": (a_verdict("rest"),)})
    strips = look_at_seams(card, timeline, Path("film.mp4"), lambda clip: Path(clip.item), extract)
    assert asked == [("run", [189, 190, 191]), ("rest", [0, 1, 2, 3]), ("film.mp4", [189, 190, 191, 192, 193, 194])]
    assert strips["rest"].before and strips["rest"].after


def test_a_clip_that_cannot_be_read_costs_a_strip_not_the_report() -> None:
    """The others are shown."""

    def extract(path: Path, frames: list[int], width_px: int) -> list[Image.Image]:
        if path.name == "run":
            raise MediaError(path, "it does not decode")
        return [a_picture(size=(width_px, 112))] * len(frames)

    board = a_board("run", "rest", "end")
    card = a_card("run", "rest", "end", verdicts={name: (a_verdict(name),) for name in ("rest", "end")})
    strips = look_at_seams(card, a_timeline(board), None, lambda clip: Path(clip.item), extract)
    assert [*strips] == ["end"]
    assert strips["end"].after == b""


def test_of_many_flaws_those_that_are_not_mended_are_shown() -> None:
    """Nine seams: six are shown, among them the last, which nobody has mended; a click is not to be seen."""
    names = [f"s{n}" for n in range(10)]
    verdicts = {name: (a_verdict(name),) for name in names}
    verdicts["s0"] = (a_verdict("s0", Flaw.CLICK),)
    verdicts["s9"] = (a_verdict("s9", Flaw.STALL, Standing.LEFT),)
    shown = [seam.right for seam in seams_to_show(a_card(*names, verdicts=verdicts))]
    assert (len(shown), shown[0], shown[-1]) == (MAX_STRIPS, "s1", "s9")
