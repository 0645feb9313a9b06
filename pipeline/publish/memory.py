"""Remembers the addresses that a publisher gave, by content and across runs; files of the store, one a picture."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.digest import ContentHash, Fingerprint
from pipeline.host import write_whole
from pipeline.ports import Picture, Publisher
from pipeline.project import StorePaths
from pipeline.publish.address import what_is_wrong_with


@dataclass(frozen=True, slots=True)
class Memory:
    """What one publisher, known by the fingerprint of its settings, has published."""

    store: StorePaths
    publisher: Fingerprint

    def recall(self, sha256: ContentHash) -> str | None:
        try:
            url = self.store.address_path(self.publisher, sha256).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            return None
        return None if what_is_wrong_with(url) else url

    def keep(self, sha256: ContentHash, url: str) -> None:
        """Raises MachineError."""
        write_whole(self.store.address_path(self.publisher, sha256), f"{url}\n".encode())


@dataclass(frozen=True, slots=True)
class Remembering:
    """`publisher`, asked for each content only once."""

    publisher: Publisher
    memory: Memory

    async def publish(self, picture: Picture) -> str:
        url = self.memory.recall(picture.sha256)
        if url is None:
            url = await self.publisher.publish(picture)
            self.memory.keep(picture.sha256, url)
        return url
