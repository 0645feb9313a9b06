"""Laying out what runs beside the clips, and looking at the author's own files."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import a_shot, a_storyboard
from timelines import a_landed

from pipeline.edit import assemble_timeline, look_at_own_files
from pipeline.edit.own_files import OwnFile
from pipeline.errors import MediaError, StoryboardError
from pipeline.model.finding import Source
from pipeline.model.instructions import Ducking, Trim
from pipeline.model.join import Join
from pipeline.model.media import FileKind, Media
from pipeline.model.storyboard import Footage, Logo, Music, Narration, Storyboard
from pipeline.model.timeline import MusicTrack, Timeline

HERE = Source(path="storyboard.jinja", line=7)
VOICE, LOGO = a_landed("d", frames=72), a_landed("e", frames=0)


def two_shots(**tracks: object) -> Storyboard:
    """a is 0–192, b is 180–372."""
    return a_storyboard(a_shot("a"), a_shot("b", join=Join.parse("dissolve 12")), **tracks)


def voice(**fields: object) -> Narration:
    return Narration(file="voice.wav", source=HERE, **fields)  # type: ignore[arg-type]


def logo(**fields: object) -> Logo:
    return Logo(file="logo.png", source=HERE, **fields)  # type: ignore[arg-type]


def laid(*, narration: Narration | None = None, logo: Logo | None = None) -> Timeline:
    tracks = {"narrations": (narration,) if narration else (), "logos": (logo,) if logo else ()}
    return assemble_timeline(two_shots(**tracks), {"file:voice.wav": VOICE, "file:logo.png": LOGO})


def finding_of(**tracks: object) -> str:
    with pytest.raises(StoryboardError) as caught:
        laid(**tracks)  # type: ignore[arg-type]
    (finding,) = caught.value.findings
    return f"{finding.code} {finding.says}"


def music_laid(**fields: object) -> MusicTrack | None:
    """Of a file of 72 frames."""
    board = two_shots(music=Music(file="theme.m4a", source=HERE, **fields))  # type: ignore[arg-type]
    return assemble_timeline(board, {"file:theme.m4a": VOICE}).music


def test_music_begins_with_its_item_at_its_trim() -> None:
    """b begins at frame 180; the file's own frames from 12 on."""
    track = music_laid(on="b", start=6, trim=Trim.parse("12f-"), duck=Ducking.parse("-10dB"))
    assert track is not None
    assert (track.start, track.used_start, track.used_stop, track.duck.gain_db) == (186, 12, None, -10)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"trim": Trim(start=72)}, "SB401 theme.m4a is trimmed to 72f-, but it has 72 frames."),
        ({"on": "b", "start": 192}, "SB404 the music theme.m4a begins at frame 372 of the film (00:00:15:12)"),
    ],
)
def test_music_that_cannot_be_heard_is_a_finding(fields: dict[str, object], says: str) -> None:
    """Nothing of it is left, or of the film."""
    with pytest.raises(StoryboardError) as caught:
        music_laid(**fields)
    (finding,) = caught.value.findings
    assert f"{finding.code} {finding.says}".startswith(says)


def test_a_narration_begins_with_its_item() -> None:
    """b begins at frame 180; 24 frames on is 204, and 72 − 12 frames are heard."""
    (track,) = laid(narration=voice(on="b", start=24, trim=Trim.parse("12f-"))).narrations
    assert (track.start, track.used_start, track.used_stop) == (204, 12, 72)


def test_a_narration_ends_with_the_film() -> None:
    """From frame 360 of 372 on, 12 of its 72 frames are left."""
    (track,) = laid(narration=voice(on="b", start=180)).narrations
    assert (track.start, track.used_stop) == (360, 12)


def test_a_narration_without_an_item_begins_with_the_film() -> None:
    """Its start is then the film's."""
    assert laid(narration=voice(start=48)).narrations[0].start == 48


def test_the_last_syllable_of_a_narration_is_heard() -> None:
    """100,001 samples reach into frame 50."""
    media = {"file:voice.wav": a_landed("d", samples=100_001)}
    assert assemble_timeline(two_shots(narrations=(voice(),)), media).narrations[0].used_stop == 51


def test_a_narration_after_the_films_end_is_a_finding() -> None:
    """Nobody would hear it."""
    says = finding_of(narration=voice(start=372))
    assert (
        says == "SB404 the narration voice.wav begins at frame 372 of the film (00:00:15:12), but the film ends at 372."
    )


def test_a_narration_trimmed_beyond_its_end_is_a_finding() -> None:
    """72 frames are 3 s."""
    says = finding_of(narration=voice(trim=Trim.parse("0s-4s")))
    assert says == "SB401 voice.wav is trimmed to 0f-96f, but it has 72 frames."


def test_a_logo_stands_over_its_item_or_the_whole_film() -> None:
    """From its start for its frames, never beyond the item."""
    whole, over = laid(logo=logo()).logos[0], laid(logo=logo(on="a", start=150, frames=100)).logos[0]
    assert (whole.start, whole.stop, whole.sha256) == (0, 372, "e" * 64)
    assert (over.start, over.stop) == (150, 192)


def test_a_logo_after_its_items_end_is_a_finding() -> None:
    """a ends at frame 192."""
    assert finding_of(logo=logo(on="a", start=192)).endswith(
        "begins at frame 192 of the film (00:00:08:00), but a ends at 192."
    )


def test_a_shot_may_be_called_music() -> None:
    """The key of a file is never an id."""
    board = a_storyboard(a_shot("music"), music=Music(file="music", source=HERE))
    timeline = assemble_timeline(board, {"music": a_landed("a"), "file:music": a_landed("c")})
    assert timeline.music is not None
    assert (timeline.clips[0].media, timeline.music.media) == (a_landed("a"), a_landed("c"))


def test_each_own_file_is_asked_for_what_it_should_hold() -> None:
    """A clip, sound, a still."""
    footage = Footage(id="pack", scene="s", file="pack.mp4", source=HERE)
    board = a_storyboard(a_shot("a"), footage, narrations=(voice(),), logos=(logo(),))  # type: ignore[arg-type]
    asked: list[tuple[str, FileKind]] = []

    def look(own: OwnFile) -> Media:
        asked.append((own.key, own.kind))
        return VOICE

    look_at_own_files(board, look)
    assert asked == [("pack", FileKind.CLIP), ("file:voice.wav", FileKind.SOUND), ("file:logo.png", FileKind.STILL)]


def test_a_file_that_cannot_be_used_is_a_finding_where_it_is_asked_for() -> None:
    """All of them at once, each once."""

    def refuse(own: OwnFile) -> Media:
        raise MediaError(Path(own.file), "it holds no sound")

    board = two_shots(narrations=(voice(), voice(start=24)), logos=(logo(),))
    with pytest.raises(StoryboardError) as caught:
        look_at_own_files(board, refuse)
    first, _ = caught.value.findings
    assert str(first.source) == "storyboard.jinja:7"
    assert first.says == "voice.wav cannot be used: it holds no sound."
