"""Values for tests, each with only what matters said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from pipeline.cutting import Cutting
from pipeline.digest import ContentHash
from pipeline.model.finding import Source
from pipeline.model.media import Media, MediaInfo
from pipeline.model.plan import TakeRequest
from pipeline.model.storyboard import AspectRatio, GenerationType, Resolution, Scene, Shot, Storyboard
from pipeline.model.take import Slate, State, Take
from pipeline.project import ProjectPaths

NOON = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


def after(seconds: float) -> datetime:
    """So many seconds after NOON."""
    return NOON + timedelta(seconds=seconds)


def a_request(prompt: str = "A runner on a beach.", **fields: Any) -> TakeRequest:
    return TakeRequest(
        prompt=prompt,
        generation=fields.pop("generation", GenerationType.TEXT),
        aspect=fields.pop("aspect", AspectRatio.WIDE),
        resolution=fields.pop("resolution", Resolution.HD),
        **fields,
    )


def a_take(shot: str = "run", *, project: str = "demo", number: int = 1, **fields: Any) -> Take:
    """A planned take; `prompt` says what is asked for, by default the shot's own, `note` what is added to it."""
    asked = fields.pop("request", None) or a_request(fields.pop("prompt", f"A prompt for {shot}."))
    request = asked.with_note(fields.get("note", ""))
    return Take(
        slate=Slate(project=project, shot=shot, number=number),
        request=request,
        fingerprint=request.fingerprint,
        credits=fields.pop("credits", 10),
        since=fields.pop("since", NOON),
        state=fields.pop("state", State.PLANNED),
        **fields,
    )


def a_media(letter: str = "a") -> Media:
    seen = MediaInfo(codec="h264", width_px=1280, height_px=720, rate=Fraction(24), frames=192, film_frames=192)
    return Media(sha256=ContentHash(letter * 64), size_bytes=1000, info=seen)


def a_landed_take(shot: str = "run", letter: str = "a", **fields: Any) -> Take:
    media = a_media(letter)
    return a_take(shot, state=State.VERIFIED, sha256=media.sha256, media=media, task_id=f"task_{shot}", **fields)


def a_shot(shot: str = "run", **fields: Any) -> Shot:
    source = Source(path="storyboard.jinja", line=1)
    return Shot(id=shot, scene="s", prompt=fields.pop("prompt", f"A prompt for {shot}."), source=source, **fields)


def a_storyboard(*shots: Shot, **fields: Any) -> Storyboard:
    return Storyboard(
        project=fields.pop("project", "demo"),
        title="Demo",
        scenes=(Scene(id="s", source=Source(path="storyboard.jinja", line=1)),),
        items=shots or (a_shot(),),
        **fields,
    )


def a_cutting(
    storyboard: Storyboard,
    paths: ProjectPaths,
    film_maker: Any,
    note: Callable[[str], None] = lambda _sentence: None,
    meter: Any = None,
) -> Cutting:
    """Of a film that has no files of its author's."""
    return Cutting(
        storyboard=storyboard,
        paths=paths,
        own_files=None,  # type: ignore[arg-type]
        film_maker=film_maker,
        meter=meter,
        note=note,
        on_progress=lambda _progress: None,
    )
