"""How others make the same film: one ffmpeg graph with all inputs, and MoviePy by its defaults.

python benchmarks/peers.py graph|lossless|moviepy OUT JOIN CLIP…     JOIN: frames of the dissolves; 0 for cuts
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import imageio_ffmpeg

CLIP_SECONDS = 8


def graph_arguments(out: Path, join: int, clips: Sequence[Path], *, is_lossless: bool = False) -> list[str]:
    """n inputs, n − 1 xfades and acrossfades; for cuts one concat."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-nostdin", "-v", "error"]
    for clip in clips:
        argv += ["-i", str(clip)]
    picture = ["-c:v", "libx264", "-pix_fmt", "yuv420p"]
    picture += ["-preset", "ultrafast", "-qp", "0"] if is_lossless else ["-preset", "veryfast", "-crf", "18"]
    written = [*picture, "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", str(out)]
    return [*argv, "-filter_complex", _graph(len(clips), join), "-map", "[v]", "-map", "[a]", *written]


def _graph(clips: int, join: int) -> str:
    if not join:
        return "".join(f"[{n}:v][{n}:a]" for n in range(clips)) + f"concat=n={clips}:v=1:a=1[v][a]"
    seconds, steps, picture, sound = join / 24, [], "0:v", "0:a"
    for n in range(1, clips):
        shown, heard = ("v", "a") if n == clips - 1 else (f"v{n}", f"a{n}")
        offset = n * (CLIP_SECONDS - seconds)
        steps.append(f"[{picture}][{n}:v]xfade=duration={seconds}:offset={offset}[{shown}]")
        steps.append(f"[{sound}][{n}:a]acrossfade=d={seconds}[{heard}]")
        picture, sound = shown, heard
    return ";".join(steps)


def make_with_moviepy(out: Path, join: int, clips: Sequence[Path]) -> None:
    """As its documentation does it."""
    from moviepy import VideoFileClip, concatenate_videoclips, vfx

    seconds = join / 24
    opened = [VideoFileClip(str(clip)) for clip in clips]
    faded = [clip.with_effects([vfx.CrossFadeIn(seconds)]) if n and join else clip for n, clip in enumerate(opened)]
    film = concatenate_videoclips(faded, padding=-seconds, method="compose" if join else "chain")
    film.write_videofile(str(out), logger=None)


def main() -> None:
    kind, out, join, *clips = sys.argv[1:]
    paths = [*map(Path, clips)]
    if kind == "moviepy":
        make_with_moviepy(Path(out), int(join), paths)
    else:
        argv = graph_arguments(Path(out), int(join), paths, is_lossless=kind == "lossless")
        subprocess.run(argv, check=True)


if __name__ == "__main__":
    main()
