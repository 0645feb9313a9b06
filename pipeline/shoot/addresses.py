"""The public addresses of a run's pictures: published when a shot is about to be shot, each content once.

A request is planned by content; what the vendor is sent are addresses. They are filled in only here, so that a take
that is sent by a later run gets the addresses of that run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pipeline.digest import ContentHash
from pipeline.errors import NotPublishedError, PublishError
from pipeline.model.plan import PAID, Decision, ImageRef, Plan, TakeRequest
from pipeline.ports import Pictures, Publisher

NO_PUBLISHER: Final = (
    "The vendor takes pictures by their address alone. Name a publisher in storyreel.yaml, beside projects/: "
    '"publisher: {kind: manual}" if you upload them by hand; storyreel publish --help tells of the others.'
)


@dataclass(slots=True)
class Addresses:
    """Knows the addresses of what it has published.

    Attributes:
        publisher: None where the user has named none.
    """

    pictures: Pictures
    publisher: Publisher | None
    _urls: dict[ContentHash, str] = field(init=False, default_factory=dict)

    async def prepare(self, plan: Plan) -> None:
        """Publish what the plan's requests need, and see to it that the frames can be published that come later.

        Raises:
            PublishError: before anything is paid.
        """
        if self.publisher is None and (waiting := plan.decided(Decision.WAITS)):
            told = "\n".join(f"{row.shot} begins with a frame of {row.waits_for}'s clip." for row in waiting)
            raise NotPublishedError(told, NO_PUBLISHER)
        await self.publish(row.request for row in plan.decided(*PAID))

    async def publish(self, requests: Iterable[TakeRequest]) -> None:
        """See to it that all pictures of `requests` have an address.

        Raises:
            PublishError: some have none; names them all. NotPublishedError if the user has to do something.
        """
        wanted = dict.fromkeys(image.sha256 for request in requests for image in request.images if not image.url)
        errors = []
        for sha256 in wanted:
            if sha256 is not None and sha256 not in self._urls:
                try:
                    self._urls[sha256] = await self._publish(sha256)
                except PublishError as error:
                    errors.append(error)
        if errors:
            raise _one_of(errors)

    def filled(self, request: TakeRequest) -> TakeRequest:
        """The request with an address for every picture, all of which have been published."""
        images = tuple(self._with_address(image) for image in request.images)
        return request.model_copy(update={"images": images})

    def _with_address(self, image: ImageRef) -> ImageRef:
        if image.url or image.sha256 is None:
            return image
        return image.model_copy(update={"url": self._urls[image.sha256]})

    async def _publish(self, sha256: ContentHash) -> str:
        picture = self.pictures.find(sha256)
        if self.publisher is None:
            raise NotPublishedError(f"{picture.told} has no public address.", NO_PUBLISHER)
        return await self.publisher.publish(picture)


def _one_of(errors: list[PublishError]) -> PublishError:
    """All errors as one: their sentences, then each piece of advice once. What the user can mend outweighs the rest."""
    kind = NotPublishedError if any(isinstance(error, NotPublishedError) for error in errors) else PublishError
    advice = dict.fromkeys(error.advice for error in errors if error.advice)
    return kind("\n".join(error.sentence for error in errors), "\n".join(("", *advice)) if advice else "")
