"""Publishes by copying into a folder that a web server, a bucket's mount or a site's checkout shows to the world."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import MachineError, PublishError
from pipeline.host import write_whole
from pipeline.ports import Picture
from pipeline.publish.content import content_of


@dataclass(frozen=True, slots=True)
class StaticFolder:
    """`folder`, whose files are found under `base_url`. The file's name is its content: what is there is not copied."""

    folder: Path
    base_url: str

    async def publish(self, picture: Picture) -> str:
        await asyncio.to_thread(self._copy, picture)
        return f"{self.base_url.rstrip('/')}/{picture.public_name}"

    def _copy(self, picture: Picture) -> None:
        path, content = self.folder / picture.public_name, content_of(picture)
        if path.is_file() and path.stat().st_size == len(content):
            return
        try:
            write_whole(path, content)
        except MachineError as error:
            raise PublishError(f"{picture.told} cannot be copied: {error}") from error
