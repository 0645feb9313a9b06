"""Publishes to the sandbox's own shelf of pictures, `/assets/`: what stands for a public host on this machine."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

import httpx

from pipeline.authorities import trusted_authorities
from pipeline.errors import PublishError
from pipeline.ports import Picture
from pipeline.publish.content import content_of

TIMEOUT: Final = httpx.Timeout(60, connect=20)


@dataclass(frozen=True, slots=True)
class SandboxShelf:
    """The shelf of the sandbox at `base_url`. The name is the content: putting a picture twice changes nothing."""

    base_url: str

    async def publish(self, picture: Picture) -> str:
        url = f"{self.base_url.rstrip('/')}/assets/{picture.public_name}"
        content = await asyncio.to_thread(content_of, picture)
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False, verify=trusted_authorities()) as client:
                response = await client.put(url, content=content)
        except httpx.HTTPError as error:
            raise PublishError(
                f"{picture.told} did not reach the sandbox ({type(error).__name__}: {error})."
            ) from error
        if response.status_code != httpx.codes.CREATED:
            raise PublishError(f"the sandbox does not take {picture.told}: {response.text[:400]}")
        return url
