"""The take store: clips under the name of their content. Keeps the promises of `ports.TakeStore`."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.digest import ContentHash, fingerprint, hash_file
from pipeline.errors import DownloadError, MachineError, MediaError
from pipeline.folders import make_folder
from pipeline.host import publish
from pipeline.media.download import Fetched, HostRule, OnBytes, discard_part, fetch
from pipeline.model.media import Media
from pipeline.model.take import Slate
from pipeline.ports import Clock, Dice
from pipeline.project import StorePaths
from pipeline.shoot.policy import Policy, full_jitter

if TYPE_CHECKING:  # heavy
    from pipeline.media.seam_meter import SeamMeter


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipStore:
    """Downloads into, and answers from, the `takes/` folder of one world.

    Attributes:
        meter: measures each clip while it is verified; None: nobody asks for that.
    """

    paths: StorePaths
    rule: HostRule
    policy: Policy
    clock: Clock
    dice: Dice
    meter: SeamMeter | None = None

    async def download(self, url: str, slate: Slate, *, on_bytes: OnBytes) -> Fetched:
        part_path = self.paths.parts_dir / f"{fingerprint(str(slate))[:24]}.part"
        policy = self.policy
        for tries in range(1, policy.download_tries + 1):
            try:
                fetched = await fetch(
                    url, part_path, rule=self.rule, seconds=policy.download_seconds, on_bytes=on_bytes
                )
                return self._publish(fetched)
            except DownloadError:
                if tries == policy.download_tries:
                    raise
                wait = full_jitter(tries, policy.download_base, policy.download_cap, self.dice.jitter())
                await self.clock.sleep(wait)
        raise AssertionError("a policy has at least one try")

    async def verify(self, sha256: ContentHash) -> Media:
        from pipeline.media.probe import inspect  # PyAV is heavy, and most commands verify nothing

        path = self.paths.take_path(sha256)
        if await asyncio.to_thread(self.set_damaged_aside, sha256):
            raise MediaError(path, "it was damaged in the store since it came")  # by its hash: it may well decode
        measuring = self.meter.begin() if self.meter else None
        seen = await asyncio.to_thread(inspect, path, must_be_mp4=True, beside=measuring.take if measuring else None)
        media = Media(sha256=sha256, size_bytes=path.stat().st_size, info=seen)
        if self.meter and measuring:
            with suppress(MachineError):  # measures can be made again; a paid clip has landed all the same
                await asyncio.to_thread(self.meter.keep, media, measuring)
        return media

    def has(self, sha256: ContentHash, size_bytes: int | None = None) -> bool:
        path = self.paths.take_path(sha256)
        return path.is_file() and size_bytes in (None, path.stat().st_size)

    def set_damaged_aside(self, sha256: ContentHash) -> bool:
        path = self.paths.take_path(sha256)
        try:
            if not path.is_file() or hash_file(path) == sha256:
                return False
            path.replace(path.with_suffix(".damaged"))
        except OSError as error:
            raise MachineError(f"the clip {path} cannot be read: {error.strerror}. Check the disk.") from error
        return True

    def _publish(self, fetched: Fetched) -> Fetched:
        """Give the whole, synced part its content's name; the rename is durable when this returns."""
        path = self.paths.take_path(fetched.sha256)
        try:
            make_folder(path.parent)
            publish(fetched.part_path, path)
        except OSError as error:
            raise MachineError(f"the clip cannot be kept at {path}: {error.strerror}.") from error
        discard_part(fetched.part_path)
        return Fetched(path, fetched.sha256, fetched.size_bytes)
