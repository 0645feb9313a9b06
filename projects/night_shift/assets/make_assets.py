"""Makes theme.m4a again, from nothing: `python make_assets.py` in this folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import av
import numpy as np
from numpy.typing import NDArray

HERE: Final = Path(__file__).parent
RATE: Final = 44_100
BEAT_S: Final = 60 / 65
BARS: Final = 13
LENGTH: Final = round(BARS * 4 * BEAT_S * RATE)
FADE_S: Final = 6.0
Signal = NDArray[np.float64]

CHORDS: Final = (  # a bass note, and the pad above it: Am9  Fmaj7  Cmaj7  Em7
    (33, (57, 60, 64, 71)),
    (29, (57, 60, 64, 69)),
    (36, (55, 59, 64, 67)),
    (28, (55, 59, 62, 67)),
)
MELODY: Final = (  # beat in a round of sixteen, midi note; a round is heard from its second time on
    (0.0, 76), (1.5, 72), (3.0, 71), (4.0, 69), (6.5, 72), (8.0, 67), (9.5, 71), (11.0, 74), (12.0, 71), (14.0, 67),
)  # fmt: skip


def make_theme() -> NDArray[np.float32]:
    """Two rows of samples that come out of silence and go back into it."""
    mix = np.zeros((2, LENGTH + 6 * RATE))
    for bar in range(BARS):
        bass, notes = CHORDS[bar % 4]
        add(mix, bar * 4, 0.16 * held(bass, 4.2, bright=1.6), 0.0)
        for place, note in enumerate(notes):
            add(mix, bar * 4, 0.03 * held(note, 5.0, bright=2.4), (place - 1.5) / 2)
        for beat, note in MELODY:
            if bar >= 2 and bar % 4 * 4 <= beat < bar % 4 * 4 + 4:
                add(mix, bar * 4 + beat % 4, 0.13 * struck(note), 0.25 if note > 70 else -0.2)
    mix = (mix + 0.35 * in_a_hall(mix))[:, :LENGTH]
    seconds = np.arange(LENGTH) / RATE
    ends = np.clip(np.minimum(seconds / 1.5, (seconds[-1] - seconds) / FADE_S), 0, 1)
    mix *= np.sin(ends * np.pi / 2) ** 2
    return np.asarray(0.8 * np.tanh(1.2 * mix / np.abs(mix).max()), np.float32)


def held(note: float, beats: float, *, bright: float) -> Signal:
    """A chord's note that swells and dies away; overtones fall with the power `bright`."""
    seconds = np.arange(round(beats * BEAT_S * RATE)) / RATE
    swell = np.clip(seconds / 1.1, 0, 1) * np.clip((seconds[-1] - seconds) / 1.4, 0, 1)
    detuned = [(k, drift) for k in (1, 2, 3) for drift in (0.9988, 1.0013)]
    return swell * sum(np.sin(2 * np.pi * hertz(note) * drift * k * seconds + k) / k**bright for k, drift in detuned)


def struck(note: float) -> Signal:
    """A soft hammer on a string: overtones die the sooner the higher they are."""
    seconds = np.arange(round(3.2 * RATE)) / RATE
    attack = np.clip(seconds / 0.012, 0, 1) * np.clip((seconds[-1] - seconds) / 0.4, 0, 1)
    partials = ((1, 1.0), (2, 0.34), (3, 0.12), (4.01, 0.05))
    return attack * sum(
        loud * np.sin(2 * np.pi * hertz(note) * k * seconds) * np.exp(-(0.8 + 0.7 * k) * seconds)
        for k, loud in partials
    )


def in_a_hall(mix: Signal) -> Signal:
    """`mix`, convolved with three seconds of dying noise, the two sides apart."""
    seconds = np.arange(3 * RATE) / RATE
    tail = np.random.default_rng(65).standard_normal((2, len(seconds))) * np.exp(-2.3 * seconds)
    tail = np.stack([np.convolve(row, np.ones(12) / 12, "same") for row in tail])
    size = mix.shape[1] + tail.shape[1]
    wet = np.fft.irfft(np.fft.rfft(mix, size) * np.fft.rfft(tail, size), size)[:, : mix.shape[1]]
    return np.asarray(wet * np.abs(mix).max() / np.abs(wet).max())


def add(mix: Signal, beat: float, tone: Signal, pan: float) -> None:
    """Lay `tone` into `mix` at equal power; `pan` runs from -1, left, to 1, right."""
    start, angle = round(beat * BEAT_S * RATE), (pan + 1) * np.pi / 4
    for row, gain in enumerate((np.cos(angle), np.sin(angle))):
        mix[row, start : start + len(tone)] += gain * tone[: mix.shape[1] - start]


def hertz(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))


def write_theme(path: Path) -> None:
    sound = make_theme()
    with av.open(str(path), "w", format="ipod", options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("aac", rate=RATE, layout="stereo")
        stream.bit_rate = 96_000
        for start in range(0, sound.shape[1], 1024):
            block = np.ascontiguousarray(sound[:, start : start + 1024])
            frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    write_theme(HERE / "theme.m4a")
