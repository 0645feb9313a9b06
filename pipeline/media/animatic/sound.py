"""The sound of a scene: filtered noise and a few tones, in stereo, at the loudness that real clips have.

A place is a list of voices with gains; weather and subjects add theirs. To teach a voice, write a function of the dice
and name it in `VOICES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.media.animatic.encode import Sound
from pipeline.media.animatic.sight import Sight
from pipeline.timecode import SAMPLE_RATE, SAMPLES_PER_FRAME, SHOT_FRAMES

LENGTH: Final = SHOT_FRAMES * SAMPLES_PER_FRAME
LOUDNESS: Final = -20.0
"""LUFS, integrated: what most real clips come close to."""

Signal = NDArray[np.float64]
Dice = np.random.Generator


def ambience(sight: Sight, dice: Dice) -> Sound:
    """Eight seconds of what `sight` sounds like."""
    recipe = dict(PLACES.get(sight.place, (("air", 1.0),)))
    for name in (sight.weather, sight.hour, *sight.heard[:3]):
        for voice, gain in EXTRAS.get(name, ()):
            if voice in OUTSIDE and sight.place in INDOORS:
                gain *= 0.25
            recipe[voice] = max(recipe.get(voice, 0.0), gain)
    mix = np.zeros((2, LENGTH))
    for voice, gain in recipe.items():
        tone = VOICES[voice](dice)
        mix += gain * tone / max(float(np.sqrt(np.mean(tone**2))), 1e-9)
    return levelled(mix)


def quiet_noise(dice: Dice) -> Sound:
    """A cheap stand-in for tests: even noise, at the same loudness."""
    return dice.standard_normal((2, LENGTH), np.float32) * np.float32(0.0516)


# --- voices: two rows of samples, any level -------------------------------------------------------------------------


def band(dice: Dice, low: float, high: float, tilt: float = 0.0, width: float = 0.6) -> Signal:
    """Noise between `low` and `high` hertz, falling `tilt` dB an octave; `width` 0 is mono, 1 two rooms."""
    hertz = np.fft.rfftfreq(LENGTH, 1 / SAMPLE_RATE)
    at = np.maximum(hertz, 1.0)
    shape = (at / low) ** 2 / (1 + (at / low) ** 2) / (1 + (at / high) ** 4) * (at / 1000) ** (-tilt / 6.02)
    bins = dice.standard_normal((3, len(hertz))) + 1j * dice.standard_normal((3, len(hertz)))
    sides = bins[0] * (1 - width) + bins[1:] * width
    return np.asarray(np.fft.irfft(sides * shape, LENGTH))


def swell(dice: Dice, period_s: float, floor: float, power: float = 1.0) -> Signal:
    """A slow envelope between `floor` and 1, each side with its own lag."""
    seconds = np.arange(LENGTH) / SAMPLE_RATE
    start, lag = dice.random() * 6.28, 0.5
    sides = [
        0.5
        + 0.32 * np.sin(2 * np.pi * seconds / period_s + start + shift)
        + 0.18 * np.sin(2 * np.pi * seconds / (period_s * 0.37) + start * 2 - shift)
        for shift in (0.0, lag)
    ]
    return np.asarray(floor + (1 - floor) * np.clip(sides, 0, 1) ** power)


def _calls(dice: Dice, count: int, call: Callable[[Dice], NDArray[np.float64]]) -> Signal:
    """Short sounds, strewn over time and across the two sides."""
    mix = np.zeros((2, LENGTH))
    for _ in range(count):
        sound = call(dice)
        start, pan = int(dice.integers(0, LENGTH - len(sound))), float(dice.uniform(0.1, 0.9)) * np.pi / 2
        for row, gain in enumerate((np.cos(pan), np.sin(pan))):
            mix[row, start : start + len(sound)] += gain * sound
    return mix


def _chirp(dice: Dice, low: float, high: float, length_s: float, shake: float) -> NDArray[np.float64]:
    seconds = np.arange(int(length_s * SAMPLE_RATE)) / SAMPLE_RATE
    part = seconds / length_s
    pitch = low + (high - low) * np.sin(np.pi * part) + shake * np.sin(2 * np.pi * 28 * seconds)
    loud = np.sin(np.pi * part) ** 1.5 * float(dice.uniform(0.3, 1.0))
    return np.asarray(loud * np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE))


def _bird(dice: Dice) -> NDArray[np.float64]:
    top = float(dice.uniform(2600, 4800))
    notes = [
        _chirp(dice, top * 0.78, top, float(dice.uniform(0.06, 0.14)), 120) for _ in range(int(dice.integers(2, 6)))
    ]
    return np.concatenate([part for note in notes for part in (note, np.zeros(2400))])


def _gull(dice: Dice) -> NDArray[np.float64]:
    top = float(dice.uniform(950, 1300))
    notes = [_chirp(dice, top * 0.62, top * (1 - 0.05 * n), 0.3, 40) for n in range(int(dice.integers(1, 4)))]
    call = np.concatenate([part for note in notes for part in (note, np.zeros(3600))])
    return np.asarray(np.tanh(2.2 * call))


def _ring(dice: Dice) -> NDArray[np.float64]:
    seconds = np.arange(int(2.4 * SAMPLE_RATE)) / SAMPLE_RATE
    base = float(dice.choice([523.25, 587.33, 659.26, 783.99, 880.0]))
    partials = ((1, 1.0, 1.6), (2.76, 0.4, 2.8), (5.4, 0.15, 5.0))
    tone = sum(g * np.exp(-d * seconds) * np.sin(2 * np.pi * base * f * seconds) for f, g, d in partials)
    return np.asarray(tone * np.clip(seconds / 0.004, 0, 1) * np.clip((2.4 - seconds) / 0.3, 0, 1))


def _steps(dice: Dice, gap_s: float) -> Signal:
    mix = np.zeros((2, LENGTH))
    seconds = np.arange(4800) / SAMPLE_RATE
    start = int(dice.integers(2000, 8000))
    for number, at in enumerate(range(start, LENGTH - 4800, int(gap_s * SAMPLE_RATE))):
        grit = dice.standard_normal(4800) * np.exp(-seconds * 70)
        grit = np.convolve(grit, np.ones(9) / 9, "same") + 0.5 * np.sin(2 * np.pi * 82 * seconds) * np.exp(
            -seconds * 55
        )
        left = 0.55 + 0.15 * (number % 2)
        mix[0, at : at + 4800] += left * grit
        mix[1, at : at + 4800] += (1.2 - left) * grit
    return mix


def _chord(dice: Dice, notes: tuple[float, ...]) -> Signal:
    """A soft held chord that breathes; it begins and ends inside itself."""
    seconds = np.arange(LENGTH) / SAMPLE_RATE
    mix = np.zeros((2, LENGTH))
    for note in notes:
        for row in (0, 1):
            drift = 1 + 0.0012 * float(dice.normal())
            wave = np.sin(2 * np.pi * note * drift * seconds + 6.28 * dice.random())
            mix[row] += wave * (
                0.7 + 0.3 * np.sin(2 * np.pi * seconds / float(dice.uniform(3, 7)) + 6.28 * dice.random())
            )
    return mix


def _crickets(dice: Dice) -> Signal:
    seconds = np.arange(LENGTH) / SAMPLE_RATE
    pitch, rate = float(dice.uniform(3900, 4500)), float(dice.uniform(2.1, 3.0))
    sides = [
        np.sin(2 * np.pi * (pitch + 90 * row) * seconds)
        * np.clip(np.sin(2 * np.pi * 31 * seconds), 0, 1)
        * np.clip(np.sin(2 * np.pi * (rate + 0.2 * row) * seconds), 0, 1)
        for row in (0, 1)
    ]
    return np.asarray(sides)


def _rattle(dice: Dice) -> Signal:
    """Wheels over rail joints: two beats, a pause."""
    mix = band(dice, 40, 240, 4.0, 0.4)
    beats = np.zeros(LENGTH)
    for at in range(6000, LENGTH - 8000, 33_000):
        for late in (0, 5200):
            beats[at + late : at + late + 2800] += np.hanning(2800)
    return np.asarray(mix * (0.5 + 1.6 * beats))


VOICES: Final[Mapping[str, Callable[[Dice], Signal]]] = {
    "air": lambda dice: band(dice, 90, 900, 4.0),
    "wind": lambda dice: band(dice, 140, 650, 3.0, 0.8) * swell(dice, 5.3, 0.3, 1.4),
    "surf": lambda dice: band(dice, 120, 3800, 3.2, 0.8) * swell(dice, 5.8, 0.16, 2.0),
    "lapping": lambda dice: band(dice, 300, 1500, 3.0, 0.8) * swell(dice, 1.7, 0.15, 2.2),
    "stream": lambda dice: band(dice, 500, 5200, 2.0, 0.9) * swell(dice, 0.9, 0.6),
    "falls": lambda dice: band(dice, 110, 7000, 2.2, 0.9),
    "leaves": lambda dice: band(dice, 1400, 6800, 2.0, 0.9) * swell(dice, 3.7, 0.2, 1.6),
    "rain": lambda dice: band(dice, 900, 9000, 1.0, 0.95) + 0.5 * band(dice, 200, 900, 2.0, 0.9),
    "thunder": lambda dice: band(dice, 28, 120, 4.0, 0.5) * swell(dice, 4.1, 0.05, 3.0),
    "city": lambda dice: band(dice, 55, 420, 4.5, 0.6) + 0.25 * band(dice, 400, 1800, 3.0, 0.8) * swell(dice, 6.1, 0.3),
    "traffic": lambda dice: band(dice, 70, 1100, 3.6, 0.8) * swell(dice, 3.2, 0.25, 1.8),
    "crowd": lambda dice: band(dice, 260, 1300, 3.0, 0.9) * swell(dice, 0.6, 0.45) * swell(dice, 4.3, 0.6),
    "room": lambda dice: band(dice, 60, 320, 5.0, 0.3),
    "hum": lambda dice: band(dice, 60, 200, 4.0, 0.2) + 0.004 * _chord(dice, (100.0, 150.0, 200.0)),
    "engine": lambda dice: band(dice, 50, 300, 3.0, 0.3) * (1 + 0.8 * np.sin(np.arange(LENGTH) * 0.0034)),
    "train": _rattle,
    "birds": lambda dice: _calls(dice, 16, _bird),
    "gulls": lambda dice: _calls(dice, 5, _gull),
    "crickets": _crickets,
    "steps": lambda dice: _steps(dice, 0.54),
    "running": lambda dice: _steps(dice, 1 / 3),
    "hooves": lambda dice: _steps(dice, 0.19) + _steps(dice, 0.38),
    "bells": lambda dice: _calls(dice, 4, _ring),
    "shimmer": lambda dice: _chord(dice, (220.0, 329.63, 440.0, 554.37, 659.26)),
    "deep": lambda dice: _chord(dice, (55.0, 82.4, 110.0, 164.8)) + 3 * band(dice, 30, 140, 3.0, 0.9),
    "drowned": lambda dice: band(dice, 40, 300, 5.0, 0.9) * swell(dice, 4.7, 0.4),
    "bubbles": lambda dice: _calls(dice, 26, lambda d: _chirp(d, 300, float(d.uniform(600, 1100)), 0.07, 0)),
    "sizzle": lambda dice: band(dice, 2600, 9500, 1.0, 0.5) * swell(dice, 0.7, 0.5),
    "clink": lambda dice: _calls(dice, 3, lambda d: 0.4 * _ring(d)[:48_000] * np.linspace(1, 0, 48_000)),
}  # fmt: skip

Recipe = tuple[tuple[str, float], ...]

PLACES: Final[Mapping[str, Recipe]] = {
    "alley": (("city", 0.8), ("hum", 0.35)),
    "bamboo": (("leaves", 0.8), ("birds", 0.25), ("air", 0.4)),
    "beach": (("surf", 1.0), ("gulls", 0.12), ("wind", 0.2)),
    "bridge": (("traffic", 0.7), ("wind", 0.6), ("lapping", 0.2)),
    "cafe": (("crowd", 0.8), ("room", 0.5), ("clink", 0.2)),
    "city": (("city", 1.0), ("traffic", 0.4)),
    "desert": (("wind", 1.0), ("air", 0.3)),
    "forest": (("leaves", 0.6), ("birds", 0.4), ("air", 0.5)),
    "harbour": (("lapping", 0.8), ("gulls", 0.2), ("engine", 0.2), ("air", 0.4)),
    "kitchen": (("room", 0.8), ("sizzle", 0.3), ("clink", 0.2)),
    "lake": (("lapping", 0.6), ("birds", 0.25), ("air", 0.5)),
    "market": (("crowd", 1.0), ("city", 0.3), ("clink", 0.1)),
    "meadow": (("wind", 0.5), ("birds", 0.35), ("leaves", 0.25)),
    "mountain": (("wind", 1.0), ("air", 0.3)),
    "rooftop": (("city", 0.7), ("wind", 0.6)),
    "room": (("room", 1.0), ("air", 0.2)),
    "sea": (("surf", 0.8), ("wind", 0.6), ("lapping", 0.3)),
    "snowfield": (("wind", 1.0), ("air", 0.4)),
    "space": (("deep", 1.0),),
    "stadium": (("crowd", 1.0), ("air", 0.4)),
    "station": (("train", 0.7), ("crowd", 0.4), ("hum", 0.3)),
    "street": (("traffic", 0.8), ("city", 0.6), ("steps", 0.1)),
    "studio": (("shimmer", 0.8), ("room", 0.3)),
    "temple": (("bells", 0.5), ("wind", 0.4), ("birds", 0.15)),
    "underwater": (("drowned", 1.0), ("bubbles", 0.25)),
    "village": (("birds", 0.4), ("wind", 0.4), ("bells", 0.1)),
    "waterfall": (("falls", 1.0), ("stream", 0.4)),
}

EXTRAS: Final[Mapping[str, Recipe]] = {
    "rain": (("rain", 0.9),),
    "storm": (("rain", 1.0), ("thunder", 0.9)),
    "snow": (("wind", 0.5),),
    "night": (("crickets", 0.08),),
    "dawn": (("birds", 0.2),),
    "morning": (("birds", 0.2),),
    "runner": (("running", 0.28),),
    "walker": (("steps", 0.16),),
    "horse": (("hooves", 0.35),),
    "car": (("engine", 0.5),),
    "train": (("train", 0.8),),
    "boat": (("lapping", 0.5),),
    "ship": (("engine", 0.6),),
    "birds": (("birds", 0.3),),
    "perfume": (("shimmer", 0.6),),
    "watch": (("shimmer", 0.5),),
    "rocket": (("falls", 0.4),),
    "cup": (("clink", 0.2),),
}

INDOORS: Final = ("cafe", "kitchen", "room", "studio", "space", "underwater")
OUTSIDE: Final = ("rain", "thunder", "wind", "crickets", "birds")


# --- loudness -------------------------------------------------------------------------------------------------------


def levelled(mix: Signal) -> Sound:
    """`mix` at `LOUDNESS`; what would pass full scale is bent."""
    gain = 10 ** ((LOUDNESS - loudness(mix)) / 20)
    return np.asarray(np.tanh(mix * gain / 0.9) * 0.9, np.float32)


def loudness(mix: Signal) -> float:
    """Integrated loudness in LUFS after ITU-R BS.1770: K-weighted, blocks of 400 ms, gated. Silence is -70."""
    hertz = np.fft.rfftfreq(mix.shape[1], 1 / SAMPLE_RATE)
    weighted = np.fft.irfft(np.fft.rfft(mix) * _k_weight(hertz), mix.shape[1])
    block, step = SAMPLE_RATE * 2 // 5, SAMPLE_RATE // 10
    total = np.concatenate([[0.0], np.cumsum(np.sum(weighted**2, axis=0))])
    power = (total[block::step] - total[:-block:step]) / block
    heard = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(heard):
        return -70.0
    heard = heard[heard > heard.mean() / 10]
    return float(-0.691 + 10 * np.log10(heard.mean()))


def _k_weight(hertz: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """The size of the two filters of BS.1770 at 48 kHz: a shelf for the head, a high pass for the ear."""
    z = np.exp(-2j * np.pi * hertz / SAMPLE_RATE)
    shelf = _biquad(z, (1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585))
    high_pass = _biquad(z, (1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
    return np.asarray(np.abs(shelf * high_pass))


def _biquad(
    z: NDArray[np.complex128], ahead: tuple[float, float, float], back: tuple[float, float]
) -> NDArray[np.complex128]:
    return (ahead[0] + ahead[1] * z + ahead[2] * z * z) / (1 + back[0] * z + back[1] * z * z)
