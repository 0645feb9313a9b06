"""Files that somebody might hand in as a clip, a piece of music, a voice or a logo, and that are something else.

Made here, from a seed. A `Trap` is what they try to reach: a server on this machine that nobody may call, and a file
outside the project that nobody may open.
"""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
from footage import write_clip
from PIL import Image

CLIP, TAKE, SOUND, STILL = DOORS = ("clip", "take", "sound", "still")
Build = Callable[[random.Random], bytes]


@dataclass(frozen=True, slots=True)
class Trap:
    """What a hostile file names."""

    url: str
    foreign_path: Path


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file, and the door that it knocks at.

    Attributes:
        is_fine: whether it only looks odd, and should be used.
    """

    name: str
    door: str
    path: Path
    is_fine: bool = False


def write_hostile_files(folder: Path, trap: Trap, seed: int, every: int) -> Iterator[Hostile]:
    """One of `every` so many, as they are asked for; the same ones for a seed."""
    bases = _Bases(folder / "bases")
    families = {
        "list": _playlists(trap),
        "iso": _iso_files(bases, trap),
        "bent": _bent_files(bases),
        "mkv": _matroska_files(bases, trap),
        "sound": _sounds(bases, trap),
        "still": _stills(trap),
        "odd": _odd_but_fine(bases),
    }
    numbered = ((family, n, made) for family, makers in families.items() for n, made in enumerate(makers))
    for family, n, (name, door, build) in islice(numbered, 0, None, every):
        path = folder / f"{family}{n:03}_{name.split('.')[0]}{_suffix(name, door)}"
        path.write_bytes(build(random.Random(f"{seed}/{family}/{n}")))
        yield Hostile(f"{family}/{path.stem}", door, path, is_fine=family == "odd")
    yield from islice(_special_files(folder / "special", trap), 0, None, every)


def _suffix(name: str, door: str) -> str:
    return Path(name).suffix or {CLIP: ".mp4", TAKE: ".mp4", SOUND: ".mp3", STILL: ".png"}[door]


Maker = tuple[str, str, Build]


def _always(content: bytes) -> Build:
    return lambda _: content


class _Bases:
    """Whole files, to be bent."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.mp4 = write_clip(folder / "a.mp4", frames=12, grey=lambda n: 60 + 9 * n, noise=20).read_bytes()
        self.mkv = write_clip(folder / "a.mkv", frames=12, grey=lambda n: 60 + 9 * n).read_bytes()
        self.avi = write_clip(folder / "a.avi", frames=12, hz=None).read_bytes()
        self.sounds = {kind: self.sound(kind) for kind in ("wav", "flac", "mp3", "ogg", "aiff")}

    def sound(self, kind: str) -> bytes:
        codec = {"wav": "pcm_s16le", "aiff": "pcm_s16be", "flac": "flac", "mp3": "libmp3lame", "ogg": "libopus"}[kind]
        path = self.folder / f"a.{kind}"
        with av.open(str(path), "w") as made:
            stream: Any = made.add_stream(codec, rate=48_000, layout="stereo")
            wave = (3_000 * np.sin(np.arange(24_000) / 20)).astype(np.int16).repeat(2).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(wave), "s16", "stereo")
            frame.sample_rate = 48_000
            resampler = av.AudioResampler(stream.format.name, "stereo", 48_000, stream.frame_size or None)
            for piece in (*resampler.resample(frame), *resampler.resample(None)):
                made.mux(stream.encode(piece))
            made.mux(stream.encode(None))
        return path.read_bytes()


# Lists that name other files


def _playlists(trap: Trap) -> Iterator[Maker]:
    for target in (trap.url, f"file://{trap.foreign_path}", str(trap.foreign_path), f"concat:{trap.foreign_path}"):
        lists = {
            "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
            "hls_key": f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n',
            "ffconcat": f"ffconcat version 1.0\nfile '{target}'\n",
            "dash": f'<?xml version="1.0"?><MPD type="static"><Period><AdaptationSet><Representation><BaseURL>{target}'
            "</BaseURL></Representation></AdaptationSet></Period></MPD>",
            "sdp": f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nu={target}\nm=video 9 RTP/AVP 96\n"
            "a=rtpmap:96 H264/90000\n",
            "m3u": f"#EXTM3U\n#EXTINF:1,a\n{target}\n",
            "asx": f'<asx version="3.0"><entry><ref href="{target}"/></entry></asx>',
            "imf": f'<?xml version="1.0"?><AssetMap><ChunkList><Chunk><Path>{target}</Path></Chunk></ChunkList></AssetMap>',
            "ffmeta": f";FFMETADATA1\ntitle={target}\n",
            "avs": f'LoadPlugin("{target}")\nAviSource("{target}")\n',
            "webvtt": f"WEBVTT\n\n00:00.000 --> 00:01.000\n{target}\n",
            "subtitle": f"1\n00:00:00,000 --> 00:00:01,000\n{target}\n",
            "rtsp_text": f"RTSPtextRTSP://{target}\n",
            "smil": f'<smil><body><video src="{target}"/></body></smil>',
        }
        for name, text in lists.items():
            yield name, CLIP, _always(text.encode())
        for name in ("hls", "ffconcat", "dash", "m3u"):
            yield name, SOUND, _always(lists[name].encode())
            yield name, TAKE, _always(box(b"ftyp", b"isom\0\0\0\0isom") + lists[name].encode())
        yield "hls_in_boxes", CLIP, _always(box(b"ftyp", b"isom\0\0\0\0isom") + box(b"free", lists["hls"].encode()))


# ISO files (ISO/IEC 14496-12)


def box(kind: bytes, body: bytes = b"", *, size: int | None = None) -> bytes:
    """A box; `size` is what it claims, if that is a lie."""
    return struct.pack(">I4s", (8 + len(body)) if size is None else size, kind) + body


def _at(raw: bytes, kind: bytes, *, last: bool = False) -> int:
    """Where the body of a box begins; of the picture's track, which comes first, unless it is the last."""
    return (raw.rindex(kind) if last else raw.index(kind)) + 4


def patched(raw: bytes, kind: bytes, offset: int, new: bytes, *, last: bool = False) -> bytes:
    at = _at(raw, kind, last=last) + offset
    return raw[:at] + new + raw[at + len(new) :]


def exchanged(raw: bytes, kind: bytes, new: bytes) -> bytes:
    """The first box of a kind made another one; the sizes of what holds it are put right. The index comes last."""
    at = raw.index(kind) - 4
    old = int.from_bytes(raw[at : at + 4], "big")
    grown = len(new) - old
    made = bytearray(raw[:at] + new + raw[at + old :])
    for holder in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts"):
        start = raw.rfind(holder, 0, at) - 4
        if start >= 0 and start + int.from_bytes(raw[start : start + 4], "big") >= at + old:
            made[start : start + 4] = (int.from_bytes(raw[start : start + 4], "big") + grown).to_bytes(4, "big")
    return bytes(made)


def _table(kind: bytes, rows: Sequence[bytes], *, count: int | None = None) -> bytes:
    return box(kind, bytes(4) + (len(rows) if count is None else count).to_bytes(4, "big") + b"".join(rows))


def _nested(kind: bytes, depth: int) -> bytes:
    made = b""
    for _ in range(depth):
        made = box(kind, made)
    return made


def _iso_files(bases: _Bases, trap: Trap) -> Iterator[Maker]:
    clip, url, foreign = bases.mp4, trap.url.encode(), str(trap.foreign_path).encode()
    ftyp = box(b"ftyp", b"isom\0\0\2\0isomiso2avc1mp41")
    u32 = lambda *numbers: struct.pack(f">{len(numbers)}I", *numbers)  # noqa: E731
    alias = bytes(130) + struct.pack(">HH", 2, len(foreign)) + foreign + b"\xff\xff\0\0"
    made: dict[str, bytes] = {
        "dref_url": exchanged(clip, b"dref", _table(b"dref", [box(b"url ", bytes(4) + url + b"\0")])),
        "dref_file": exchanged(clip, b"dref", _table(b"dref", [box(b"url ", bytes(4) + b"file://" + foreign + b"\0")])),
        "dref_urn": exchanged(clip, b"dref", _table(b"dref", [box(b"urn ", bytes(4) + b"a\0" + url + b"\0")])),
        "dref_alias": exchanged(clip, b"dref", _table(b"dref", [box(b"alis", bytes(4) + alias)])),
        "dref_many": exchanged(clip, b"dref", _table(b"dref", [box(b"url ", bytes(4) + url + b"\0")] * 5_000)),
        "reference_movie": ftyp
        + box(b"moov", box(b"rmra", box(b"rmda", box(b"rdrf", bytes(4) + b"url " + u32(len(url)) + url)))),
        "moov_in_moov": ftyp + _nested(b"moov", 20_000),
        "trak_in_trak": ftyp + box(b"moov", _nested(b"trak", 20_000)),
        "udta_in_udta": ftyp + box(b"moov", _nested(b"udta", 20_000)),
        "meta_in_meta": ftyp + box(b"moov", _nested(b"meta", 20_000)),
        "wave_in_wave": clip + _nested(b"wave", 30_000),
        "endless_box": clip + box(b"free", b"", size=0),
        "box_of_no_size": clip + u32(4) + b"free",
        "box_beyond_64_bits": clip + u32(1) + b"free" + b"\xff" * 8,
        "box_backwards": clip + u32(1) + b"free" + (8).to_bytes(8, "big"),
        "boxes_alone": ftyp + box(b"free") * 90_000,
        "moov_many": clip + clip[clip.index(b"moov") - 4 :] * 50,
        "moov_lies_long": patched(clip, b"moov", -8, u32(0x7FFFFFFF)),
        "mdat_lies_long": patched(clip, b"mdat", -8, u32(0x7FFFFFFF)),
        "no_moov": ftyp + box(b"mdat", bytes(100_000)),
        "moov_empty": ftyp + box(b"moov"),
        "mvhd_scale_0": patched(clip, b"mvhd", 12, u32(0)),
        "mvhd_forever": patched(clip, b"mvhd", 16, u32(0xFFFFFFFF)),
        "mdhd_scale_0": patched(clip, b"mdhd", 12, u32(0)),
        "mdhd_scale_1": patched(clip, b"mdhd", 12, u32(1)),
        "mdhd_scale_max": patched(clip, b"mdhd", 12, u32(0xFFFFFFFF)),
        "sound_scale_0": patched(clip, b"mdhd", 12, u32(0), last=True),
        "stts_delta_0": patched(clip, b"stts", 12, u32(0)),
        "stts_delta_max": patched(clip, b"stts", 12, u32(0x7FFFFFFF)),
        "stts_delta_negative": patched(clip, b"stts", 12, u32(0xFFFFFF00)),
        "stts_count_max": patched(clip, b"stts", 8, u32(0xFFFFFFFF)),
        "stts_entries_max": patched(clip, b"stts", 4, u32(0x0FFFFFFF)),
        "stts_a_million": exchanged(clip, b"stts", _table(b"stts", [u32(1, 512)] * 1_000_000)),
        "stts_a_million_0": exchanged(clip, b"stts", _table(b"stts", [u32(0, 512)] * 1_000_000)),
        "stsz_count_max": patched(clip, b"stsz", 8, u32(0xFFFFFFFF)),
        "stsz_entries_lie": patched(clip, b"stsz", 8, u32(0x00FFFFFF)),
        "stsz_all_of_1": exchanged(clip, b"stsz", box(b"stsz", u32(0, 1, 40_000_000))),
        "stsz_all_of_0_and_more": exchanged(clip, b"stsz", box(b"stsz", u32(0, 0, 2_000_000) + bytes(8_000_000))),
        "stsz_sample_huge": patched(clip, b"stsz", 12, u32(0x7FFFFFF0)),
        "stco_beyond": patched(clip, b"stco", 8, u32(0xFFFFFFF0)),
        "stco_entries_max": patched(clip, b"stco", 4, u32(0x3FFFFFFF)),
        "stco_all_at_0": patched(clip, b"stco", 8, u32(0)),
        "stco_a_million": exchanged(clip, b"stco", _table(b"stco", [u32(48)] * 1_000_000)),
        "stsc_max": patched(clip, b"stsc", 12, u32(0xFFFFFFFF)),
        "stsc_0": patched(clip, b"stsc", 8, u32(0)),
        "ctts_negative": patched(clip, b"stts", 12, u32(1)),
        "elst_loops": exchanged(clip, b"elst", _table(b"elst", [u32(1_000, 0, 0x10000)] * 10_000)),
        "elst_backwards": exchanged(
            clip, b"elst", _table(b"elst", [u32(100, 512 * n, 0x10000) for n in range(11, 0, -1)])
        ),
        "elst_a_million": exchanged(clip, b"elst", _table(b"elst", [u32(1, 0, 0x10000)] * 1_000_000)),
        "elst_empty_forever": exchanged(clip, b"elst", _table(b"elst", [u32(0xFFFFFFF0, 0xFFFFFFFF, 0x10000)])),
        "elst_negative": exchanged(clip, b"elst", _table(b"elst", [u32(1_000, 0x80000001, 0x10000)])),
        "elst_rate_0": exchanged(clip, b"elst", _table(b"elst", [u32(1_000, 0, 0)])),
        "elst_rate_negative": exchanged(clip, b"elst", _table(b"elst", [u32(1_000, 0, 0xFFFF0000)])),
        "tkhd_60000": patched(clip, b"tkhd", 76, u32(60_000 << 16, 60_000 << 16)),
        "avc1_60000": patched(clip, b"avc1", 24, struct.pack(">HH", 60_000, 60_000)),
        "avc1_0": patched(clip, b"avc1", 24, bytes(4)),
        "avcc_cut": patched(clip, b"avcC", -8, u32(12)),
        "avcc_sets_lie": patched(clip, b"avcC", 5, b"\xff\xff\xff"),
        "length_of_3": patched(clip, b"avcC", 4, b"\xfe"),
        "lengths_of_1": patched(clip, b"avcC", 4, b"\xfc"),
        "stsd_many": patched(clip, b"stsd", 4, u32(0x7FFFFFFF)),
        "codec_unknown": clip.replace(b"avc1", b"zzz9"),
        "codec_raw": clip.replace(b"avc1", b"raw "),
        "codec_gif": clip.replace(b"avc1", b"gif "),
        "codec_png": clip.replace(b"avc1", b"png "),
        "codec_av1": clip.replace(b"avc1", b"av01"),
        "codec_hevc": clip.replace(b"avc1", b"hvc1"),
        "codec_prores": clip.replace(b"avc1", b"apch"),
        "codec_svg": clip.replace(b"avc1", b"rle "),
        "sound_unknown": clip.replace(b"mp4a", b"zzzs"),
        "sound_raw": clip.replace(b"mp4a", b"sowt"),
        "sound_alac": clip.replace(b"mp4a", b"alac"),
        "tracks_100": _with_tracks(clip, 100),
        "tracks_5000": _with_tracks(clip, 5_000),
        "cmov_bomb": ftyp
        + box(b"moov", box(b"cmov", box(b"dcom", b"zlib") + box(b"cmvd", u32(0x7FFFFFFF) + _bomb(40_000_000)))),
        "fragments_empty": clip + box(b"moof", box(b"mfhd", u32(0, 1))) * 60_000,
        "trun_max": clip
        + box(
            b"moof",
            box(b"mfhd", u32(0, 1))
            + box(b"traf", box(b"tfhd", u32(0, 1)) + box(b"trun", u32(0x000001, 0x7FFFFFFF, 0))),
        ),
        "sidx_max": clip + box(b"sidx", u32(0, 1, 12_288, 0, 0, 0xFFFF)),
        "tfra_max": clip + box(b"mfra", box(b"tfra", u32(0, 1, 0, 0x7FFFFFFF)) + box(b"mfro", u32(0, 48))),
        "cover_bomb": _with_cover(clip, _png(30_000, 30_000)),
        "pssh_max": clip + box(b"pssh", bytes(20) + u32(0x7FFFFFFF)),
        "encrypted": clip.replace(b"avc1", b"encv"),
        "uuid_many": clip + box(b"uuid", bytes(16) + b"x" * 1_000) * 2_000,
        "chapters": clip + box(b"udta", box(b"chpl", u32(0x01000000, 0) + b"\xff" * 2_000)),
    }
    for name, content in made.items():
        yield name, CLIP, _always(content)
        if name.startswith(("dref", "elst", "stsz", "stts", "tracks", "mdhd", "codec")):
            yield name, TAKE, _always(content)
    yield "black_for_hours", CLIP, lambda _: _black(4_096, 2_304, 3_000)
    yield "black_and_huge", CLIP, lambda _: _black(8_192, 4_320, 300)
    yield "many_references", CLIP, lambda _: _black(4_096, 2_304, 40, "ref=16:bframes=0:keyint=250")
    yield "fast_clock", CLIP, lambda _: _at_rate(1_000_000)
    yield "long_pictures", CLIP, lambda _: _at_rate(24, step=24 * 90_000)


def _with_tracks(clip: bytes, count: int) -> bytes:
    at = clip.index(b"trak") - 4
    trak = clip[at : at + int.from_bytes(clip[at : at + 4], "big")]
    moov = clip.index(b"moov") - 4
    size = int.from_bytes(clip[moov : moov + 4], "big") + len(trak) * count
    return clip[:moov] + size.to_bytes(4, "big") + clip[moov + 4 : at] + trak * count + clip[at:]


def _with_cover(clip: bytes, picture: bytes) -> bytes:
    data = box(b"data", struct.pack(">II", 14, 0) + picture)
    meta = box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"mdirappl" + bytes(9)) + box(b"ilst", box(b"covr", data)))
    udta = box(b"udta", meta)
    moov = clip.index(b"moov") - 4
    size = int.from_bytes(clip[moov : moov + 4], "big")
    made = clip[:moov] + (size + len(udta)).to_bytes(4, "big") + clip[moov + 4 : moov + size]
    return made + udta + clip[moov + size :]


def _bomb(size: int) -> bytes:
    packing = zlib.compressobj(9)
    return packing.compress(bytes(size)) + packing.flush()


def _black(width: int, height: int, frames: int, x264: str = "keyint=9999") -> bytes:
    """Pictures that cost a few bytes each in a file, and much time and memory to unpack."""
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=24, options={"preset": "ultrafast", "x264-params": x264})
        stream.width, stream.height = width, height
        kept: list[Any] = []
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            plane.update(b"\x80" * plane.buffer_size)
        for n in range(min(frames, 20 if "ref" in x264 else 3)):
            frame.pts = n
            kept += stream.encode(frame)
        kept += stream.encode(None)
        still = bytes(kept[-1])
        for packet in kept:
            film.mux(packet)
        for n in range(len(kept), frames):  # the last of them, which changes nothing, over and over
            more = av.Packet(still)
            more.stream, more.time_base, more.pts, more.dts, more.duration = (
                stream,
                stream.time_base,
                n * 512,
                n * 512,
                512,
            )
            film.mux(more)
    return made.getvalue()


def _at_rate(rate: int, *, step: int = 1) -> bytes:
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=rate, options={"preset": "ultrafast"})
        stream.width, stream.height = 160, 96
        for n in range(20):
            frame = av.VideoFrame(160, 96, "yuv420p")
            frame.pts = n * step
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return made.getvalue()


# Whole files, bent by chance


def _bent_files(bases: _Bases) -> Iterator[Maker]:
    files = {"mp4": bases.mp4, "mkv": bases.mkv, "avi": bases.avi}
    for _ in range(12):
        for suffix, whole in files.items():
            yield f"flipped.{suffix}", CLIP, lambda dice, whole=whole: _flipped(whole, dice)
    for _ in range(4):
        for suffix, whole in files.items():
            yield f"cut.{suffix}", CLIP, lambda dice, whole=whole: whole[: dice.randrange(len(whole))]
        for kind, whole in bases.sounds.items():
            yield f"flipped.{kind}", SOUND, lambda dice, whole=whole: _flipped(whole, dice)
            yield f"cut.{kind}", SOUND, lambda dice, whole=whole: whole[: dice.randrange(len(whole))]
    for size in (0, 1, 15, 16, 100, 100_000):
        yield f"noise_{size}", CLIP, lambda dice, size=size: dice.randbytes(size)
        yield (
            f"head_and_noise_{size}",
            TAKE,
            lambda dice, size=size: box(b"ftyp", b"isom\0\0\0\0") + dice.randbytes(size),
        )


def _flipped(whole: bytes, dice: random.Random) -> bytes:
    bent = bytearray(whole)
    for _ in range(dice.choice((1, 4, 30))):
        bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
    return bytes(bent)


# Matroska (RFC 9559)


def _element(number: str, body: bytes, *, size: int | None = None) -> bytes:
    return (
        bytes.fromhex(number) + (0x0100000000000000 | (len(body) if size is None else size)).to_bytes(8, "big") + body
    )


def _matroska_files(bases: _Bases, trap: Trap) -> Iterator[Maker]:
    head = _element("1a45dfa3", _element("4282", b"matroska"))
    whole, url = bases.mkv, trap.url.encode()
    attached = _element("1941a469", _element("61a7", _element("466e", b"../../x.ttf") + _element("465c", url * 50)))
    info = _element(
        "1549a966",
        _element("3eb923", bytes(16)) + _element("3e83bb", url) + _element("3c83ab", str(trap.foreign_path).encode()),
    )
    deep = b""
    for _ in range(5_000):
        deep = _element("b6", deep)
    packed = _element("6d80", _element("6240", _element("5034", _element("4254", b"\0") + _element("4255", b""))))
    yield "attachments.mkv", CLIP, _always(whole + attached)
    yield "attachments_only.mkv", CLIP, _always(head + _element("18538067", attached))
    yield "linked.mkv", CLIP, _always(head + _element("18538067", info))
    yield "no_end.mkv", CLIP, _always(head + bytes.fromhex("18538067") + b"\x01" + b"\xff" * 7)
    yield "lies_long.mkv", CLIP, _always(head + _element("18538067", info, size=(1 << 56) - 2))
    yield "chapters_deep.mkv", CLIP, _always(head + _element("18538067", _element("1043a770", _element("45b9", deep))))
    yield (
        "packed_tracks.mkv",
        CLIP,
        _always(head + _element("18538067", _element("1654ae6b", _element("ae", packed) * 200))),
    )
    yield "head_of_2_gb.mkv", CLIP, _always(_element("1a45dfa3", b"", size=1 << 31))
    yield "voids.mkv", CLIP, _always(head + _element("18538067", _element("ec", b"") * 200_000))
    yield (
        "no_end_of_strings.mkv",
        CLIP,
        _always(head + _element("18538067", _element("1549a966", _element("7ba9", b"x", size=1 << 30)))),
    )


# Sound


def _sounds(bases: _Bases, trap: Trap) -> Iterator[Maker]:
    wav, aiff, flac, mp3, ogg = (bases.sounds[kind] for kind in ("wav", "aiff", "flac", "mp3", "ogg"))
    u32 = lambda number: struct.pack("<I", number)  # noqa: E731
    fmt = wav.index(b"fmt ") + 8
    rates = {"0": 0, "1": 1, "max": 0xFFFFFFFF, "million": 1_000_000}
    for name, rate in rates.items():
        yield f"rate_{name}.wav", SOUND, _always(wav[: fmt + 4] + u32(rate) + wav[fmt + 8 :])
    for channels in (0, 1, 9, 64, 255, 65_535):
        yield f"channels_{channels}.wav", SOUND, _always(wav[: fmt + 2] + struct.pack("<H", channels) + wav[fmt + 4 :])
    for coding in (0, 2, 6, 7, 17, 85, 0x161, 0xFFFE, 0xFFFF):
        yield f"coding_{coding}.wav", SOUND, _always(wav[:fmt] + struct.pack("<H", coding) + wav[fmt + 2 :])
    data = wav.index(b"data") + 4
    yield "data_max.wav", SOUND, _always(wav[:data] + u32(0xFFFFFFFF) + wav[data + 4 :])
    yield "data_0.wav", SOUND, _always(wav[:data] + u32(0) + wav[data + 4 :])
    yield "block_0.wav", SOUND, _always(wav[: fmt + 12] + b"\0\0" + wav[fmt + 14 :])
    yield "riff_alone.wav", SOUND, _always(wav[:12])
    yield "chunk_max.wav", SOUND, _always(wav[:12] + b"LIST" + u32(0xFFFFFFF0) + b"INFO")
    yield "form_max.aiff", SOUND, _always(aiff[:4] + b"\xff" * 4 + aiff[8:])
    comm = aiff.index(b"COMM") + 8
    yield "frames_max.aiff", SOUND, _always(aiff[: comm + 2] + b"\xff" * 4 + aiff[comm + 6 :])
    yield "rate_0.aiff", SOUND, _always(aiff[: comm + 8] + bytes(10) + aiff[comm + 18 :])
    yield "rate_max.aiff", SOUND, _always(aiff[: comm + 8] + b"\x7f" + b"\xff" * 9 + aiff[comm + 18 :])
    yield "info_bent.flac", SOUND, _always(flac[:8] + b"\xff" * 34 + flac[42:])
    picture = (
        struct.pack(">I", 3) + struct.pack(">I", 3) + b"-->" + struct.pack(">I", len(trap.url)) + trap.url.encode()
    )
    yield "picture_link.flac", SOUND, _always(flac[:4] + b"\x06" + len(picture).to_bytes(3, "big") + picture + flac[4:])
    yield "picture_max.flac", SOUND, _always(flac[:4] + b"\x06\xff\xff\xff" + picture + flac[4:])
    apic = b"\0-->\0\3\0" + trap.url.encode()
    frame = b"APIC" + len(apic).to_bytes(4, "big") + b"\0\0" + apic
    yield "picture_link.mp3", SOUND, _always(b"ID3\3\0\0\0\0" + struct.pack(">H", len(frame)) + frame + mp3)
    yield "tag_max.mp3", SOUND, _always(b"ID3\4\0\0\x7f\x7f\x7f\x7f" + mp3)
    yield (
        "tag_packed.mp3",
        SOUND,
        _always(b"ID3\4\0\0\0\0\1\0" + b"TXXX" + b"\0\0\1\0\0\x08" + b"\x7f\xff\xff\xff" + _bomb(100_000) + mp3),
    )
    yield "heads_alone.mp3", SOUND, _always(b"\xff\xfb\x90\x64" * 200_000)
    yield "pages_alone.ogg", SOUND, _always(ogg[:28] * 50_000)
    yield "comments_max.ogg", SOUND, _always(ogg.replace(b"OpusTags", b"OpusTags\xff\xff\xff\x7f", 1))
    yield (
        "many_streams.ogg",
        SOUND,
        lambda dice: b"".join(ogg[:14] + dice.randbytes(4) + ogg[18:60] for _ in range(5_000)),
    )
    yield "a_film.mp3", SOUND, _always(bases.mp4)
    yield "a_list_behind_a_tag.mp3", SOUND, _always(b"ID3\3\0\0\0\0\0\0" + f"#EXTM3U\n{trap.url}\n".encode())


# Pictures


def _png(width: int, height: int, *, chunks: bytes = b"") -> bytes:
    """All black, one bit a pixel: 1,000 times smaller than its unpacked self."""
    row = bytes(1 + (width + 7) // 8)
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(row) for _ in range(height)) + packing.flush()
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _picture(kind: str, size_px: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    made = io.BytesIO()
    Image.effect_noise(size_px, 60).convert("RGB").save(made, kind, **options)
    return made.getvalue()


def _stills(trap: Trap) -> Iterator[Maker]:
    url, foreign = trap.url, trap.foreign_path
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/><image href="file://{foreign}"/></svg>'
    xxe = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{foreign}">]><svg>&x;</svg>'
    texts = {
        "vector.svg": svg,
        "vector.png": svg,
        "entity.svg": xxe,
        "ps.eps": f"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n({foreign}) (r) file showpage\n",
        "ps.png": f"%!PS-Adobe-3.0\n({foreign}) run\n",
        "pdf.png": f"%PDF-1.4\n1 0 obj<</URI({url})>>endobj\n%%EOF",
        "mvg.png": f"push graphic-context\nimage over 0,0 0,0 '{url}'\npop graphic-context\n",
        "xpm.png": '/* XPM */\nstatic char *x[] = {"1 1 1 1","a c #000000","a"};',
        "ppm.png": "P6\n60000 60000\n255\n",
        "fits.png": "SIMPLE  =                    T",
        "gif.png": "GIF89a" + "\xff" * 100,
    }
    for name, text in texts.items():
        yield name, STILL, _always(text.encode("latin-1"))
    png, jpeg, webp = (_picture(kind) for kind in ("PNG", "JPEG", "WEBP"))
    bent_size = png[:16] + struct.pack(">II", 60_000, 60_000) + png[24:]
    yield "size_lies.png", STILL, _always(bent_size)
    yield (
        "size_lies_with_sum.png",
        STILL,
        _always(bent_size[:29] + struct.pack(">I", zlib.crc32(bent_size[12:29])) + bent_size[33:]),
    )
    yield "bomb_30000.png", STILL, lambda _: _png(30_000, 30_000)
    yield "bomb_just_allowed.png", STILL, lambda _: _png(8_192, 4_320)
    yield "text_bomb.png", STILL, _always(_png(16, 16, chunks=_chunk(b"zTXt", b"a\0\0" + _bomb(200_000_000))))
    yield "text_bombs.png", STILL, _always(_png(16, 16, chunks=_chunk(b"zTXt", b"a\0\0" + _bomb(900_000)) * 400))
    yield "profile_bomb.png", STILL, _always(_png(16, 16, chunks=_chunk(b"iCCP", b"a\0\0" + _bomb(200_000_000))))
    yield "chunk_max.png", STILL, _always(png[:33] + b"\xff\xff\xff\xffIDAT" + png[41:])
    yield "one_line_wide.png", STILL, lambda _: _png(30_000_000, 1)
    yield "one_line_high.png", STILL, lambda _: _png(1, 30_000_000)
    animated = io.BytesIO()
    Image.new("RGB", (64, 64)).save(
        animated, "PNG", save_all=True, append_images=[Image.new("RGB", (64, 64), (n % 256, 0, 0)) for n in range(300)]
    )
    yield "animated.png", STILL, _always(animated.getvalue())
    sof = jpeg.index(b"\xff\xc0") + 5
    yield "size_lies.jpg", STILL, _always(jpeg[:sof] + struct.pack(">HH", 60_000, 60_000) + jpeg[sof + 4 :])
    yield "scans.jpg", STILL, _always(_many_scans())
    exif = Image.Exif()
    exif[274] = 6
    yield "turned.jpg", STILL, _always(_picture("JPEG", exif=exif))
    yield "cmyk.jpg", STILL, _always(_cmyk())
    vp8 = webp.index(b"\x9d\x01\x2a") + 3
    yield "size_lies.webp", STILL, _always(webp[:vp8] + struct.pack("<HH", 16_383, 16_383) + webp[vp8 + 4 :])
    yield "bomb.webp", STILL, lambda _: _webp_bomb()
    for _ in range(5):
        for kind, whole in (("png", png), ("jpg", jpeg), ("webp", webp)):
            yield f"flipped.{kind}", STILL, lambda dice, whole=whole: _flipped(whole, dice)
            yield f"cut.{kind}", STILL, lambda dice, whole=whole: whole[: dice.randrange(len(whole))]


def _many_scans() -> bytes:
    whole = _picture("JPEG", (1_024, 1_024), progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * 300 + whole[-2:]


def _cmyk() -> bytes:
    made = io.BytesIO()
    Image.new("CMYK", (64, 64), (9, 90, 9, 9)).save(made, "JPEG")
    return made.getvalue()


def _webp_bomb() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (16_383, 8_000)).save(made, "WEBP", lossless=True, method=0)
    return made.getvalue()


# Files that are odd, and fine


def _odd_but_fine(bases: _Bases) -> Iterator[Maker]:
    def first(_: random.Random) -> bytes:
        path = bases.folder / "first.mp4"
        with (
            av.open(io.BytesIO(bases.mp4)) as source,
            av.open(str(path), "w", options={"movflags": "+faststart"}) as film,
        ):
            tracks = {track.index: film.add_stream_from_template(track) for track in source.streams}
            for packet in source.demux():
                if packet.dts is not None:
                    packet.stream = tracks[packet.stream.index]
                    film.mux(packet)
        return path.read_bytes()

    yield "index_first", TAKE, first
    yield "named_otherwise.mov", CLIP, _always(bases.mp4)
    yield "matroska_named_mp4", CLIP, _always(bases.mkv)
    yield "with_padding", TAKE, _always(bases.mp4 + box(b"free", bytes(5_000_000)))
    for kind, whole in bases.sounds.items():
        yield f"sound.{kind}", SOUND, _always(whole)
    yield "sound_of_a_film.mp4", SOUND, _always(bases.mp4)
    yield "logo.png", STILL, _always(_picture("PNG"))
    yield "logo.webp", STILL, _always(_picture("WEBP"))
    yield "logo.jpg", STILL, _always(_picture("JPEG"))


def _special_files(folder: Path, trap: Trap) -> Iterator[Hostile]:
    """What is no file."""
    folder.mkdir()
    for door in DOORS:
        (folder / f"folder_{door}").mkdir()
        os.mkfifo(folder / f"pipe_{door}")
        for name in ("zero", "full", "random", "tty", "stdin"):
            (folder / f"{name}_{door}").symlink_to(f"/dev/{name}")
        (folder / f"loop_{door}").symlink_to(folder / f"loop_{door}")
        (folder / f"nowhere_{door}").symlink_to(folder / "nothing")
        for path in sorted(folder.glob(f"*_{door}")):
            yield Hostile(f"special/{path.name}", door, path)
