"""Plan: exactly what would be sent, what is reused, why, and its price."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final, Self

from pydantic import Field

from pipeline.digest import ContentHash, Fingerprint, fingerprint
from pipeline.model.instructions import Continuation
from pipeline.model.storyboard import AspectRatio, GenerationType, Ingredient, Resolution
from pipeline.model.value import Document, Value
from pipeline.project import World


class ImageRef(Value):
    """A picture of a request. `sha256` stands for it where its bytes are known; else its address does.

    Attributes:
        url: the public address that is sent; empty until the picture is published.
    """

    url: str = ""
    sha256: ContentHash | None = None


class TakeRequest(Value):
    """What the API is told about one shot; equal requests have equal fingerprints, whatever film asks."""

    prompt: str
    generation: GenerationType
    aspect: AspectRatio
    resolution: Resolution
    images: tuple[ImageRef, ...] = ()

    def with_note(self, note: str) -> Self:
        """The request of a take that is to differ from those before it: the note is its prompt's last paragraph."""
        return self.model_copy(update={"prompt": f"{self.prompt}\n\n{note}"}) if note else self

    def without_note(self, note: str) -> Self:
        """What `with_note` was called on."""
        return self.model_copy(update={"prompt": self.prompt.removesuffix(f"\n\n{note}")}) if note else self

    @property
    def without_first_image(self) -> Self:
        """What a shot asks for that waits for the picture that it begins with."""
        return self.model_copy(update={"images": self.images[1:]})

    @property
    def fingerprint(self) -> Fingerprint:
        body = self.model_dump(mode="json")
        body["images"] = [image.sha256 or image.url for image in self.images]
        return fingerprint({"take_request": 1, **body})


class Decision(StrEnum):
    SHOOT = "shoot"  # its first take, or one that was asked for, paid
    STALE = "stale"  # it has a clip, but asks for something else now: a new take, paid
    WAITS = "waits"  # continues a shot that has no clip yet: what it will ask for is not known, but its price is
    REUSE = "reuse"  # a landed take of an equal request, in this project or another
    RESUME = "resume"  # a take is on its way: go on with it, pay nothing
    BLOCKED = "blocked"  # in doubt, failed or given up, or it continues such a shot: the user's word is needed
    SKIP = "skip"  # it would be shot, but is not among those that this run may pay for


PAID: Final = (Decision.SHOOT, Decision.STALE)
"""Decisions that a generate call follows at once."""

PRICED: Final = (*PAID, Decision.WAITS)
"""Decisions that cost credits."""


class PlannedShot(Value):
    """What happens to one shot.

    Attributes:
        slate: of the take that is made, reused or gone on with.
        why: one clause for the person who pays.
        request, fingerprint: of a shot that waits, without its first image; such a request is never sent.
        credits: what it costs now; 0 for anything but SHOOT, STALE and WAITS.
        circled: the slate of the take that the author circled for it, if its clip is known here; the film uses that.
        is_retake, note: of the take that is made or gone on with.
        instead_of: the slate of a take in doubt that a grant lets this one replace.
        continues: the shot that it goes on from, whether its clip is here or not.
        waits_for: the shot whose clip it waits for.
        made_of: of its shot; kept with the take, so that a later plan can say what changed.
    """

    shot: str
    slate: str
    decision: Decision
    why: str
    request: TakeRequest
    fingerprint: Fingerprint
    credits: int = Field(ge=0)
    circled: str | None = None
    is_retake: bool = False
    note: str = ""
    instead_of: str | None = None
    continues: Continuation | None = None
    waits_for: str | None = None
    made_of: tuple[Ingredient, ...] = ()

    @property
    def film_slate(self) -> str:
        """Of the take whose clip the film uses, once it is here."""
        return self.circled or self.slate

    @property
    def has_clip(self) -> bool:
        """Whether the film has a clip for it as things stand, if only that of an equal shot that is shot now."""
        return self.decision is Decision.REUSE or (self.circled is not None and self.is_retake)

    @property
    def asked(self) -> Fingerprint:
        """Of the request as the storyboard asks for it, without a note."""
        return self.request.without_note(self.note).fingerprint if self.note else self.fingerprint


class PlannedFilm(Value):
    """One film of a plan of several.

    Attributes:
        shots: their ids.
        seconds_estimated: until the last of its clips has landed, by the vendor's clock.
    """

    name: str
    shots: tuple[str, ...]
    seconds_estimated: int = 0


class Plan(Document):
    """One row a shot, in film order.

    Attributes:
        films: of a series; empty where there is one film.
        shots_per_request: how many shots share a generate call.
        calls: generate calls, those of waiting shots too; polls come on top, as many as the window leaves room for.
        seconds_estimated, seconds_at_most: until the last clip has landed, by the vendor's clock.
        credits_saved: what the reused shots would have cost.
        credits_granted: what may be paid on top, by the budget's grant, for shots whose answers are lost.
        credits_spent: what the project has spent or in play already, as its cap counts it.
        world: whose credits.
        cap: the most that the project may cost in all; None: no cap.
    """

    schema_name: ClassVar[str] = "Plan.1"

    project: str
    shots: tuple[PlannedShot, ...]
    films: tuple[PlannedFilm, ...] = ()
    shots_per_request: int = Field(default=1, ge=1)
    calls: int = 0
    seconds_estimated: int = 0
    seconds_at_most: int = 0
    credits_saved: int = 0
    credits_granted: int = 0
    credits_spent: int = 0
    cap: int | None = None
    world: World = World.SANDBOX

    @property
    def credits(self) -> int:
        """What it costs at most: a waiting shot may yet find that its take is there."""
        return sum(shot.credits for shot in self.shots)

    @property
    def credits_now(self) -> int:
        """Without the shots that wait."""
        return sum(shot.credits for shot in self.decided(*PAID))

    @property
    def credits_in_all(self) -> int:
        """What the project will have spent when the plan is carried out, at most."""
        return self.credits_spent + self.credits

    @property
    def most_spent(self) -> int:
        """What the project may have spent by the end of a run that carries the plan out, grants and cap considered.

        A refund during the run makes room in it: what has failed counts no more.
        """
        most = self.credits_in_all + self.credits_granted
        return most if self.cap is None else min(most, self.cap)

    @property
    def credits_over_cap(self) -> int:
        """By how much the cap would be exceeded; 0 if it is not, or if nothing is to be paid."""
        if self.cap is None or not self.credits:
            return 0
        return max(0, self.credits_in_all - self.cap)

    def decided(self, *decisions: Decision) -> tuple[PlannedShot, ...]:
        return tuple(shot for shot in self.shots if shot.decision in decisions)
