"""Builders of what a report is made of; every value can be named, the rest is plausible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from fractions import Fraction
from io import BytesIO
from typing import Any

from PIL import Image

from pipeline.digest import ContentHash
from pipeline.model.delivery import Film
from pipeline.model.finding import Source
from pipeline.model.join import Join
from pipeline.model.media import Media, MediaInfo
from pipeline.model.plan import Decision, Plan, PlannedShot, TakeRequest
from pipeline.model.storyboard import AspectRatio, GenerationType, Item, Resolution, Scene, Shot, Storyboard
from pipeline.model.take import Slate, State, Take
from pipeline.model.timeline import Clip, Timeline
from pipeline.project import World
from pipeline.review.report import ReportFacts

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
HERE = Source(path="storyboard.jinja", line=7)
SHA = ContentHash("ab" * 32)


def a_shot(name: str = "run", *, join: str = "cut", prompt: str = "A runner on a beach.", **fields: Any) -> Shot:
    return Shot(
        id=name, scene=fields.pop("scene", "beach"), join=Join.parse(join), prompt=prompt, source=HERE, **fields
    )


def a_storyboard(*items: Item, title: str = "A film", **fields: Any) -> Storyboard:
    items = items or (a_shot(),)
    names = dict.fromkeys(item.scene for item in items)
    scenes = tuple(Scene(id=name, source=HERE) for name in names)
    return Storyboard(**{"project": "ad_campaign", "title": title, "scenes": scenes, "items": items, **fields})


def a_media(frames: int = 192) -> Media:
    seen = MediaInfo(
        codec="h264",
        width_px=1280,
        height_px=720,
        rate=Fraction(24),
        frames=frames,
        film_frames=frames,
        samples=384_000,
    )
    return Media(sha256=SHA, size_bytes=2_000_000, info=seen)


def a_timeline(board: Storyboard, *, frames: int = 192) -> Timeline:
    """Every item of `board` at `frames` frames."""
    clips = tuple(
        Clip(
            item=item.id, scene=item.scene, kind=item.kind, media=a_media(frames), start=0, stop=frames, join=item.join
        )
        for item in board.items
    )
    return Timeline(project=board.project, title=board.title, width_px=1280, height_px=720, clips=clips)


def a_request(prompt: str = "A runner on a beach.") -> TakeRequest:
    return TakeRequest(prompt=prompt, generation=GenerationType.TEXT, aspect=AspectRatio.WIDE, resolution=Resolution.HD)


def a_take(shot: str = "run", state: State = State.VERIFIED, **fields: Any) -> Take:
    request = a_request(fields.pop("prompt", "A runner on a beach.")).with_note(fields.get("note", ""))
    slate = Slate(project="ad_campaign", shot=shot, number=fields.pop("number", 1))
    made = {"task_id": f"task-{shot}", "credits": 10, "state": state, "since": NOON, **fields}
    return Take(slate=slate, request=request, fingerprint=request.fingerprint, **made)


def a_plan(board: Storyboard, decision: Decision = Decision.SHOOT) -> Plan:
    shots = tuple(
        PlannedShot(
            shot=shot.id,
            slate=f"{board.project}/{shot.id}/tk01",
            decision=decision,
            why="nothing like it has landed",
            request=a_request(shot.prompt),
            fingerprint=a_request(shot.prompt).fingerprint,
            credits=10 if decision is Decision.SHOOT else 0,
        )
        for shot in board.shots
    )
    return Plan(project=board.project, shots=shots)


def a_film(frames: int) -> Film:
    return Film(
        path="out/ad_campaign.mp4",
        sha256=SHA,
        size_bytes=12_300_000,
        width_px=1280,
        height_px=720,
        frames=frames,
        samples=frames * 2000,
        loudness_lufs=-14.02,
        true_peak_dbtp=-1.1,
        spans=9,
        frames_encoded=frames,
    )


def a_picture(colour: str = "#336699", size: tuple[int, int] = (320, 180)) -> Image.Image:
    return Image.new("RGB", size, colour)


def a_jpeg(colour: str = "#336699", size: tuple[int, int] = (320, 180)) -> bytes:
    kept = BytesIO()
    a_picture(colour, size).save(kept, "JPEG")
    return kept.getvalue()


def facts_of(board: Storyboard, takes: Mapping[str, Take] | None = None, **fields: Any) -> ReportFacts:
    """A finished film of `board`, unless `fields` say otherwise."""
    timeline = fields.pop("timeline", a_timeline(board))
    made = {
        "plan": None,
        "film": a_film(timeline.frames) if timeline else None,
        "takes": {shot.id: a_take(shot.id) for shot in board.shots} if takes is None else takes,
        "world": World.SANDBOX,
        "credits_spent": 80,
        "credits_saved": 10,
        "made_at": NOON,
        "film_href": "../out/ad_campaign.mp4",
        "thumbnails": {},
        **fields,
    }
    return ReportFacts(storyboard=board, timeline=timeline, **made)
