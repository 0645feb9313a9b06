"""What a preview has painted, and when it begins anew; nothing is painted here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builders import a_shot, a_storyboard
from timelines import a_landed

from pipeline.compiler import Compiled
from pipeline.digest import ContentHash
from pipeline.errors import MachineError, StoryreelError
from pipeline.media.stand_ins import Brief, Picture
from pipeline.model.delivery import Film
from pipeline.model.instructions import Continuation, Trim
from pipeline.model.media import Media
from pipeline.model.storyboard import GenerationType, Image, Storyboard
from pipeline.model.timeline import Timeline
from pipeline.preview import Previewed, Previewer
from pipeline.project import ProjectPaths


@dataclass
class Studio:
    """Paints nothing, and remembers what it was asked for."""

    briefs: list[Brief] = field(default_factory=list)

    def warm(self) -> None: ...

    def find(self, brief: Brief) -> Media | None:
        return None

    async def paint(self, brief: Brief) -> Media:
        self.briefs.append(brief)
        return a_landed("abcdef"[len(self.briefs) - 1])

    async def late_frame(self, clip: Media, frame: int) -> Picture:
        return Picture(path=Path("late.png"), identity=f"{clip.sha256[0]} {frame}")

    def placeholder(self, words: str, size_px: tuple[int, int]) -> Picture:
        return Picture(path=Path("placeholder.png"), identity=words, words=words)


class FilmMaker:
    """Makes no film."""

    def clips_landed(self, timeline: Timeline) -> None: ...

    async def close(self) -> None: ...

    async def finish(self, timeline: Timeline, film_path: Path, on_progress: object) -> Film:
        return Film(
            path="build/preview.mp4",
            sha256=ContentHash("f" * 64),
            size_bytes=1,
            width_px=timeline.width_px,
            height_px=timeline.height_px,
            frames=timeline.frames,
            samples=timeline.samples,
            loudness_lufs=None,
            true_peak_dbtp=None,
            spans=1,
            frames_encoded=0,
        )


def a_previewer(folder: Path, storyboard: Storyboard, studio: Studio, **fields: Any) -> Previewer:
    return Previewer(
        **{
            "project": ProjectPaths(folder),
            "compile": lambda: Compiled(storyboard=storyboard),
            "own_files": None,
            "studio": studio,
            "make_film_maker": FilmMaker,
            "quoting": nullcontext,
            "tidy": lambda: None,
            "tell": lambda line: None,
            **fields,
        }
    )


def briefs_of(folder: Path, *shots: Any, **fields: Any) -> list[Brief]:
    studio = Studio()
    asyncio.run(a_previewer(folder, a_storyboard(*shots, **fields), studio).make())
    return studio.briefs


def test_equal_prompts_are_one_brief_whatever_the_shots_are_called(tmp_path: Path) -> None:
    """But the name on the slate."""
    one, other = briefs_of(tmp_path, a_shot("run", prompt="A sea."), a_shot("sea", prompt="A sea."))
    assert (one.label, other.label) == ("run", "sea")
    assert one.prompt == other.prompt


def test_a_continued_shot_begins_with_a_late_frame_of_what_is_used(tmp_path: Path) -> None:
    """Of frames 0 to 99, the third but the last is 96; the anchor stands later in the film, and is painted first."""
    on = a_shot("on", continues=Continuation.parse("run -3"), generation=GenerationType.FRAMES)
    anchor, continued = briefs_of(tmp_path, on, a_shot("run", trim=Trim.parse("0f-100f")))
    assert (anchor.label, continued.label) == ("run", "on")
    assert ([picture.identity for picture in continued.pictures], continued.roles) == (["a 96"], "frames")


def test_pictures_of_the_web_are_not_fetched(tmp_path: Path) -> None:
    """A placeholder stands for them, without the query, which may hold secrets."""
    ref = Image(role="ref", url="https://example.com/her.jpg?token=secret")
    (brief,) = briefs_of(tmp_path, a_shot(images=(ref,), generation=GenerationType.REFERENCE))
    assert [picture.words for picture in brief.pictures] == ["example.com/her.jpg"]


def test_a_picture_of_the_project_counts_by_its_content(tmp_path: Path) -> None:
    """An exchanged file asks for another clip."""
    shot = a_shot(images=(Image(role="ref", file="her.png"),), generation=GenerationType.REFERENCE)
    (tmp_path / "her.png").write_bytes(b"one")
    (before,) = briefs_of(tmp_path, shot)
    (tmp_path / "her.png").write_bytes(b"other")
    (after,) = briefs_of(tmp_path, shot)
    assert before.fingerprint != after.fingerprint


def test_what_goes_wrong_is_told_and_the_next_save_goes_on(tmp_path: Path) -> None:
    """Two saves, one mistake, one preview."""
    outcomes: list[Previewed | StoryreelError] = []
    mistakes = [MachineError("no disk")]
    has_told = asyncio.Event()

    def compile_() -> Compiled:
        if mistakes:
            raise mistakes.pop()
        return Compiled(storyboard=a_storyboard())

    async def saves() -> AsyncIterator[None]:
        yield
        await has_told.wait()
        yield

    def told(outcome: Previewed | StoryreelError) -> None:
        outcomes.append(outcome)
        has_told.set()

    asyncio.run(a_previewer(tmp_path, a_storyboard(), Studio(), compile=compile_).make_again(saves(), told))
    assert [type(outcome) for outcome in outcomes] == [MachineError, Previewed]


def test_a_save_while_it_is_made_begins_anew(tmp_path: Path) -> None:
    """The first is given up while its clip is painted; what is told is the second alone."""
    outcomes: list[Previewed | StoryreelError] = []
    has_begun = asyncio.Event()

    class Slow(Studio):
        async def paint(self, brief: Brief) -> Media:
            media = await super().paint(brief)
            if len(self.briefs) == 1:
                has_begun.set()
                await asyncio.Event().wait()
            return media

    async def saves() -> AsyncIterator[None]:
        yield
        await has_begun.wait()
        yield

    studio = Slow()
    asyncio.run(a_previewer(tmp_path, a_storyboard(), studio).make_again(saves(), outcomes.append))
    assert (len(studio.briefs), [type(outcome) for outcome in outcomes]) == (2, [Previewed])
