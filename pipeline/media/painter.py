"""The process that paints, `python -m pipeline.media.painter`: one clip after another, until nobody asks any more.

Orders come in by stdin, one JSON line each, and one line goes back for each. It leaves as soon as its stdin ends, in
the middle of a clip too: whoever is killed leaves no painter behind.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from pathlib import Path

from pipeline.media.animatic import ClipBrief, paint_clip, paint_placeholder
from pipeline.media.easel import PaintOrder


def main() -> None:
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)  # whatever a library prints is no answer
        orders: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_read_orders, args=(orders,), daemon=True).start()
        while True:
            answers.write(json.dumps({"problem": _fill(orders.get())}).encode() + b"\n")


def _read_orders(orders: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        orders.put(line)
    os._exit(0)  # nobody waits for what is being painted


def _fill(line: bytes) -> str | None:
    """Paint what a line orders. Returns what went wrong, or None."""
    order = PaintOrder(**json.loads(line))
    fields = order.brief
    size_px = (int(fields["size_px"][0]), int(fields["size_px"][1]))
    images = tuple(map(Path, fields["images"]))
    try:
        for path, text in order.placeholders.items():
            _paint_aside(text, size_px, Path(path))
        paint_clip(ClipBrief(**{**fields, "size_px": size_px, "images": images}), Path(order.path))
    except Exception as problem:  # whatever it stumbles over: the shot fails, the painter goes on
        return repr(problem)
    return None


def _paint_aside(text: str, size_px: tuple[int, int], path: Path) -> None:
    """A placeholder that appears whole: another painter may be looking for the same one."""
    aside = path.with_stem(f"{path.stem}-{os.getpid()}")
    paint_placeholder(text, size_px, aside)
    aside.replace(path)


if __name__ == "__main__":
    main()
