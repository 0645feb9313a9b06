"""A stand-in clip has the shape of the vendor's own, its marks at their frame, and equal bytes for equal briefs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from pipeline.media.animatic import ClipBrief, mark_hz, paint_clip
from pipeline.media.animatic.plates import blank_canvas
from pipeline.media.animatic.slate import draw_slate

SMALL = (640, 360)
TINY = (320, 180)


def a_brief(**changes: Any) -> ClipBrief:
    brief = ClipBrief(shot="run.paris", prompt="A runner on the beach at dawn", size_px=SMALL, plain=True)
    return replace(brief, **changes)


def a_clip(folder: Path, **changes: Any) -> Path:
    paint_clip(a_brief(**changes), folder / "clip.mp4")
    return folder / "clip.mp4"


def pictures(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def samples(path: Path) -> np.ndarray[Any, Any]:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)


def loudest_hz(sound: np.ndarray[Any, Any]) -> float:
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 48_000))
    return float(np.argmax(spectrum))


def boxes(path: Path) -> list[bytes]:
    """The names of the file's outer boxes, in order."""
    names, at, content = [], 0, path.read_bytes()
    while at < len(content):
        names.append(content[at + 4 : at + 8])
        at += int.from_bytes(content[at : at + 4])
    return names


@pytest.mark.parametrize(("size", "level"), [((1280, 720), 31), ((720, 1280), 31), ((1920, 1080), 40)])
def test_picture_is_high_profile_at_the_level_of_its_size(tmp_path: Path, size: tuple[int, int], level: int) -> None:
    """Profile 100 and the level stand in the track's parameter sets."""
    with av.open(str(a_clip(tmp_path, size_px=size))) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == size
        assert stream.codec_context.extradata is not None
        assert tuple(stream.codec_context.extradata[1:4:2]) == (100, level)


def test_picture_runs_at_24_with_192_frames_on_the_vendors_time_base(tmp_path: Path) -> None:
    """512 ticks of 1/12288 a frame, from 0, without a gap."""
    with av.open(str(a_clip(tmp_path))) as container:
        stream = container.streams.video[0]
        times = [frame.pts for frame in container.decode(video=0)]
        assert (stream.time_base, stream.average_rate) == (pytest.approx(1 / 12288), 24)
        assert times == [512 * n for n in range(192)]


def test_picture_has_one_key_frame_a_pyramid_and_no_colour_tags(tmp_path: Path) -> None:
    """As in real clips: only frame 0 is a sync sample; 2 says unspecified."""
    with av.open(str(a_clip(tmp_path, plain=False, size_px=TINY))) as container:
        stream = container.streams.video[0]
        keys = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
        tags = (stream.codec_context.color_primaries, stream.codec_context.color_trc, stream.codec_context.colorspace)
    assert keys == [True] + [False] * 191
    assert stream.codec_context.has_b_frames
    assert tags == (2, 2, 2)


def test_sound_is_stereo_aac_of_exactly_eight_seconds(tmp_path: Path) -> None:
    """Decoded through the edit list there are 2,000 samples a frame."""
    path = a_clip(tmp_path)
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("aac", 48_000, 2)
    assert samples(path).shape == (2, 384_000)


def test_index_comes_last_as_in_the_vendors_files(tmp_path: Path) -> None:
    """No faststart: `moov` follows the media."""
    assert boxes(a_clip(tmp_path))[-1] == b"moov"


def test_mark_is_white_at_frame_96_and_only_there(tmp_path: Path) -> None:
    """The corner of 64 pixels is white in one frame of 192."""
    corners = [picture[8:56, 8:56].mean() for picture in pictures(a_clip(tmp_path, marks=True))]
    assert [number for number, corner in enumerate(corners) if corner > 225] == [96]


def test_mark_sounds_at_the_first_sample_of_frame_96(tmp_path: Path) -> None:
    """20 ms of the shot's own tone from sample 192,000 on."""
    left = samples(a_clip(tmp_path, marks=True))[0]
    tone, before = left[192_000:192_960], left[190_000:190_960]
    assert abs(loudest_hz(tone) - mark_hz("run.paris")) < 30
    assert np.sqrt(np.mean(tone**2)) > 4 * np.sqrt(np.mean(before**2))


def test_shots_of_a_film_have_tones_apart() -> None:
    """Between 400 and 4,000 Hz, the same for the same name."""
    tones = [mark_hz(f"shot.{number}") for number in range(21)]
    assert len(set(tones)) == 21
    assert all(400 <= tone <= 4_000 for tone in tones)


@pytest.mark.parametrize("plain", [True, False])
def test_equal_briefs_make_equal_bytes(tmp_path: Path, plain: bool) -> None:
    """So that what a test measured once holds for ever."""
    paths = [tmp_path / name for name in ("first.mp4", "second.mp4")]
    for path in paths:
        paint_clip(a_brief(plain=plain, marks=True, size_px=TINY), path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_painted_clip_moves_and_keeps_the_bit_rate_of_real_ones(tmp_path: Path) -> None:
    """1.2 to 4 Mb/s at 720p; first and last frame differ."""
    path = a_clip(tmp_path, plain=False, size_px=(1280, 720))
    shown = pictures(path)
    assert 1.2e6 < path.stat().st_size * 8 / 8 < 4e6
    assert np.abs(shown[0].astype(int) - shown[-1].astype(int)).mean() > 2


def test_failed_clip_leaves_nothing_behind(tmp_path: Path) -> None:
    """A given picture that is none: the error comes through, no file and no part of one stays."""
    (tmp_path / "broken.png").write_bytes(b"no picture")
    broken = a_brief(plain=False, images=(tmp_path / "broken.png",), image_roles="frames")
    with pytest.raises(OSError):
        paint_clip(broken, tmp_path / "clip.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["broken.png"]


def test_a_slate_is_gone_before_the_clip_ends() -> None:
    """Another shot may begin with one of the last six frames, and dissolves would mix two slates."""
    slate = draw_slate("run", "", (640, 360))
    dark = []
    for frame in (0, 170, 178, 180, 191):
        canvas = blank_canvas((640, 360))
        canvas.luma[:] = 235
        slate.lay(canvas, frame)
        dark.append(int(np.count_nonzero(canvas.luma < 180)))
    assert dark[0] == dark[1] > 300
    assert dark[2:] == [0, 0, 0]
