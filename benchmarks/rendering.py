"""What a film costs to make, against one ffmpeg graph and MoviePy: time of the clock, of the processor, and memory.

All sides in one run, on clips made here in the shape of generated ones (or on `--footage`), sound included on all of
them. The graph is one xfade + acrossfade graph, x264 veryfast, CRF 18. A line says what our side took of the graph's.
Our clips have landed before: probing one (`inspect`) is part of landing, and its time is printed beside.

    python benchmarks/rendering.py [--footage CLIP…] [--clips 21] [--only WORD] [--with-moviepy] [--with-vmaf]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import av
import imageio_ffmpeg

sys.path.insert(0, str(Path(__file__).parent))

from measured import Cost, measure

from pipeline.digest import hash_file
from pipeline.media.animatic import ClipBrief, paint_clip
from pipeline.media.probe import count_samples, inspect
from pipeline.model.join import Join
from pipeline.model.media import Media
from pipeline.model.storyboard import TitlePlace
from pipeline.model.timeline import Clip, MusicTrack, Overlay, Timeline
from pipeline.timecode import SAMPLES_PER_FRAME

JOIN: Final = 12
PROMPTS: Final = (
    "A runner crosses a rainy street in Paris at night, neon reflections, the camera follows",
    "A fisherman on a quiet lake in the morning mist, slow push in",
    "Children chase a kite over a summer meadow, wind in the grass, wide shot",
    "A chef throws vegetables in a busy kitchen, steam, close up",
    "A train passes through snowy mountains, aerial shot, clouds drift",
    "Waves break against a lighthouse at dusk, birds, slow pan",
    "A dancer turns on an empty stage in warm light, the camera circles",
)
HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Landed:
    """A clip as it lies on the disk, and what its probe saw."""

    path: Path
    media: Media


class Bench:
    """One run: its clips, its folder, and what each side took."""

    def __init__(self, folder: Path, clips: Sequence[Landed]) -> None:
        self.folder, self.clips = folder, clips
        self._count = 0

    def timeline(self, join: str, clips: Sequence[Landed] | None = None, **fields: Any) -> Timeline:
        joins = [Join(), *[Join.parse(join)] * (len(self.clips) - 1)]
        laid = [
            Clip(item=f"shot{n}", scene="s", kind="shot", media=clip.media, start=0, stop=192, join=joins[n])
            for n, clip in enumerate(clips or self.clips)
        ]
        return Timeline(project="bench", title="Bench", width_px=1280, height_px=720, clips=tuple(laid), **fields)

    def ours(self, timeline: Timeline, store: str, *, lands_last: bool = False, extra: Sequence[Landed] = ()) -> Cost:
        self._count += 1
        order_path = self.folder / f"order{self._count}.json"
        files = {clip.media.sha256: str(clip.path) for clip in (*self.clips, *extra)}
        order = {
            "timeline": timeline.model_dump(mode="json"),
            "files": files,
            "store": str(self.folder / store),
            "film": str(self.film(store)),
            "lands_last": lands_last,
        }
        order_path.write_text(json.dumps(order))
        return measure([sys.executable, str(HERE / "our_side.py"), str(order_path)], starts_when_told=lands_last)

    def film(self, name: str) -> Path:
        return self.folder / "films" / f"{name}.mp4"

    def peer(self, kind: str, join: int) -> Cost:
        out = self.film(f"{kind}{join}")
        out.parent.mkdir(exist_ok=True)
        clips = [str(clip.path) for clip in self.clips]
        return measure([sys.executable, str(HERE / "peers.py"), kind, str(out), str(join), *clips])


def make_clips(folder: Path, count: int) -> list[Path]:
    """Painted in 720p, by two processes."""
    paths = [folder / f"clip{n}.mp4" for n in range(count)]
    with ProcessPoolExecutor(2) as pool:
        [*pool.map(_paint, range(count), paths)]
    return paths


def _paint(n: int, path: Path) -> None:
    if not path.exists():
        prompt = PROMPTS[n % len(PROMPTS)]
        paint_clip(ClipBrief(shot=f"shot{n}", prompt=prompt, size_px=(1280, 720), seed=n, slate=False), path)


def land(path: Path) -> Landed:
    return Landed(path, Media(sha256=hash_file(path), size_bytes=path.stat().st_size, info=inspect(path)))


def line(what: str, cost: Cost, graph: Cost, goal: str = "") -> None:
    memory = f"{cost.peak_bytes / 1e6:6.0f} MB {cost.peak_bytes / graph.peak_bytes:6.1%}"
    wall = f"{cost.wall_s:6.1f} s {cost.wall_s / graph.wall_s:6.1%}"
    cpu = f"cpu {cost.cpu_s:6.1f} s {cost.cpu_s / graph.cpu_s:6.1%}"
    own = json.loads(cost.said.splitlines()[-1])["own_s"] / cost.cpu_s
    print(f"{what:<36}{wall}   {cpu}   {memory}   own work {own:5.1%}   {goal}", flush=True)


def exact(film: Path, clips: Sequence[Landed]) -> str:
    """How many of the film's pictures are, byte for byte, pictures of the clips; and its samples beside its frames."""
    of_clips = {packet for clip in clips for packet in _pictures(clip.path)}
    of_film = _pictures(film)
    kept = sum(packet in of_clips for packet in of_film)
    off = count_samples(film) - len(of_film) * SAMPLES_PER_FRAME
    return f"{kept:,} of {len(of_film):,} pictures bit-exact ({kept / len(of_film):.1%}), sound {off} samples off"


def _pictures(path: Path) -> list[bytes]:
    with av.open(str(path)) as opened:
        return [sha256(bytes(packet)).digest() for packet in opened.demux(video=0) if packet.size]


def vmaf(film: Path, reference: Path) -> float:
    """The mean over every fourth frame, by libvmaf's own model.

    Both are tagged alike first: else ffmpeg converts the one that says nothing of its colours (9.0).
    """
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-i", str(film), "-i", str(reference), "-lavfi"]
    alike = "settb=1/24,setpts=N,setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv"
    argv += [f"[0:v]{alike}[a];[1:v]{alike}[b];[a][b]libvmaf=n_threads=2:n_subsample=4"]
    said = subprocess.run([*argv, "-f", "null", "-"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"VMAF score: ([\d.]+)", said)
    assert found, said[-500:]
    return float(found[1])


def run(bench: Bench, wanted: Callable[[str], bool], extra: Landed, music: tuple[Landed, Landed]) -> None:
    graph = bench.peer("graph", JOIN)
    peer = f"{graph.wall_s:.1f} s, cpu {graph.cpu_s:.1f} s, {graph.peak_bytes / 1e6:.0f} MB"
    print(f"graph, {len(bench.clips)} clips: {peer}", flush=True)
    steps: dict[str, Callable[[], Cost]] = {
        "dissolves, cold": lambda: bench.ours(bench.timeline("dissolve 12"), "cold"),
        "dissolves, made as clips landed": lambda: bench.ours(bench.timeline("dissolve 12"), "landed", lands_last=True),
        "cuts, cold": lambda: bench.ours(bench.timeline("cut"), "cuts"),
        "holds, cold": lambda: bench.ours(bench.timeline("hold 12"), "holds"),
    }
    goals = dict(zip(steps, ("≤ 100 %, memory ≤ 1/6", "≤ 15 %", "≤ 15 %", "≤ 25 %, memory ≤ 1/5"), strict=True))
    copied = {"cuts, cold": "cuts", "holds, cold": "holds"}
    for what, step in steps.items():
        if wanted(what):
            line(what, step(), graph, goals[what])
            if film := copied.get(what):
                print(f"{'':<36}{exact(bench.film(film), bench.clips)}", flush=True)
    if wanted("after"):
        after(bench, graph, extra, music)


def after(bench: Bench, graph: Cost, extra: Landed, music: tuple[Landed, Landed]) -> None:
    """What an edit costs once there is a film."""

    def track(landed: Landed) -> MusicTrack:
        return MusicTrack(media=landed.media, file="music.m4a", gain_db=-12, fade_in=0, fade_out=24)

    def film(**changes: Any) -> Timeline:
        clips = list(bench.clips)
        if "replaced" in changes:
            clips[9] = extra
        timeline = bench.timeline("dissolve 12", clips, music=track(music["music" in changes]))
        title = Overlay(
            text="Begin again" if "title" in changes else "Begin", place=TitlePlace.CENTER, start=24, stop=96
        )
        edited = list(timeline.clips)
        edited[3] = edited[3].model_copy(update={"overlays": (title,)})
        if "join" in changes:
            edited[12] = edited[12].model_copy(update={"join": Join()})
        return timeline.model_copy(update={"clips": tuple(edited)})

    tracks = (extra, *music)
    line("a finished film, title and music", bench.ours(film(), "after", extra=tracks), graph)
    for what, change, goal in (
        ("after: one shot replaced", "replaced", "≤ 15 %"),
        ("after: one join changed", "join", "≤ 12 %"),
        ("after: one title edited", "title", "≤ 12 %"),
        ("after: music changed", "music", "≤ 8 %"),
    ):
        line(what, bench.ours(film(**{change: True}), "after", extra=tracks), graph, goal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", nargs="*", type=Path, default=[], help="clips of your own, taken in turn")
    parser.add_argument("--clips", type=int, default=21)
    parser.add_argument("--only", default="", help="steps that hold this word")
    parser.add_argument("--made", type=Path, help="a folder that keeps the painted clips")
    parser.add_argument("--with-moviepy", action="store_true")
    parser.add_argument("--with-vmaf", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        made = args.made or folder
        made.mkdir(exist_ok=True)
        paths = [*_in_turn(args.footage, args.clips + 3, folder)] if args.footage else make_clips(made, args.clips + 3)
        began = time.perf_counter()
        *clips, extra, one, other = map(land, paths)
        print(f"probing a clip as it lands: {(time.perf_counter() - began) / len(paths):.2f} s")
        bench = Bench(folder, clips)
        run(bench, lambda what: args.only in what, extra, (one, other))
        if args.with_moviepy:
            cost = bench.peer("moviepy", JOIN)
            print(f"moviepy: {cost.wall_s:.1f} s, cpu {cost.cpu_s:.1f} s, {cost.peak_bytes / 1e6:.0f} MB")
        if args.with_vmaf:
            bench.peer("lossless", JOIN)
            for name in ("graph12", "cold"):
                film = bench.film(name)
                print(f"{name}: VMAF {vmaf(film, bench.film('lossless12')):.2f}, {film.stat().st_size / 1e6:.1f} MB")


def _in_turn(footage: Sequence[Path], count: int, folder: Path) -> Iterator[Path]:
    """So many clips of it, each with bytes of its own, so that no cache takes one for another."""
    for n in range(count):
        path = folder / f"clip{n}.mp4"
        free = f"clip {n}".encode()
        path.write_bytes(footage[n % len(footage)].read_bytes() + (8 + len(free)).to_bytes(4, "big") + b"free" + free)
        yield path


if __name__ == "__main__":
    main()
