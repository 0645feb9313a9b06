"""Shows films to a real Chromium, over HTTP with ranges as a player asks for them, and sees which frame it draws.

A browser's decoder is stricter than ffmpeg's: it begins at what the index calls a key frame, and gives up where that
is none.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import pytest
from cutting_room import Cutting
from playwright.sync_api import Page, sync_playwright

from pipeline.model.timeline import Clip
from pipeline.timecode import FRAME_RATE

CHROMIUM: Final = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on PATH to play films with")
POINTS: Final = 40
LOOKED_AT_PX: Final = (32, 18)

_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)
_SHOW: Final = """async ({frames, rate, size}) => {
  const film = document.createElement('video'), canvas = document.createElement('canvas'), drawn = [];
  film.muted = true; film.preload = 'auto';
  const come = (event, seconds) => new Promise(done => {
    film.addEventListener(event, () => done(''), {once: true});
    film.addEventListener('error', () => done(film.error.message), {once: true});
    setTimeout(() => done(`no ${event} in ${seconds} s`), seconds * 1000);
  });
  const presented = frame => new Promise(done => {  // at `seeked`, a canvas may still be given the picture before
    let shown = 'none';
    const look = (_, {mediaTime}) => {
      shown = Math.round(mediaTime * rate);
      if (shown === frame) done(''); else film.requestVideoFrameCallback(look);
    };
    film.requestVideoFrameCallback(look);
    setTimeout(() => done(`shows as ${shown}`), 20000);
  });
  const loaded = come('loadeddata', 20);
  film.src = '/film.mp4'; document.body.replaceChildren(film);
  let error = await loaded;
  const [width, height] = [canvas.width, canvas.height] = size;
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.imageSmoothingQuality = 'high';
  for (const frame of frames) {
    if (error) break;
    const sought = come('seeked', 20), shown = presented(frame);
    film.currentTime = (frame + 0.5) / rate;
    error = await sought || await shown;
    if (error) { error = `frame ${frame}: ${error}`; break; }
    pen.drawImage(film, 0, 0, width, height);
    drawn.push(Array.from(pen.getImageData(0, 0, width, height).data));
  }
  if (!error) {
    film.currentTime = Math.max(0, film.duration - 0.5);
    error = await come('seeked', 20);
    const ended = come('ended', 20);
    await film.play();
    error = error || await ended;
  }
  return {error, seconds: film.duration, played_to: film.currentTime, drawn};
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What a browser made of a film.

    Attributes:
        error: its own words, or ours for another frame than was sought; empty if it played to the end.
        off: how far what it drew at a frame is from what that frame holds, on the average of its pixels, in 255ths.
    """

    error: str
    seconds: float
    played_to: float
    off: Mapping[int, float]

    @property
    def worst(self) -> float:
        return max(self.off.values(), default=0.0)


@contextmanager
def open_cinema() -> Iterator[Cinema]:
    """A browser, and a server on this machine alone that hands it one film at a time."""
    server = _Server(("127.0.0.1", 0), _Counter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with ThreadPoolExecutor(1) as booth:  # Playwright keeps a loop running in its thread, and films are made in another
        playwright = booth.submit(sync_playwright().start).result()
        try:
            browser = booth.submit(playwright.chromium.launch, executable_path=CHROMIUM, args=_FLAGS).result()
            yield Cinema(server, booth, booth.submit(browser.new_page).result())
            booth.submit(browser.close).result()
        finally:
            booth.submit(playwright.stop).result()
            server.shutdown()
            server.server_close()


@dataclass(frozen=True, slots=True)
class Cinema:
    """See `open_cinema`."""

    _server: Any
    _booth: ThreadPoolExecutor
    _page: Page

    def show(self, path: Path, *, beside: Sequence[int] = (), points: int = POINTS) -> Showing:
        """Seek to `points` frames all over the film, to those `beside`, and play its end.

        Backwards and forwards, so that a seek never goes on where the one before it stopped.
        """
        pictures = _pictures_of(path)
        spread = {round(n * (len(pictures) - 1) / max(1, points - 1)) for n in range(points)}
        frames = sorted(spread | {frame for frame in beside if 0 <= frame < len(pictures)})
        frames = [*frames[1::2], *reversed(frames[::2])]
        self._server.film = path.read_bytes()
        seen = self._booth.submit(self._seek, frames).result()
        drawn = [np.array(pixels, float).reshape(*LOOKED_AT_PX[::-1], 4)[..., :3] for pixels in seen["drawn"]]
        off = {
            frame: float(np.abs(picture - pictures[frame]).mean())
            for frame, picture in zip(frames, drawn, strict=not seen["error"])
        }
        return Showing(error=seen["error"], seconds=seen["seconds"], played_to=seen["played_to"], off=off)

    def _seek(self, frames: Sequence[int]) -> Any:
        self._page.goto(f"http://127.0.0.1:{self._server.server_address[1]}/")
        return self._page.evaluate(_SHOW, {"frames": frames, "rate": int(FRAME_RATE), "size": LOOKED_AT_PX})


def check_showing(cinema: Cinema, cutting: Cutting, *clips: Clip, points: int, off: float) -> Showing:
    """Cut a film of the clips and see that it plays, and that each frame that is sought is the one that is drawn.

    Args:
        points: that are spread over the film; the two frames on each side of where a span begins come on top.
        off: how far what is drawn may be from what was decoded: both are made small, each in its way.
    """
    spans = cutting.spans(*clips)
    cutting.cut(*clips)
    beside = [span.place.start + k for span in spans for k in (-2, -1, 0, 1)]
    showing = cinema.show(cutting.film_path, beside=beside, points=points)
    assert showing.error == ""
    assert showing.played_to == pytest.approx(showing.seconds)
    assert showing.worst < off
    return showing


def _pictures_of(path: Path) -> list[np.ndarray]:
    """Every frame, made small."""
    width, height = LOOKED_AT_PX
    with av.open(str(path)) as film:
        return [
            frame.reformat(width, height, "rgb24", src_colorspace="itu709", interpolation="AREA")
            .to_ndarray()
            .astype(float)
            for frame in film.decode(video=0)
        ]


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """A browser that seeks elsewhere resets its connections."""


class _Counter(BaseHTTPRequestHandler):
    """Hands out a page, and a film in the ranges that are asked for."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        if self.path != "/film.mp4":
            self._send(200, "text/html", b"<!doctype html><title>cinema</title><body></body>")
            return
        film = self.server.film  # type: ignore[attr-defined]
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "bytes=0-"))
        assert asked
        first, last = int(asked[1]), int(asked[2] or len(film) - 1)
        self._send(206, "video/mp4", film[first : last + 1], f"bytes {first}-{last}/{len(film)}")

    def _send(self, status: int, kind: str, body: bytes, which: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(len(body)))
        if which:
            self.send_header("Content-Range", which)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # it sought elsewhere
