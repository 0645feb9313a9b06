"""Reads H.264 as MP4 keeps it: length-prefixed NAL units (ISO/IEC 14496-15, 5.3), and where its pictures lie.

Only what a copy needs to know. Nothing is decoded here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import av

from pipeline.errors import MediaError
from pipeline.media.probe import frame_ticks, open_media
from pipeline.model.packets import PacketOrder
from pipeline.timecode import Frames

_SLICES: Final = (1, 5)
IDR: Final = 5
SPS: Final = 7
PPS: Final = 8
_PROFILES: Final = (66, 77, 100)  # baseline, main, high: 8 bits of 4:2:0 (H.264, annex A)
_PLAIN: Final = {
    # what a stream says of its colours (ITU-T H.273), and what of that a film's own are
    "color_primaries": (1, 2),
    "color_trc": (1, 2),
    "colorspace": (1, 2),
    "color_range": (0, 1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AvcConfig:
    """An avcC box (ISO/IEC 14496-15, 5.3.3.1): the parameter sets of a track.

    Attributes:
        head: version, profile, compatibility, level, and the size of a length.
        tail: what high profiles tell after the sets.
    """

    head: bytes
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]
    tail: bytes

    @classmethod
    def parse(cls, box: bytes) -> Self:
        """Raises ValueError: it is none."""
        if len(box) < 7 or box[0] != 1:
            raise ValueError("this is no avcC box")
        at, groups = 5, []
        for mask in (0x1F, 0xFF):
            count, at, group = box[at] & mask, at + 1, []
            for _ in range(count):
                length = int.from_bytes(box[at : at + 2], "big")
                group.append(box[at + 2 : at + 2 + length])
                at += 2 + length
            groups.append(tuple(group))
        if at > len(box) or not all(map(all, groups)):
            raise ValueError("this avcC box is cut short")
        return cls(head=box[:5], sps=groups[0], pps=groups[1], tail=box[at:])

    def box(self) -> bytes:
        """As it is written."""
        written = self.head
        for mark, group in ((0xE0, self.sps), (0, self.pps)):
            written += bytes([mark | len(group)])
            written += b"".join(struct.pack(">H", len(unit)) + unit for unit in group)
        return written + self.tail

    def joined(self, other: AvcConfig) -> AvcConfig:
        """One that holds the sets of both, and the higher level.

        Raises:
            ValueError: both have a set of one id, and not the same.
        """
        sps, pps = (*dict.fromkeys(self.sps + other.sps),), (*dict.fromkeys(self.pps + other.pps),)
        for group in (sps, pps):
            if len({set_id(unit) for unit in group}) < len(group):
                raise ValueError("two parameter sets share an id")
        head = self.head if self.head[3] >= other.head[3] else other.head
        return replace(self, head=head, sps=sps, pps=pps, tail=max(self.tail, other.tail, key=len))

    @property
    def sets(self) -> tuple[bytes, ...]:
        return self.sps + self.pps


def set_id(unit: bytes) -> int:
    """The id of an SPS or PPS: an exp-Golomb number after the header (H.264, 7.3.2.1.1 and 7.3.2.2)."""
    body = unit[4:] if unit[0] & 0x1F == SPS else unit[1:]
    bits = "".join(f"{byte:08b}" for byte in body[:9])
    zeros = len(bits) - len(bits.lstrip("0"))
    return int(bits[zeros : 2 * zeros + 1], 2) - 1


def nal_types(packet: av.Packet[Any]) -> set[int]:
    """Of all NAL units of a picture. Raises ValueError: their lengths do not fill it."""
    return {header & 0x1F for header in _nal_headers(packet)}


def _nal_headers(packet: av.Packet[Any]) -> Iterator[int]:
    view, at = memoryview(packet), 0
    while at < len(view):
        length = int.from_bytes(view[at : at + 4], "big")
        if length == 0 or at + 4 + length > len(view):
            raise ValueError("a NAL unit reaches beyond its packet")
        yield view[at + 4]
        at += 4 + length


def write_thinned(source: Path, made: Path, until: Frames) -> Frames:
    """Copy the picture without those frames before `until` that no other frame needs (nal_ref_idc is 0).

    Whoever wants frames from `until` on has less to decode. Only for a file that has a PacketOrder.

    Returns:
        How many frames were left out.
    """
    left_out, early = 0, range(until)
    with open_media(source, is_seen=False) as container, av.open(str(made), "w", format="mp4") as thinned:
        track = thinned.add_stream_from_template(container.streams.video[0])
        clock = frame_ticks(container)
        for packet in container.demux(video=0):
            if not packet.size:
                continue
            if clock.exact(packet.pts or 0) in early and is_unneeded(packet):
                left_out += 1
                continue
            packet.stream = track
            thinned.mux(packet)
    return left_out


def is_unneeded(packet: av.Packet[Any]) -> bool:
    """Whether no other picture needs it: none of its slices may be referred to. Raises ValueError, as `nal_types`."""
    return not any(header & 0x60 for header in _nal_headers(packet) if header & 0x1F in _SLICES)


def read_packet_order(path: Path, size_px: tuple[int, int], own_set_id: int) -> PacketOrder | None:
    """How the file's pictures lie in their packets; None if a film of `size_px` cannot take them as they are.

    Args:
        own_set_id: of the parameter sets of what the film encodes itself.
    """
    try:
        with open_media(path, is_seen=False) as container:
            stream = next(iter(container.streams.video), None)
            if stream is None or not is_avc(stream):
                return None
            config = AvcConfig.parse(stream.codec_context.extradata or b"")
            if config.head[1] not in _PROFILES or own_set_id in map(set_id, config.sets):
                return None
            stream.codec_context.thread_count = 1  # one picture is decoded
            pictures = (packet for packet in container.demux(stream) if packet.size)
            first = next(pictures, None)
            if first is None or not _is_plain(first, size_px):
                return None
            packets = [first, *pictures]
            clock = frame_ticks(container)
            shown = (clock.exact(packet.pts or 0) for packet in packets)
            order = [frame for frame in shown if frame is not None]
            types = [nal_types(packet) for packet in packets]
    except (MediaError, ValueError):
        return None
    has_own_sets = any({SPS, PPS} & held for held in types)
    if has_own_sets or sorted(order) != list(range(len(packets))):
        return None
    return PacketOrder(
        entries=tuple(frame for frame, held in zip(order, types, strict=True) if IDR in held),
        closings=tuple(_closings(order)),
        reorder=max(decoded - frame for decoded, frame in enumerate(order)),
        parameter_sets=config.sets,
    )


def is_avc(stream: av.VideoStream) -> bool:
    """Whether its packets are H.264 as MP4 keeps it, behind lengths of four bytes."""
    extradata = stream.codec_context.extradata or b""
    return stream.codec_context.name == "h264" and extradata[:1] == b"\x01" and extradata[4] & 3 == 3


def _is_plain(first: av.Packet[Any], size_px: tuple[int, int]) -> bool:
    """Whether its picture is what a film's are: of that size, square pixels, upright, no fields, BT.709 or not said."""
    context = first.stream.codec_context
    pictures = (*context.decode(first), *context.decode(None))
    return (
        bool(pictures)
        and (context.width, context.height) == size_px
        and context.pix_fmt == "yuv420p"
        and context.sample_aspect_ratio in (None, 0, 1)
        and all(getattr(context, name) in plain for name, plain in _PLAIN.items())
        and not pictures[0].rotation  # as a phone's may be
        and not pictures[0].interlaced_frame
    )


def _closings(order: Sequence[Frames]) -> Iterator[Frames]:
    last = -1
    for count, frame in enumerate(order, 1):
        last = max(last, frame)
        if last == count - 1:
            yield count
