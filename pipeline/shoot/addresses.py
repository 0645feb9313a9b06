"""The public addresses of a run's pictures: published when a shot is about to be shot, each content once.

A request is planned by content; what the vendor is sent are addresses. They are filled in only here, so that a take
that is sent by a later run gets the addresses of that run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.digest import ContentHash
from pipeline.errors import NotPublishedError, PublishError
from pipeline.model.plan import PAID, Decision, ImageRef, Plan, PlannedShot, TakeRequest
from pipeline.ports import Picture, Pictures, Publisher

NO_PUBLISHER: Final = (
    "The vendor takes pictures by their address alone. Name a publisher in storyreel.yaml, beside projects/: "
    'write "publisher: {kind: manual}" to upload them by hand; storyreel publish --help tells of the other kinds.'
)


@dataclass(slots=True)
class Addresses:
    """Knows the addresses of what it has published.

    Attributes:
        publisher: None where the user has named none.
        pictures: of the one project that is shot.
    """

    pictures: Pictures
    publisher: Publisher | None
    _urls: dict[ContentHash, str] = field(init=False, default_factory=dict)

    async def prepare(self, plan: Plan) -> None:
        """Publish all that the plan's requests need and is known, and see to it that later frames can be published.

        Raises:
            PublishError: before anything is paid.
        """
        errors = await self._problems(row.request for row in plan.decided(*PAID, Decision.WAITS))
        if self.publisher is None:
            for row in plan.decided(Decision.WAITS):
                errors.append(self._no_publisher(f"{row.shot}'s first picture, a frame of {row.waits_for}'s clip,"))
        if errors:
            raise all_of(errors, plan.project)

    async def publish(self, row: PlannedShot) -> None:
        """See to it that all pictures of a shot have an address. Raises PublishError, which names what has none."""
        if errors := await self._problems([row.request]):
            raise all_of(errors, row.slate.partition("/")[0])

    async def publish_one(self, picture: Picture) -> str:
        """The address of a picture. Raises PublishError."""
        if self.publisher is None:
            raise self._no_publisher(picture.told)
        return await self.publisher.publish(picture)

    def filled(self, request: TakeRequest) -> TakeRequest:
        """The request with an address for every picture, all of which have been published."""
        images = tuple(self._with_address(image) for image in request.images)
        return request.model_copy(update={"images": images})

    def _with_address(self, image: ImageRef) -> ImageRef:
        if image.url or image.sha256 is None:
            return image
        return image.model_copy(update={"url": self._urls[image.sha256]})

    async def _problems(self, requests: Iterable[TakeRequest]) -> list[PublishError]:
        """Publish what has no address yet; why some of it still has none."""
        wanted = dict.fromkeys(image.sha256 for request in requests for image in request.images if not image.url)
        problems = []
        for sha256 in wanted:
            if sha256 is not None and sha256 not in self._urls:
                try:
                    self._urls[sha256] = await self.publish_one(self.pictures.find(sha256))
                except PublishError as error:
                    problems.append(error)
        return problems

    def _no_publisher(self, what: str) -> NotPublishedError:
        return NotPublishedError(f"{what} has no public address.", NO_PUBLISHER)


def all_of(errors: Sequence[PublishError], project: str) -> PublishError:
    """Several errors of a project as one: their sentences, then each advice once. What the user can mend wins."""
    kind = NotPublishedError if any(isinstance(error, NotPublishedError) for error in errors) else PublishError
    advice = "\n".join(dict.fromkeys(error.advice for error in errors if error.advice))
    return kind("\n".join(error.sentence for error in errors), advice.replace("PROJECT", project))
