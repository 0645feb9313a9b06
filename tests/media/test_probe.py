"""Looking at media files."""

from __future__ import annotations

import os
import wave
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from footage import SIZE_PX, write_clip

from pipeline.errors import MediaError
from pipeline.media.probe import inspect, listen


def test_a_clip_is_counted_by_decoding(tmp_path: Path) -> None:
    """30 frames, 60,000 samples and what AAC's last packet adds, −20 dBFS on two channels: −17 LUFS."""
    seen = inspect(write_clip(tmp_path / "a.mp4", frames=30), must_be_mp4=True)
    assert (seen.frames, seen.film_frames, seen.rate) == (30, 30, Fraction(24))
    assert (seen.width_px, seen.height_px) == SIZE_PX
    assert 60_000 <= seen.samples < 61_024
    assert seen.loudness_lufs == pytest.approx(-17.0, abs=1.0)


def test_another_rate_is_told_in_film_frames(tmp_path: Path) -> None:
    """30 frames at 30 a second last 24 of ours."""
    seen = inspect(write_clip(tmp_path / "a.mp4", frames=30, rate=30))
    assert (seen.frames, seen.film_frames, seen.rate) == (30, 24, Fraction(30))


def test_a_clip_that_is_over_before_a_frame_is_no_clip(tmp_path: Path) -> None:
    """A flipped bit of its time scale does that: one picture at 96 a second is a quarter of a frame of ours."""
    with pytest.raises(MediaError, match="over before a frame"):
        inspect(write_clip(tmp_path / "a.mp4", frames=1, rate=96, hz=None))


def test_silence_has_no_loudness(tmp_path: Path) -> None:
    """No sound is no error."""
    seen = inspect(write_clip(tmp_path / "a.mp4", hz=None))
    assert (seen.audio_codec, seen.samples, seen.loudness_lufs) == (None, 0, None)


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.9, 0.999])
def test_a_clip_that_is_cut_short_is_refused(tmp_path: Path, kept: float) -> None:
    """Wherever the download broke off."""
    path = write_clip(tmp_path / "a.mp4")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(MediaError):
        inspect(path, must_be_mp4=True)


def test_a_damaged_clip_is_refused(tmp_path: Path) -> None:
    """Right size, right index, a hole in the data."""
    path = write_clip(tmp_path / "a.mp4", grey=lambda n: 60 + 5 * n)
    whole = bytearray(path.read_bytes())
    at = whole.index(b"mdat") + 2_000
    whole[at : at + 400] = b"\xff" * 400
    path.write_bytes(whole)
    with pytest.raises(MediaError, match=r"does not decode|damaged"):
        inspect(path, must_be_mp4=True)


@pytest.mark.parametrize(
    "content",
    [
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"<!doctype html><title>403</title>Forbidden, and more of it",
    ],
)
def test_what_only_calls_itself_mp4_is_not_opened(tmp_path: Path, content: bytes) -> None:
    """A playlist would be followed by ffmpeg's guess; no guess is made."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(MediaError, match="its first bytes"):
        inspect(path)


def test_a_clip_has_to_begin_as_mp4_does(tmp_path: Path) -> None:
    """A take in another container is not what was ordered."""
    path = write_clip(tmp_path / "a.mkv")
    assert inspect(path).frames == 24
    with pytest.raises(MediaError, match="no MP4"):
        inspect(path, must_be_mp4=True)


def test_sound_can_be_listened_to_alone(tmp_path: Path) -> None:
    """The peak of a sine at −17 dBFS is where it is, in dBTP; of silence there is none, and no loudness."""
    path = write_clip(tmp_path / "a.mp4", frames=48)
    heard = listen(path, has_peaks=True)
    assert heard.samples == 96_256  # 94 packets: no edit list cuts the last one
    assert heard.loudness_lufs == pytest.approx(-17.1, abs=1)
    assert heard.true_peak_dbtp == pytest.approx(-17.1, abs=0.5)
    silence = listen(write_clip(tmp_path / "b.mp4", heard=np.zeros_like), has_peaks=True)
    assert (silence.loudness_lufs, silence.true_peak_dbtp) == (None, None)


def test_a_true_peak_is_higher_than_the_samples_beside_it(tmp_path: Path) -> None:
    """A quarter of the rate, 45° off: each sample of a sine of −6 dBFS stands at −9."""
    path = tmp_path / "a.wav"
    sine = np.hanning(48_000) * np.sin(np.arange(48_000) * np.pi / 2 + np.pi / 4) / 2
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes((sine * 32_767).astype("<i2").tobytes())
    assert listen(path, has_peaks=True).true_peak_dbtp == pytest.approx(-6, abs=0.2)


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    """Sound was asked for, and there is none."""
    with pytest.raises(MediaError, match="holds no sound"):
        inspect(write_clip(tmp_path / "a.mp4", hz=None), has_picture=False)


@pytest.mark.parametrize(
    ("box", "at", "bits", "says"),
    [
        (b"stsz", 16, 1, "names bytes twice"),  # its first packet is 16 MB larger
        (b"stsc", 12, 1, "packets of its audio are there"),  # chunks of another size
        (b"avc1", 0, 0x81, "no decoder"),  # a coding that nobody knows
        (b"SoundHandler", 2, 0x81, "does not decode"),  # a name that is no text
    ],
)
def test_an_index_that_is_damaged_is_told_as_damage(tmp_path: Path, box: bytes, at: int, bits: int, says: str) -> None:
    """ffmpeg would take what it can follow, and PyAV stumble."""
    path = write_clip(tmp_path / "a.mp4")
    damaged = bytearray(path.read_bytes())
    damaged[damaged.rindex(box) + at] ^= bits
    path.write_bytes(damaged)
    with pytest.raises(MediaError, match=says):
        inspect(path, must_be_mp4=True)


def test_a_file_of_boxes_alone_is_not_looked_through(tmp_path: Path) -> None:
    """Each is as small as can be; a gigabyte of them would take minutes."""
    path = tmp_path / "a.mp4"
    path.write_bytes(b"\0\0\0\x08free" * 100_001)
    with pytest.raises(MediaError, match="more than 100,000 boxes"):
        inspect(path)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody will ever write to it."""
    os.mkfifo(tmp_path / "clip.mp4")
    with pytest.raises(MediaError, match="a pipe or a device"):
        inspect(tmp_path / "clip.mp4", must_be_mp4=True)


def test_an_index_of_samples_that_no_file_holds_is_not_read(tmp_path: Path) -> None:
    """Forty million of one byte each, in a file of a few thousand, would take 1.3 GB to list."""
    path = write_clip(tmp_path / "a.mp4")
    damaged = bytearray(path.read_bytes())
    at = damaged.index(b"stsz") + 8
    damaged[at : at + 8] = (1).to_bytes(4, "big") + (40_000_000).to_bytes(4, "big")
    path.write_bytes(damaged)
    with pytest.raises(MediaError, match="more than 2,000,000 samples"):
        inspect(path)
