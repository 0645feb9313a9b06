"""Noticing that files were saved."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from pipeline.saves import saves


async def next_of(noticed: AsyncIterator[None], seconds: float = 20.0) -> None:
    await asyncio.wait_for(anext(noticed), seconds)


def test_every_way_to_save_is_noticed(tmp_path: Path) -> None:
    """Written in place, renamed onto it, a new file in a new folder, a file removed; and once at the beginning."""
    text = tmp_path / "storyboard.jinja"

    async def look() -> None:
        noticed = saves((tmp_path,), leaving_out=frozenset())
        await next_of(noticed)
        text.write_text("one")
        await next_of(noticed)
        (tmp_path / "aside").write_text("other")
        (tmp_path / "aside").replace(text)
        await next_of(noticed)
        (tmp_path / "assets").mkdir()
        (tmp_path / "assets/logo.png").write_bytes(b"logo")
        await next_of(noticed)
        text.unlink()
        await next_of(noticed)

    asyncio.run(look())


def test_what_we_make_and_what_editors_hide_is_not_noticed(tmp_path: Path) -> None:
    """Build folders, hidden files, backups: the next thing that is noticed is the real save."""
    made = tmp_path / "build"
    made.mkdir()

    async def look() -> list[str]:
        order = []
        noticed = saves((tmp_path,), leaving_out=frozenset({made}))
        await next_of(noticed)
        coming = asyncio.ensure_future(anext(noticed))
        for path in (made / "preview.mp4", tmp_path / ".storyboard.jinja.swp", tmp_path / "storyboard.jinja~"):
            path.write_text("made")
        await asyncio.wait([coming], timeout=0.5)
        order.append("noticed" if coming.done() else "nothing")
        (tmp_path / "storyboard.jinja").write_text("saved")
        await asyncio.wait_for(coming, 20)
        return order

    assert asyncio.run(look()) == ["nothing"]
