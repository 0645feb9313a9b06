"""The pictures of a project and their public addresses, outside of any run: what `storyreel publish` sees to.

Needs neither key nor vendor: which pictures there are follows from the storyboard and the clips that have landed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.digest import ContentHash
from pipeline.errors import NotPublishedError, PublishError, UsageError
from pipeline.model.plan import Plan
from pipeline.ports import Picture, Pictures
from pipeline.publish.address import what_is_wrong_with
from pipeline.publish.memory import Memory
from pipeline.shoot.addresses import Addresses

SHORTEST_HASH: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPicture:
    """A picture that has to have an address before `shots` can be shot."""

    picture: Picture
    shots: tuple[str, ...]

    def is_called(self, name: str) -> bool:
        """Whether a person means it by `name`: its path, its file's name, or the beginning of its hash."""
        is_hash = len(name) >= SHORTEST_HASH and self.picture.sha256.startswith(name.lower())
        return name in (self.picture.told, str(self.picture.path), self.picture.path.name) or is_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What became of a picture: it has an address, or a problem."""

    wanted: WantedPicture
    url: str = ""
    problem: PublishError | None = None

    @property
    def waits_for_the_user(self) -> bool:
        return isinstance(self.problem, NotPublishedError)


def wanted_pictures(plan: Plan, pictures: Pictures) -> list[WantedPicture]:
    """All pictures of the plan's requests that are known by content, in film order."""
    shots: dict[ContentHash, list[str]] = {}
    for row in plan.shots:
        for image in row.request.images:
            if image.sha256 is not None:
                shots.setdefault(image.sha256, []).append(row.shot)
    return [WantedPicture(picture=pictures.find(sha256), shots=tuple(names)) for sha256, names in shots.items()]


async def publish_all(wanted: Sequence[WantedPicture], addresses: Addresses) -> list[Publication]:
    """Publish each; a problem with one holds up no other."""
    done = []
    for each in wanted:
        try:
            done.append(Publication(wanted=each, url=await addresses.publish_one(each.picture)))
        except PublishError as problem:
            done.append(Publication(wanted=each, problem=problem))
    return done


def remember(said: Mapping[str, str], wanted: Sequence[WantedPicture], memory: Memory) -> None:
    """Keep the addresses that the user says, by what the user calls the pictures.

    Raises:
        UsageError: no picture, or several, are called so, or the address is none; then nothing is kept.
    """
    found = {_the_one(name, wanted).picture.sha256: _checked(name, url) for name, url in said.items()}
    for sha256, url in found.items():
        memory.keep(sha256, url)


def _the_one(name: str, wanted: Sequence[WantedPicture]) -> WantedPicture:
    meant = [each for each in wanted if each.is_called(name)]
    if len(meant) != 1:
        known = ", ".join(each.picture.told for each in wanted) or "none"
        count = f"{len(meant)} pictures are" if meant else "no picture is"
        raise UsageError(f'{count} called "{name}". The pictures of this project: {known}.')
    return meant[0]


def _checked(name: str, url: str) -> str:
    if problem := what_is_wrong_with(url):
        raise UsageError(f'"{url}" is no address for {name}: {problem}. The vendor fetches the picture from there.')
    return url
