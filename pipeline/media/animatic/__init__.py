"""The painter of stand-in clips: reads a prompt, paints eight seconds of what it says, gives them the vendor's shape.

`sight` reads the words, `places` and `figures` paint, `sound` makes the ambience, `encode` writes the file.
Equal briefs make equal bytes. Knows no storyboard, no network and no clock.
"""

from __future__ import annotations

from pipeline.media.animatic.clip import ClipBrief, mark_hz, paint_clip, paint_placeholder

__all__ = ["ClipBrief", "mark_hz", "paint_clip", "paint_placeholder"]
