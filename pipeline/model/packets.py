"""PacketOrder: how a media's pictures lie in its packets, and so where a copy of them may begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import ConfigDict

from pipeline.timecode import FrameRange, Frames


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketOrder:
    """Of an H.264 media at the film's rate, whose frames 0, 1, 2 … each have a packet of their own.

    shown    0 1 2 3 4 5 6 7 8
    packets  0 4 2 1 3 8 6 5 7      closes at 1, 5 and 9: so many first packets hold exactly the frames before

    Attributes:
        entries: frames that are IDRs, ascending: nothing after them needs anything before. Told by the packet's NAL
            types; the container also flags pictures that are none (seen in genuine clips).
        closings: each K for which the first K packets hold exactly frames 0 … K − 1, ascending.
        reorder: frames by which decoding runs ahead of what is shown, at most.
        parameter_sets: the SPS and PPS that its pictures refer to, by content.
    """

    __pydantic_config__: ClassVar = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    entries: tuple[Frames, ...]
    closings: tuple[Frames, ...]
    reorder: Frames
    parameter_sets: tuple[bytes, ...]

    def longest_copy(self, used: FrameRange, *, at_least: Frames) -> FrameRange | None:
        """What of the frames `used` can be copied: from the first entry to the last closing.

        What is left on either side is no frame or two and more: two IDRs in a row, of one film's encoder, could be
        taken for one picture (H.264, 7.4.3, idr_pic_id).
        """
        start = next((frame for frame in self.entries if frame == used.start or frame >= used.start + 2), None)
        ends = [frame for frame in self.closings if frame == used.stop or frame <= used.stop - 2]
        if start is None or not ends or ends[-1] - start < at_least:
            return None
        return FrameRange(start, ends[-1])
