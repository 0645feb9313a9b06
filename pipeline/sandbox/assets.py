"""The client's own pictures, kept by content: what stands in for a public image host while nothing is fetched."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Final

MAX_ASSET_BYTES: Final = 32 * 1024 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{64}\.(png|jpg|jpeg|webp)")


class AssetShelf:
    """Pictures named `<sha256 of the bytes>.<ext>` under one folder."""

    def __init__(self, folder: Path) -> None:
        self._dir = folder
        self._dir.mkdir(exist_ok=True)

    def put(self, name: str, content: bytes) -> None:
        """Keep a picture; safe to repeat. Raises ValueError if the name is not that of the content."""
        if not _NAME.fullmatch(name):
            raise ValueError("An asset is called <sha256>.png, .jpg, .jpeg or .webp")
        if len(content) > MAX_ASSET_BYTES:
            raise ValueError(f"An asset has at most {MAX_ASSET_BYTES} bytes")
        if hashlib.sha256(content).hexdigest() != name.partition(".")[0]:
            raise ValueError("The content does not have the SHA-256 that its name says")
        aside = self._dir / f"{name}.part"
        aside.write_bytes(content)
        aside.replace(self._dir / name)

    def get(self, name: str) -> Path:
        """Where a picture lies. Raises FileNotFoundError."""
        path = self._dir / name
        if not _NAME.fullmatch(name) or not path.exists():
            raise FileNotFoundError(f"no asset {name!r} has been put here")
        return path

    def placeholder_path(self, url: str, size_px: tuple[int, int]) -> Path:
        """Where the picture that stands for a foreign `url` belongs."""
        digest = hashlib.sha256(url.encode()).hexdigest()[:32]
        return self._dir / f"placeholder-{digest}-{size_px[0]}x{size_px[1]}.png"
