"""Makes theme.m4a and bottle.mp4 again, from nothing: `python make_assets.py` in this folder.

The packshot is 1080p at 30 fps with sound at 44.1 kHz on purpose: own footage seldom has the film's shape.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

HERE: Final = Path(__file__).parent
RATE: Final = 44_100
Signal = NDArray[np.float64]

# --- the theme: 28 bars of four beats at 96 beats a minute make 70 seconds ------------------------------------------

BEAT: Final = 60 / 96
BARS: Final = 28
LENGTH: Final = round(BARS * 4 * BEAT * RATE)
CHORDS: Final = (  # midi notes of pad and bass: D  A/C#  Bm7  Gmaj7
    ((62, 66, 69, 74), 38),
    ((61, 64, 69, 73), 37),
    ((59, 62, 66, 69), 35),
    ((59, 62, 67, 71), 31),
)
ARPEGGIO: Final = (0, 2, 1, 3, 2, 1, 3, 2)  # which chord note on each eighth
MELODY: Final = (  # (bar in a group of eight, beat, midi note, beats)
    (0, 0.0, 78, 1.5), (0, 1.5, 76, 0.5), (0, 2.0, 74, 2.0), (1, 0.0, 73, 1.5), (1, 1.5, 74, 0.5), (1, 2.0, 76, 2.0),
    (2, 0.0, 78, 1.0), (2, 1.0, 81, 1.0), (2, 2.0, 78, 2.0), (3, 0.0, 74, 3.0),
    (4, 0.0, 78, 1.5), (4, 1.5, 76, 0.5), (4, 2.0, 81, 2.0), (5, 0.0, 85, 1.5), (5, 1.5, 83, 0.5), (5, 2.0, 81, 2.0),
    (6, 0.0, 83, 1.0), (6, 1.0, 81, 1.0), (6, 2.0, 78, 2.0), (7, 0.0, 79, 1.5), (7, 1.5, 78, 0.5), (7, 2.0, 74, 2.0),
)  # fmt: skip
PARTS: Final = (  # part, first bar, last bar + 1
    ("pad", 0, 28),
    ("pluck", 2, 27),
    ("bass", 4, 26),
    ("beat", 8, 26),
    ("melody", 8, 16),
    ("melody", 18, 26),
)


def make_theme() -> NDArray[np.float32]:
    """Two rows of samples."""
    rng = np.random.default_rng(96)
    mix = np.zeros((2, LENGTH + 4 * RATE))
    players = {"pad": play_pad, "pluck": play_pluck, "bass": play_bass, "beat": play_beat, "melody": play_melody}
    for part, first, stop in PARTS:
        for bar in range(first, stop):
            players[part](mix, bar, bar - first, rng)
    mix += 0.22 * reverberated(mix, rng)
    mix = mix[:, :LENGTH]
    ends = np.clip(np.minimum(np.arange(LENGTH) / (0.4 * RATE), (LENGTH - np.arange(LENGTH)) / (5 * RATE)), 0, 1)
    mix *= np.sin(ends * np.pi / 2) ** 2
    return np.asarray(0.89 * np.tanh(1.3 * mix / np.abs(mix).max()), np.float32)


def play_pad(mix: Signal, bar: int, _nth: int, _rng: np.random.Generator) -> None:
    notes, _ = CHORDS[bar % 4]
    seconds = np.arange(round(5.2 * BEAT * RATE)) / RATE
    swell = np.clip(seconds / 0.5, 0, 1) * np.clip((seconds[-1] - seconds) / 0.9, 0, 1)
    for place, note in enumerate(notes):
        tone = sum(
            np.sin(2 * np.pi * hertz(note) * drift * k * seconds + k) / k**2.2
            for k in (1, 2, 3)
            for drift in (0.9985, 1.0017)
        )
        add(mix, bar * 4 * BEAT, 0.028 * swell * tone, (place - 1.5) / 3)


def play_pluck(mix: Signal, bar: int, nth: int, rng: np.random.Generator) -> None:
    notes, _ = CHORDS[bar % 4]
    for eighth, which in enumerate(ARPEGGIO):
        loud = 0.13 + 0.05 * (eighth % 4 == 0) + 0.012 * rng.standard_normal()
        octave = 12 if (nth // 4) % 2 and eighth in (3, 6) else 0
        when = (bar * 4 + eighth / 2) * BEAT + 0.004 * rng.random()
        add(mix, when, loud * plucked(hertz(notes[which] + octave), 1.4, rng), 0.5 * np.sin(eighth * 1.7 + nth))


def play_bass(mix: Signal, bar: int, _nth: int, _rng: np.random.Generator) -> None:
    _, note = CHORDS[bar % 4]
    for beat, beats in ((0.0, 1.4), (1.5, 0.5), (2.0, 1.4), (3.5, 0.5)):
        seconds = np.arange(round(beats * BEAT * RATE)) / RATE
        shape = np.clip(seconds / 0.008, 0, 1) * np.exp(-seconds * 2.2) * np.clip((seconds[-1] - seconds) / 0.03, 0, 1)
        tone = np.sin(2 * np.pi * hertz(note) * seconds) + 0.35 * np.sin(4 * np.pi * hertz(note) * seconds)
        add(mix, (bar * 4 + beat) * BEAT, 0.24 * shape * tone, 0.0)


def play_beat(mix: Signal, bar: int, _nth: int, rng: np.random.Generator) -> None:
    seconds = np.arange(round(0.3 * RATE)) / RATE
    kick = np.sin(2 * np.pi * (46 * seconds + 7 * (1 - np.exp(-seconds * 32)))) * np.exp(-seconds * 13)
    brush = np.diff(rng.standard_normal(len(seconds) + 1)) * np.exp(-seconds * 38)
    for beat in (0, 2):
        add(mix, (bar * 4 + beat) * BEAT, 0.42 * kick, 0.0)
    for beat in (1, 3):
        add(mix, (bar * 4 + beat) * BEAT, 0.07 * brush, 0.1)
    for eighth in range(8):
        add(mix, (bar * 4 + eighth / 2) * BEAT, (0.012 + 0.012 * (eighth % 2)) * brush * np.exp(-seconds * 60), -0.35)


def play_melody(mix: Signal, bar: int, nth: int, _rng: np.random.Generator) -> None:
    for at_bar, beat, note, beats in MELODY:
        if at_bar != nth % 8:
            continue
        seconds = np.arange(round((beats * BEAT + 0.5) * RATE)) / RATE
        shape = np.clip(seconds / 0.03, 0, 1) * np.exp(-seconds * 1.1) * np.clip((seconds[-1] - seconds) / 0.4, 0, 1)
        waver = 0.0018 * np.sin(2 * np.pi * 5.1 * seconds) * np.clip(seconds - 0.25, 0, 1)
        phase = 2 * np.pi * hertz(note) * (seconds + waver)
        add(mix, (bar * 4 + beat) * BEAT, 0.1 * shape * (np.sin(phase) + 0.18 * np.sin(2 * phase)), 0.15)


def plucked(pitch: float, seconds: float, rng: np.random.Generator) -> Signal:
    """A string after Karplus and Strong: a burst of noise in a ring that is smoothed at every turn."""
    ring = rng.uniform(-1, 1, max(2, round(RATE / pitch)))
    ring = (ring + np.roll(ring, 1) + np.roll(ring, 2)) / 3
    turns = []
    for _ in range(round(seconds * RATE / len(ring)) + 1):
        turns.append(ring)
        ring = 0.994 * (0.5 * ring + 0.5 * np.roll(ring, 1))
    string = np.concatenate(turns)
    return string * np.exp(-np.arange(len(string)) / RATE * 2.4)


def reverberated(mix: Signal, rng: np.random.Generator) -> Signal:
    """`mix` in a hall: convolved with two seconds of dying noise, the two sides apart."""
    tail = rng.standard_normal((2, 2 * RATE)) * np.exp(-np.arange(2 * RATE) / RATE * 3.2)
    tail = np.cumsum(tail - tail.mean(axis=1, keepdims=True), axis=1) * 0.05 + tail * 0.4
    size = mix.shape[1] + tail.shape[1]
    wet = np.fft.irfft(np.fft.rfft(mix, size) * np.fft.rfft(tail, size), size)[:, : mix.shape[1]]
    return wet * np.abs(mix).max() / np.abs(wet).max()


def add(mix: Signal, at_s: float, tone: Signal, pan: float) -> None:
    """Lay `tone` into `mix`; `pan` runs from -1, left, to 1, right, at equal power."""
    start = round(at_s * RATE)
    angle = (pan + 1) * np.pi / 4
    stop = min(start + len(tone), mix.shape[1])
    for row, gain in enumerate((np.cos(angle), np.sin(angle))):
        mix[row, start:stop] += gain * tone[: stop - start]


def hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


# --- the packshot: three seconds of a bottle on a table -------------------------------------------------------------

SIZE: Final = (1920, 1080)
FPS: Final = 30


def bottle_frames() -> Iterator[Image.Image]:
    """A slow push towards the bottle while a highlight passes over the glass."""
    still = table_with_bottle()
    for number in range(3 * FPS):
        zoom = 1 + 0.06 * (number / (3 * FPS)) ** 0.9
        width, height = SIZE[0] / zoom, SIZE[1] / zoom
        left, top = (SIZE[0] - width) / 2, (SIZE[1] - height) * 0.6
        yield still.resize(SIZE, Image.Resampling.BICUBIC, box=(left, top, left + width, top + height))


def table_with_bottle() -> Image.Image:
    width, height = SIZE
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    glow = np.exp(-(((x - width / 2) / 620) ** 2 + ((y - 470) / 480) ** 2))[..., None]
    wall = np.array([24, 34, 58]) + glow * np.array([214, 140, 70])
    below = np.clip((y - 820) / 260, 0, 1)[..., None]
    table = np.array([52, 34, 40]) + np.exp(-(((x - width / 2) / 700) ** 2))[..., None] * np.array([150, 90, 50]) * (
        1 - below
    )
    scene = np.where(y[..., None] < 820, wall, table)
    scene += np.random.default_rng(3).normal(0, 1.2, scene.shape[:2])[..., None]
    picture = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))
    bottle, mask = painted_bottle()
    mirrored, faint = bottle.transpose(Image.Transpose.FLIP_TOP_BOTTOM), mask.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    picture.paste(
        mirrored, (width // 2 - 170, 830), faint.point(lambda a: int(a * 0.22)).filter(ImageFilter.GaussianBlur(5))
    )
    picture.paste(bottle, (width // 2 - 170, 150), mask)
    return picture


def painted_bottle() -> tuple[Image.Image, Image.Image]:
    """The bottle, 340 × 690, and its mask."""
    big = Image.new("L", (1020, 2070), 0)
    draw = ImageDraw.Draw(big)
    draw.rounded_rectangle((90, 690, 930, 2060), 150, fill=255)
    draw.polygon([(390, 300), (630, 300), (640, 560), (860, 780), (160, 780), (380, 560)], fill=255)
    draw.rounded_rectangle((360, 40, 660, 330), 40, fill=255)
    mask = big.filter(ImageFilter.GaussianBlur(9)).point(lambda a: min(255, max(0, (a - 118) * 12))).reduce(3)
    y, x = np.mgrid[0:690, 0:340].astype(np.float32)
    across = (x - 170) / 140
    light = (
        0.42
        + 0.5 * np.exp(-(((across + 0.62) / 0.13) ** 2))
        + 0.34 * np.exp(-(((across - 0.8) / 0.1) ** 2))
        + 0.2 * np.exp(-((across / 0.5) ** 2))
    )
    glass = np.stack([light * 240 + 8, light * 132 + 16, light * 84 + 12], axis=-1)
    glass[:112] = np.stack([light * 70, light * 74, light * 92], axis=-1)[:112]
    glass *= (1.08 - 0.3 * (y / 690))[..., None]
    picture = Image.fromarray(np.clip(glass, 0, 255).astype(np.uint8))
    label = ImageDraw.Draw(picture)
    label.rectangle((30, 390, 310, 560), fill=(246, 238, 222))
    label.ellipse((130, 420, 210, 500), fill=(214, 96, 52))
    label.rectangle((90, 520, 250, 526), fill=(60, 52, 60))
    label.rectangle((120, 536, 220, 540), fill=(60, 52, 60))
    return picture, mask


def bottle_sound() -> NDArray[np.float32]:
    """A glass that rings once, in a quiet room."""
    rng = np.random.default_rng(5)
    seconds = np.arange(3 * RATE) / RATE
    room = 0.008 * np.cumsum(rng.standard_normal((2, len(seconds))), axis=1)
    room = room - np.stack([np.convolve(row, np.ones(801) / 801, "same") for row in room])
    since = np.clip(seconds - 0.5, 0, None)
    ring = sum(
        g * np.sin(2 * np.pi * f * since) * np.exp(-d * since)
        for f, g, d in ((1318.5, 0.2, 2.2), (2637, 0.1, 3.1), (3951, 0.05, 5))
    )
    return np.asarray(np.clip(0.1 * room + ring, -1, 1), np.float32)


# --- files ----------------------------------------------------------------------------------------------------------


def write_theme(path: Path) -> None:
    with av.open(str(path), "w", format="ipod", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = 128_000
        for frame in sound_frames(make_theme()):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_bottle(path: Path) -> None:
    with av.open(str(path), "w", options={"fflags": "+bitexact"}) as container:
        options = {"preset": "slow", "crf": "21", "x264-params": "keyint=15:bframes=0:threads=1"}
        picture = container.add_stream("libx264", rate=FPS, options=options)
        picture.width, picture.height, picture.pix_fmt = *SIZE, "yuv420p"
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = 96_000
        for still in bottle_frames():
            container.mux(picture.encode(av.VideoFrame.from_image(still)))
        for frame in sound_frames(bottle_sound()):
            container.mux(stream.encode(frame))
        container.mux(picture.encode(None))
        container.mux(stream.encode(None))


def sound_frames(sound: NDArray[np.float32]) -> Iterator[av.AudioFrame]:
    for start in range(0, sound.shape[1], 1024):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[:, start : start + 1024]), "fltp", "stereo")
        frame.sample_rate, frame.pts = RATE, start
        yield frame


if __name__ == "__main__":
    write_theme(HERE / "theme.m4a")
    write_bottle(HERE / "bottle.mp4")
