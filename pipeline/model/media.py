"""Media: a file and what a probe saw in it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import Any

from pydantic import field_serializer, field_validator

from pipeline.digest import ContentHash
from pipeline.model.value import Value
from pipeline.timecode import Frames, Samples


class FileKind(StrEnum):
    """What one of the author's own files is asked to hold."""

    CLIP = "picture"  # with or without sound
    SOUND = "sound"  # a picture beside it is not looked at
    STILL = "still"

    @property
    def asks(self) -> str:
        """For people."""
        return {"picture": "a film clip", "sound": "a sound file", "still": "a picture (PNG, WebP or JPEG)"}[self]


class MediaInfo(Value):
    """What the probe saw: counted by decoding, never read from the container's header.

    Attributes:
        rate: frames a second; 0 for a still.
        frames: decoded frames, in the media's own rate.
        film_frames: the frames it lasts at the film's 24 a second.
        samples: a channel, decoded through the edit list at `sample_rate`; 0 without sound.
        loudness_lufs: gated integrated loudness; None for silence or no sound.
    """

    codec: str
    width_px: int
    height_px: int
    rate: Fraction
    frames: Frames
    film_frames: Frames
    audio_codec: str | None = None
    sample_rate: int = 0
    channels: int = 0
    samples: Samples = 0
    loudness_lufs: float | None = None

    @field_serializer("rate")
    def _rate_to_text(self, rate: Fraction) -> str:
        return str(rate)

    @field_validator("rate", mode="before")
    @classmethod
    def _rate_from_text(cls, value: Any) -> Any:
        return Fraction(value) if isinstance(value, str) else value


class Media(Value):
    """A file by its content; where it lies is the business of `project.StorePaths`."""

    sha256: ContentHash
    size_bytes: int
    info: MediaInfo
