"""Publishes nothing: the user puts pictures where the world finds them, and says where (`storyreel publish`)."""

from __future__ import annotations

from typing import Final

from pipeline.errors import NotPublishedError
from pipeline.ports import Picture

ADVICE: Final = "Put each where the world finds it and say where: storyreel publish PROJECT FILE=URL."


class ByHand:
    """What was said before is remembered by `memory`; what comes here was not."""

    async def publish(self, picture: Picture) -> str:
        raise NotPublishedError(f"{picture.told} has no public address yet.", ADVICE)
