"""Brings finished clips home: downloads each at once, and believes it only after it was decoded to its end."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import DownloadError, MediaError, UrlExpiredError
from pipeline.model.take import Downloaded, Event, Spoiled, Take, Undecodable, UrlExpired, Verified
from pipeline.shoot.actions import Fetch, Inspect
from pipeline.shoot.board import Board
from pipeline.shoot.outcomes import given_up


@dataclass(slots=True)
class Fetcher:
    """The downloads of one run; some run side by side."""

    board: Board

    async def fetch(self, take: Take, fetch: Fetch) -> None:
        try:
            came = await self.board.doors.store.download(fetch.url, take.slate, on_bytes=lambda _have, _whole: None)
        except (UrlExpiredError, DownloadError) as error:
            self.board.record([(take, self._no_download(take, str(error)))])
            return
        self.board.record([(take, Downloaded(at=self.board.now, sha256=came.sha256, size_bytes=came.size_bytes))])

    async def inspect(self, take: Take, inspect: Inspect) -> bool:
        """Whether the clip is whole: then its take has landed."""
        try:
            media = await self.board.doors.store.verify(inspect.sha256)
        except MediaError as error:
            is_last = take.bad_downloads + 1 >= self.board.terms.policy.bad_downloads
            kind = Spoiled if is_last else Undecodable
            self.board.record([(take, kind(at=self.board.now, reason=str(error)))])
            return False
        self.board.record([(take, Verified(at=self.board.now, media=media))])
        return True

    def _no_download(self, take: Take, reason: str) -> Event:
        now, tries = self.board.now, self.board.note_vain_try(take)
        expired = UrlExpired(at=now, reason=reason)
        gone = given_up(take, tries, self.board.terms.policy, now=now) if take.url_failing_since else None
        return gone or expired
