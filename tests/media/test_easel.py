"""The painter's process is our own program, wherever the user stands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pipeline.media.easel import Easel, PaintingError, PaintOrder


def test_a_module_in_the_users_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A project that somebody sent may hold a `pipeline/` or a `json.py`."""
    (tmp_path / "pipeline").mkdir()
    for name in ("pipeline/__init__.py", "json.py"):
        (tmp_path / name).write_text(f"open({str(tmp_path / 'canary')!r}, 'w')")
    monkeypatch.chdir(tmp_path)

    async def order_nothing() -> None:
        easel = Easel()
        try:
            brief = {"size_px": (0, 0), "images": ()}
            await easel.paint(PaintOrder(brief=brief, path=str(tmp_path / "clip.mp4")))
        finally:
            await easel.close()

    with pytest.raises(PaintingError):
        asyncio.run(order_nothing())
    assert not (tmp_path / "canary").exists()
