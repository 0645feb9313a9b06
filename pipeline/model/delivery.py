"""Delivery: what is ordered. Film: what came out."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from pydantic import Field

from pipeline.digest import ContentHash
from pipeline.model.value import Document, Value
from pipeline.timecode import Frames, Samples


class CaptionStyle(StrEnum):
    FILE = "file"  # beside the film, as .srt and .vtt
    BURN = "burn"  # in the picture, and beside it
    NONE = "none"


class Copying(StrEnum):
    """Whether pictures that nothing changes are taken over as they were received."""

    AUTO = "auto"  # packet by packet, wherever their order allows it
    NEVER = "never"  # every picture is encoded by one encoder


class Delivery(Value):
    """What is ordered.

    Attributes:
        captions: where the words of captions and of what is said go.
        loudness_lufs: integrated loudness of the film (ITU-R BS.1770); −14 for web and social.
        true_peak_dbtp: ceiling of the limiter.
        copying: whether pictures that nothing changes are taken over as they are.
    """

    loudness_lufs: float = Field(default=-14.0, ge=-40, le=-5)
    true_peak_dbtp: float = Field(default=-1.0, ge=-9, le=0)
    captions: CaptionStyle = CaptionStyle.FILE
    copying: Copying = Copying.AUTO


class Film(Document):
    """What came out, verified before it got its name.

    Attributes:
        path: relative to the project's folder.
        loudness_lufs: measured on the delivered sound; None for silence.
        frames_encoded: film frames that this render had to encode; the rest came from the cache.
        made_from: the fingerprint of its timeline; empty while nobody has noted it.
    """

    schema_name: ClassVar[str] = "Film.1"

    path: str
    sha256: ContentHash
    size_bytes: int
    width_px: int
    height_px: int
    frames: Frames
    samples: Samples
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    spans: int
    frames_encoded: Frames
    made_from: str = ""
