"""Addresses of clips that run out: the address itself says until when, signed, so nothing about it is stored.

A link is `/videos/<until>-<seal>/<task id>.mp4`; the seal is an HMAC under the sandbox's own secret, so no address can
be guessed or prolonged, and one issued before a restart still holds after it.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Links:
    secret: bytes
    life: timedelta

    def path_to(self, task_id: str, *, now: datetime) -> str:
        until = f"{int((now + self.life).timestamp() * 1000):x}"
        return f"/videos/{until}-{self._seal(task_id, until)}/{task_id}.mp4"

    def is_open(self, token: str, task_id: str, *, now: datetime) -> bool:
        """Whether this server issued the link and it has not run out."""
        until, _, seal = token.partition("-")
        if not hmac.compare_digest(seal.encode(), self._seal(task_id, until).encode()):
            return False
        return now < datetime.fromtimestamp(int(until, 16) / 1000, UTC)

    def _seal(self, task_id: str, until: str) -> str:
        return hmac.new(self.secret, f"{task_id} {until}".encode(), hashlib.sha256).hexdigest()[:32]
