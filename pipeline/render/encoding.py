"""How pictures and sound are encoded, for a film and for a preview. Frozen: a change here changes every Fingerprint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SET_ID: Final = 1
"""Of the parameter sets of encoded spans: copied ones beside them bring their own, as a rule under 0."""

_LEVELS: Final = (
    # largest picture in pixels, H.264 level that holds it at 24 frames a second (ITU-T H.264, table A-1)
    (1280 * 720, "3.1"),
    (1920 * 1088, "4.0"),
    (4096 * 2304, "5.1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeSettings:
    """For x264 and AAC. Threads are fixed because x264's bytes depend on their number: one, since two spans are made at
    once, and a second one holds 30 MB.

    `superfast` with the rate control of slower presets. Against `veryfast` at CRF 18: a film of painted clips has its
    size and VMAF 0.4 below its 96, genuine clips 1.1 times its size and VMAF 0.1 above its 97; 60 % of its CPU time.

    Attributes:
        rate_control: what `superfast` leaves out and is worth its time: macroblock tree, with a short lookahead. Flat
            parts get a little less than x264 gives them, and band no more than `veryfast` lets them (CAMBI).
        keyint: frames between IDRs at most, for seeking.
        reorder: frames that are decoded ahead of their turn (two B-frames with a pyramid).
        title_fade: frames over which a title comes and goes.
        max_kbps: the most that the picture comes to in any second, where a platform has a limit; None: as it comes.
        is_mastered: whether the sound is encoded until its loudness and its true peaks meet the order; if not, it is
            encoded once, with one gain and a limiter that sees samples alone, and no peak is measured.
    """

    preset: str = "superfast"
    rate_control: str = "mbtree=1:rc-lookahead=10:aq-strength=0.8"
    crf: float = 17.8
    profile: str = "high"
    keyint: int = 96
    bframes: int = 3
    reorder: int = 2
    threads: int = 1
    title_fade: int = 10
    sound_kbps: int = 192
    is_mastered: bool = True
    max_kbps: int | None = None

    def level(self, width_px: int, height_px: int) -> str:
        """The H.264 level for a picture of this size."""
        fitting = (level for pixels, level in _LEVELS if width_px * height_px <= pixels)
        return next(fitting, "6.1")


SETTINGS: Final = EncodeSettings()
DRAFT: Final = EncodeSettings(
    preset="ultrafast",
    rate_control="mbtree=0:rc-lookahead=0",
    crf=23,
    bframes=0,
    reorder=0,
    threads=2,
    sound_kbps=128,
    is_mastered=False,
)
"""For previews: a third of the time; loud to about half a decibel."""
