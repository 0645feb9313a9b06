"""Numbers, places and joins in the report's words."""

from __future__ import annotations

from base64 import b64encode
from typing import NamedTuple

from pipeline.model.instructions import Continuation, Sound
from pipeline.model.join import Join, JoinKind
from pipeline.timecode import FrameRange, clock_time


class Fact(NamedTuple):
    label: str
    value: str
    is_code: bool = False


def place_text(place: FrameRange) -> str:
    return f"{clock_time(place.start)} – {clock_time(place.stop)}"


def join_text(join: Join) -> str:
    if join.kind is JoinKind.CUT:
        return "cut"
    said = f"{join.kind}, {count(join.frames, 'frame')}"
    return f"{said}, {join.how}" if join.how else said


def sound_text(sound: Sound) -> str:
    if sound.gain_db is None:
        return "muted"
    return "kept" if sound.gain_db == 0 else f"{signed(sound.gain_db)} dB"


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def signed(number: float) -> str:
    """One decimal, with a true minus."""
    return f"{number:.1f}".replace("-", "−")


def continuation_text(continuation: Continuation) -> str:
    where = f"{count(-continuation.frame, 'frame')} before its last" if continuation.frame else "its last frame"
    return f"{continuation.shot}, from {where}"


def data_address(content: bytes, kind: str = "image/jpeg") -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}" if content else ""
