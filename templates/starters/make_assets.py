"""Makes the music, the packshot and the pictures of the starters again, from nothing: `python make_assets.py`.

A theme is eight bars that end where they begin: every tone, and the hall around it, wraps round, so that it loops.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.media.animatic import ClipBrief, paint_clip
from pipeline.media.fonts import BOLD

HERE: Final = Path(__file__).parent
RATE: Final = 44_100
Signal = NDArray[np.float64]
Chord = tuple[int, ...]
Step = tuple[float, int, float]  # beat in the theme, midi note, beats


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """What is played: one chord a bar of four beats, its lowest note the bass; the parts by name, each at a level."""

    tempo: float
    chords: Sequence[Chord]
    parts: Mapping[str, float]
    melody: Sequence[Step] = ()

    @property
    def beat_s(self) -> float:
        return 60 / self.tempo

    @property
    def samples(self) -> int:
        return round(len(self.chords) * 4 * self.beat_s * RATE)


F_MAJOR: Final = ((41, 60, 64, 69), (38, 60, 65, 69), (43, 58, 62, 69), (36, 58, 64, 67))
C_LYDIAN: Final = ((36, 64, 67, 71), (38, 62, 66, 69), (33, 60, 64, 67), (40, 59, 64, 67))
A_MINOR: Final = ((33, 60, 64, 69), (29, 60, 65, 69), (36, 60, 64, 67), (31, 59, 62, 67))
E_MINOR: Final = ((40, 59, 64, 67), (36, 60, 64, 67), (43, 59, 62, 67), (38, 57, 62, 66))
D_MINOR: Final = ((38, 57, 62, 65), (38, 58, 62, 65), (34, 58, 62, 65), (36, 55, 60, 64))

THEMES: Final[Mapping[str, Theme]] = {
    "commercial": Theme(
        tempo=76,
        chords=F_MAJOR * 2,
        parts={"pad": 0.5, "pluck": 1.0, "bass": 0.7, "melody": 0.8},
        melody=(
            (2.0, 72, 2.0), (4.0, 69, 3.0), (8.0, 70, 1.5), (9.5, 69, 0.5), (10.0, 67, 2.0), (13.0, 64, 3.0),
            (18.0, 72, 1.0), (19.0, 76, 1.0), (20.0, 77, 3.0), (24.0, 74, 2.0), (26.0, 72, 2.0), (28.0, 67, 4.0),
        ),
    ),
    "product_demo": Theme(
        tempo=112, chords=E_MINOR * 2, parts={"pad": 0.45, "pulse": 1.0, "bass": 0.9, "beat": 0.8}
    ),
    "explainer": Theme(
        tempo=92,
        chords=C_LYDIAN * 2,
        parts={"pad": 0.35, "mallet": 1.0, "bass": 0.5},
    ),
    "vertical_social": Theme(
        tempo=120, chords=A_MINOR * 2, parts={"pluck": 0.9, "pulse": 0.5, "bass": 1.0, "beat": 1.2}
    ),
    "episode": Theme(
        tempo=66,
        chords=D_MINOR * 2,
        parts={"pad": 1.0, "bass": 0.8, "melody": 0.5},
        melody=((3.0, 69, 5.0), (11.0, 70, 1.0), (12.0, 69, 4.0), (19.0, 65, 5.0), (27.0, 64, 5.0)),
    ),
}  # fmt: skip


# --- the players: each gives tones with the beat they begin at, and where they stand between left and right ---------

Tone = tuple[float, Signal, float]


def play_pad(theme: Theme) -> Iterator[Tone]:
    seconds = _seconds(5 * theme.beat_s)
    swell = np.clip(seconds / 0.6, 0, 1) * np.clip((seconds[-1] - seconds) / 1.2, 0, 1)
    for bar, (_, *notes) in enumerate(theme.chords):
        for place, note in enumerate(notes):
            tone = sum(
                np.sin(2 * np.pi * _hertz(note) * drift * k * seconds + k) / k**2.2
                for k in (1, 2, 3)
                for drift in (0.9985, 1.0017)
            )
            yield bar * 4, 0.05 * swell * tone, (place - 1) / 2


def play_pluck(theme: Theme) -> Iterator[Tone]:
    rng = np.random.default_rng(7)
    for bar, (_, *notes) in enumerate(theme.chords):
        for eighth, which in enumerate((0, 2, 1, 2, 0, 1, 2, 1)):
            octave = 12 if bar % 4 == 3 and eighth > 4 else 0
            loud = 0.2 + 0.07 * (eighth % 4 == 0) + 0.015 * rng.standard_normal()
            yield bar * 4 + eighth / 2, loud * _plucked(_hertz(notes[which] + octave), rng), 0.5 * np.sin(eighth * 1.7)


def play_mallet(theme: Theme) -> Iterator[Tone]:
    seconds = _seconds(1.1)
    for bar, (_, *notes) in enumerate(theme.chords):
        for sixteenth, which in enumerate((0, 1, 2, 1, 0, 2, 1, 2)):
            pitch = _hertz(notes[which] + 12 * (sixteenth % 3 == 2))
            tone = np.sin(2 * np.pi * pitch * seconds) * np.exp(-seconds * 6)
            tone += 0.3 * np.sin(2 * np.pi * pitch * 3.93 * seconds) * np.exp(-seconds * 22)
            yield bar * 4 + sixteenth / 2, 0.24 * (1 - 0.3 * (sixteenth % 2)) * tone, 0.6 * np.cos(sixteenth * 2.1)


def play_pulse(theme: Theme) -> Iterator[Tone]:
    seconds = _seconds(theme.beat_s * 0.24)
    shape = np.clip(seconds / 0.004, 0, 1) * np.exp(-seconds * 16) * np.clip((seconds[-1] - seconds) / 0.01, 0, 1)
    for bar, (_, *notes) in enumerate(theme.chords):
        for sixteenth in range(16):
            pitch = _hertz(notes[sixteenth * 2 % 3] - 12 * (sixteenth % 4 == 0))
            tone = sum(np.sin(2 * np.pi * pitch * k * seconds) / k for k in (1, 3, 5))
            loud = 0.16 if sixteenth % 4 == 0 else 0.07 + 0.04 * (sixteenth % 3 == 0)
            yield bar * 4 + sixteenth / 4, loud * shape * tone, 0.4 if sixteenth % 2 else -0.4


def play_bass(theme: Theme) -> Iterator[Tone]:
    for bar, (note, *_) in enumerate(theme.chords):
        for beat, beats in ((0.0, 1.6), (1.5, 0.5), (2.0, 1.6), (3.5, 0.5)):
            seconds = _seconds(beats * theme.beat_s)
            shape = np.clip(seconds / 0.01, 0, 1) * np.exp(-seconds * 2) * np.clip((seconds[-1] - seconds) / 0.04, 0, 1)
            tone = np.sin(2 * np.pi * _hertz(note) * seconds) + 0.3 * np.sin(4 * np.pi * _hertz(note) * seconds)
            yield bar * 4 + beat, 0.26 * shape * tone, 0.0


def play_beat(theme: Theme) -> Iterator[Tone]:
    rng = np.random.default_rng(11)
    seconds = _seconds(0.3)
    kick = np.sin(2 * np.pi * (46 * seconds + 7 * (1 - np.exp(-seconds * 32)))) * np.exp(-seconds * 13)
    brush = np.diff(rng.standard_normal(len(seconds) + 1)) * np.exp(-seconds * 34)
    for beat in range(len(theme.chords) * 4):
        yield beat, 0.4 * kick, 0.0
        if beat % 2:
            yield beat, 0.09 * brush, 0.1
        yield beat + 0.5, 0.05 * brush * np.exp(-seconds * 50), -0.3


def play_melody(theme: Theme) -> Iterator[Tone]:
    for beat, note, beats in theme.melody:
        seconds = _seconds(beats * theme.beat_s + 0.6)
        shape = np.clip(seconds / 0.05, 0, 1) * np.exp(-seconds) * np.clip((seconds[-1] - seconds) / 0.5, 0, 1)
        waver = 0.0016 * np.sin(2 * np.pi * 5 * seconds) * np.clip(seconds - 0.3, 0, 1)
        phase = 2 * np.pi * _hertz(note) * (seconds + waver)
        yield beat, 0.16 * shape * (np.sin(phase) + 0.18 * np.sin(2 * phase)), 0.15


PLAYERS: Final[Mapping[str, Callable[[Theme], Iterator[Tone]]]] = {
    "bass": play_bass,
    "beat": play_beat,
    "mallet": play_mallet,
    "melody": play_melody,
    "pad": play_pad,
    "pluck": play_pluck,
    "pulse": play_pulse,
}


def play(theme: Theme) -> NDArray[np.float32]:
    """Two rows of samples."""
    mix = np.zeros((2, theme.samples))
    for part, level in theme.parts.items():
        for beat, tone, pan in PLAYERS[part](theme):
            _lay(mix, round(beat * theme.beat_s * RATE), level * tone, pan)
    mix += 0.22 * _hall(mix)
    return np.asarray(0.85 * np.tanh(1.3 * mix / np.abs(mix).max()), np.float32)


def _lay(mix: Signal, start: int, tone: Signal, pan: float) -> None:
    """Add `tone` from `start` on; what reaches beyond the end begins again at the front."""
    angle = (pan + 1) * np.pi / 4
    at = np.arange(start, start + len(tone)) % mix.shape[1]
    for row, gain in enumerate((np.cos(angle), np.sin(angle))):
        np.add.at(mix[row], at, gain * tone)


def _hall(mix: Signal) -> Signal:
    """`mix` convolved, round its end, with two seconds of dying noise."""
    rng = np.random.default_rng(3)
    tail = rng.standard_normal((2, 2 * RATE)) * np.exp(-np.arange(2 * RATE) / RATE * 3.2)
    tail = np.cumsum(tail - tail.mean(axis=1, keepdims=True), axis=1) * 0.05 + tail * 0.4
    size = mix.shape[1]
    wet = np.fft.irfft(np.fft.rfft(mix, size) * np.fft.rfft(tail, size), size)
    return np.asarray(wet * np.abs(mix).max() / np.abs(wet).max())


def _plucked(pitch: float, rng: np.random.Generator) -> Signal:
    """A string after Karplus and Strong: a burst of noise in a ring that is smoothed at every turn."""
    ring = rng.uniform(-1, 1, max(2, round(RATE / pitch)))
    ring = (ring + np.roll(ring, 1) + np.roll(ring, 2)) / 3
    turns = []
    for _ in range(round(1.6 * RATE / len(ring)) + 1):
        turns.append(ring)
        ring = 0.994 * (0.5 * ring + 0.5 * np.roll(ring, 1))
    string = np.concatenate(turns)
    return np.asarray(string * np.exp(-np.arange(len(string)) / RATE * 2.4))


def _seconds(length_s: float) -> Signal:
    return np.arange(round(length_s * RATE)) / RATE


def _hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


# --- files ----------------------------------------------------------------------------------------------------------


def write_theme(path: Path, theme: Theme) -> None:
    sound = play(theme)
    with av.open(str(path), "w", format="ipod", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = 80_000
        for start in range(0, sound.shape[1], 1024):
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[:, start : start + 1024]), "fltp", "stereo")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_packshot(path: Path, prompt: str, seconds: float) -> None:
    """The painter's clip of `prompt`, its first seconds, without a slate."""
    with TemporaryDirectory() as folder:
        painted = Path(folder) / "clip.mp4"
        paint_clip(ClipBrief(shot="packshot", prompt=prompt, size_px=(1280, 720), slate=False), painted)
        with av.open(str(painted)) as source, av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
            options = {"preset": "slow", "crf": "25", "x264-params": "threads=1"}
            picture = container.add_stream("libx264", rate=24, options=options)
            picture.width, picture.height, picture.pix_fmt = 1280, 720, "yuv420p"
            for frame in islice(source.decode(video=0), round(seconds * 24)):
                container.mux(picture.encode(av.VideoFrame.from_ndarray(frame.to_ndarray(), "yuv420p")))
            container.mux(picture.encode(None))


def write_still(path: Path, prompt: str, box: tuple[int, int, int, int]) -> None:
    """A picture out of the painter's clip of `prompt`, cropped to left, top, right and bottom."""
    with TemporaryDirectory() as folder:
        painted = Path(folder) / "clip.mp4"
        paint_clip(ClipBrief(shot="still", prompt=prompt, size_px=(1280, 720), slate=False), painted)
        with av.open(str(painted)) as source:
            still = next(islice(source.decode(video=0), 96, None))
            still.to_image().crop(box).save(path, quality=84, optimize=True)


def write_wordmark(path: Path, word: str, disc: str) -> None:
    """A name in white beside a disc, on nothing."""
    font = ImageFont.truetype(str(BOLD), 150)
    spaced = "\u2009".join(word)
    width = round(font.getlength(spaced))
    picture = Image.new("RGBA", (width + 250, 220), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((20, 40, 160, 180), fill=disc)
    draw.text((205, 110), spaced, font=font, fill="#ffffff", anchor="lm")
    picture.quantize(64, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)


def main(wanted: Sequence[str]) -> None:
    for name in wanted or THEMES:
        folder = HERE / name / "assets"
        folder.mkdir(exist_ok=True)
        write_theme(folder / "theme.m4a", THEMES[name])
    if not wanted:  # with them, what belongs to one starter alone
        cup = "Studio tabletop, dark backdrop, a cup of black coffee, steam. Slow push in."
        write_packshot(HERE / "commercial/assets/packshot.mp4", cup, 4)
        write_wordmark(HERE / "commercial/assets/logo.png", "ALBA", "#f0a35e")
        write_wordmark(HERE / "product_demo/assets/logo.png", "MERIDIAN", "#5ec8d8")
        watch = "Studio tabletop, white backdrop, close-up: a steel wristwatch with a white strap."
        write_still(HERE / "product_demo/assets/meridian.jpg", watch, (340, 60, 940, 660))


if __name__ == "__main__":
    main(sys.argv[1:])
