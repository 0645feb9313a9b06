"""Pictures that nothing changes reach the film as they were received, packet by packet."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from cutting_room import Cutting
from footage import greys_of
from timelines import a_title

from pipeline.media.avc import AvcConfig, nal_types, read_packet_order, set_id, write_thinned
from pipeline.model.delivery import Copying, Delivery

PYRAMID = "bframes=3:b-pyramid=normal:b-adapt=0:scenecut=0:keyint=250:ref=3"
"""Pictures that refer to later ones, as generated clips have them."""


@pytest.fixture
def cutting(tmp_path: Path) -> Cutting:
    return Cutting(tmp_path)


def brightening(n: int) -> int:
    return 40 + 4 * n


def pictures_of(path: Path) -> list[bytes]:
    """Every packet, in decoding order."""
    with av.open(str(path)) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


def entries_of(path: Path) -> list[int]:
    """The packets that the container's index names as fit to begin at."""
    with av.open(str(path)) as film:
        return [n for n, packet in enumerate(film.streams.video[0].index_entries) if packet.is_keyframe]


def test_a_film_of_cuts_holds_every_packet_of_its_clips(cutting: Cutting) -> None:
    """Two clips of 24 frames: 48 packets, bit for bit, and none encoded."""
    film = cutting.cut(*(cutting.clip(name, grey=brightening, x264=PYRAMID) for name in "ab"))
    clips = [pictures_of(cutting.folder / f"{name}.mp4") for name in "ab"]
    assert pictures_of(cutting.film_path) == clips[0] + clips[1]
    assert (film.frames_encoded, greys_of(cutting.film_path)[20:28]) == (0, near([120, 124, 128, 132, 40, 44, 48, 52]))


def test_a_hold_encodes_what_the_packets_order_does_not_let_go_and_no_more(cutting: Cutting) -> None:
    """Frames 0 … 29 stay: packets close at 29, one before the 30 that would be asked for; the hold's 6 follow."""
    one = cutting.clip("a", frames=36, grey=50, x264=PYRAMID)
    order = read_packet_order(cutting.folder / "a.mp4", (160, 96), 1)
    assert order is not None
    film = cutting.cut(one, cutting.clip("b", grey=150, join="hold 6", x264=PYRAMID))
    kept = max(frame for frame in order.closings if frame == 30 or frame <= 28)
    assert film.frames_encoded == 36 - kept
    assert pictures_of(cutting.film_path)[:kept] == pictures_of(cutting.folder / "a.mp4")[:kept]
    assert greys_of(cutting.film_path)[28:38] == near([50, 50, 64.3, 78.6, 92.9, 107.1, 121.4, 135.7, 150, 150])


def test_how_packets_lie_is_looked_at_once_a_content(cutting: Cutting) -> None:
    """Not again once the file is gone; but again where it could not be read at first."""
    clip, path = cutting.clip("a", x264=PYRAMID), cutting.folder / "a.mp4"
    content = path.read_bytes()
    path.write_bytes(b"not yet there")
    assert [span.copied for span in cutting.spans(clip)] == [None]
    path.write_bytes(content)
    copied = cutting.spans(clip)
    path.unlink()
    assert cutting.spans(clip) == copied
    assert copied[0].copied is not None


def test_what_is_drawn_on_is_encoded(cutting: Cutting) -> None:
    """A title over frames 24 … 47 of 48: half is copied."""
    titled = cutting.clip("a", frames=48).model_copy(update={"overlays": (a_title(start=24, stop=48),)})
    assert cutting.cut(titled).frames_encoded == 24


def test_a_trimmed_clip_cannot_be_copied_from_its_middle(cutting: Cutting) -> None:
    """Its only IDR is before what is used."""
    clip = cutting.clip("a", frames=48).model_copy(update={"start": 6})
    assert cutting.cut(clip).frames_encoded == 42


def test_nothing_is_copied_where_that_is_not_wanted(cutting: Cutting) -> None:
    """`copy: never`."""
    film = cutting.cut(cutting.clip("a"), delivery=Delivery(copying=Copying.NEVER))
    assert film.frames_encoded == 24


def test_clips_of_another_encoder_are_encoded(cutting: Cutting) -> None:
    """Their parameter sets are others under the same id; the film keeps those of the most frames."""
    alike = [cutting.clip(name, grey=n) for n, name in ((50, "a"), (90, "b"))]
    other = cutting.clip("c", grey=130, x264="cabac=0:chroma-qp-offset=4")
    assert cutting.cut(alike[0], other, alike[1]).frames_encoded == 24
    assert greys_of(cutting.film_path)[23:50:25] == near([50, 90])


def test_only_an_idr_is_a_place_to_begin(cutting: Cutting) -> None:
    """The clip's container also flags frames 10 and 20, from which a browser's decoder cannot begin."""
    clip = cutting.clip("a", grey=brightening, x264="open-gop=1:keyint=10:min-keyint=10:bframes=2:scenecut=0")
    cutting.cut(clip)
    assert len(entries_of(cutting.folder / "a.mp4")) > 1
    assert entries_of(cutting.film_path) == [0]


def test_an_encoded_span_stands_beside_copied_ones(cutting: Cutting) -> None:
    """The track carries the parameter sets of both, under ids of their own, and every frame decodes to its grey."""
    clips = [
        cutting.clip(name, frames=36, grey=grey, join=join, x264=PYRAMID)
        for name, grey, join in (("a", 50, "cut"), ("b", 150, "dissolve 6"))
    ]
    cutting.cut(*clips, cutting.clip("c", frames=24, grey=90, x264=PYRAMID))
    with av.open(str(cutting.film_path)) as film:
        config = AvcConfig.parse(film.streams.video[0].codec_context.extradata or b"")
    assert sorted(map(set_id, config.sps)) == [0, 1]
    assert [greys_of(cutting.film_path)[n] for n in (0, 29, 36, 65, 66, 89)] == near([50, 50, 150, 150, 90, 90])


@pytest.mark.parametrize(
    "made",
    [
        {"size_px": (128, 128)},
        {"rate": 30},
        {"x264": "sps-id=1"},
        {"x264": "repeat-headers=1"},
        {"x264": "colormatrix=smpte170m"},
        {"x264": "fullrange=on"},
        {"x264": "tff=1"},
    ],
    ids=str,
)
def test_a_clip_that_does_not_fit_the_film_is_not_copied(cutting: Cutting, made: dict[str, object]) -> None:
    """Another size, rate, colour or field order, or parameter sets that would meet those of the film's own."""
    clip = cutting.clip("a", **made)
    film = cutting.cut(clip)
    assert film.frames_encoded == film.frames


def test_a_packet_whose_units_do_not_fill_it_is_refused() -> None:
    """A length of 9 in a packet of 8 bytes."""
    packet = av.Packet(b"\0\0\0\x09\x65\0\0\0")
    with pytest.raises(ValueError, match="beyond"):
        nal_types(packet)


def near(expected: list[float]) -> object:
    return pytest.approx(expected, abs=1.5)


def test_pictures_that_no_other_needs_can_be_left_out(cutting: Cutting) -> None:
    """A third of the 20 before, and what follows decodes as it did."""
    cutting.clip("a", frames=30, grey=brightening, x264=PYRAMID)
    left_out = write_thinned(cutting.folder / "a.mp4", cutting.folder / "thin.mp4", 20)
    assert left_out >= 6
    assert greys_of(cutting.folder / "thin.mp4")[20 - left_out :] == greys_of(cutting.folder / "a.mp4")[20:]


def test_a_late_part_of_a_clip_is_the_same_whatever_was_decoded_before_it(cutting: Cutting) -> None:
    """Frames 50 … 69 of a clip of 72, which brightens by 2 a frame."""
    clip = cutting.clip("a", frames=72, grey=lambda n: 40 + 2 * n, x264=PYRAMID)
    cutting.cut(clip.model_copy(update={"start": 50, "stop": 70}))
    assert greys_of(cutting.film_path) == near([140 + 2 * n for n in range(20)])
