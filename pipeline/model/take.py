"""Take: one attempt at a shot, from intent to a verified file. Its events are the truth, the Take is their fold.

Which event may follow which state stands in `shoot.lifecycle`; here is only what they are.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field

from pipeline.digest import ContentHash, Fingerprint
from pipeline.model.media import Media
from pipeline.model.plan import TakeRequest
from pipeline.model.storyboard import Ingredient
from pipeline.model.value import Value


class Slate(Value):
    """`project/shot/tkNN`: the identity of a take on logs, files and in the ledger."""

    project: str
    shot: str
    number: int = Field(ge=1)

    def __str__(self) -> str:
        return f"{self.project}/{self.name}"

    @property
    def name(self) -> str:
        """`shot/tkNN`: what it is called within its project."""
        return f"{self.shot}/{self.take}"

    @property
    def take(self) -> str:
        """`tkNN`: what it is called within its shot."""
        return f"tk{self.number:02d}"

    @classmethod
    def parse(cls, text: str) -> Self:
        project, shot, take = text.split("/")
        return cls(project=project, shot=shot, number=int(take.removeprefix("tk")))


class State(StrEnum):
    PLANNED = "planned"  # nothing sent, nothing owed
    ARMED = "armed"  # allowed by cap, window and Fingerprint; no byte has left
    SENDING = "sending"  # bytes may have left
    UNKNOWN = "unknown"  # the answer is lost: charged or not; only the user moves it on
    SUBMITTED = "submitted"  # accepted, taskId known
    PROCESSING = "processing"  # seen at work
    SUCCEEDED = "succeeded"  # there is a URL
    DOWNLOADED = "downloaded"  # the file is here, its length and hash known
    VERIFIED = "verified"  # decoded to its end without an error
    REJECTED = "rejected"  # refused and not charged; the next run plans it again
    FAILED = "failed"  # the vendor failed; the credits come back by themselves
    CORRUPT = "corrupt"  # does not decode, three downloads over
    LOST = "lost"  # no URL could be fetched for a day, or the vendor knows no such task
    WRITTEN_OFF = "written off"  # in doubt; the user said: pay again
    ABANDONED = "abandoned"  # in doubt; the user said: leave it
    WITHDRAWN = "withdrawn"  # a retake that the user took back before anything was sent

    @property
    def told(self) -> str:
        """The word for people."""
        return {State.UNKNOWN: "in doubt", State.VERIFIED: "landed"}.get(self, self.value)


IN_PLAY: Final = frozenset(
    {State.ARMED, State.SENDING, State.UNKNOWN, State.SUBMITTED, State.PROCESSING, State.SUCCEEDED, State.DOWNLOADED}
)
"""States whose credits are, or may be, spent on something that has not landed yet."""

UNSENT: Final = frozenset({State.PLANNED, State.ARMED, State.REJECTED})
"""States of a take that may yet be sent, and of which no byte has left."""

CHARGED: Final = IN_PLAY | {State.VERIFIED, State.CORRUPT, State.LOST, State.WRITTEN_OFF, State.ABANDONED}
"""States whose credits count against the cap. The others' come back or never left."""

PAID_FOR: Final = CHARGED - {State.WRITTEN_OFF}
"""States beside which no equal request is sent: somebody paid, or may have, and nobody has said to pay again."""


class _Event(Value):
    at: AwareDatetime


class Armed(_Event):
    """Allowed to be sent. `nonce` is part of `sent_id`, the `shots[].id` that the server echoes."""

    kind: Literal["armed"] = "armed"
    nonce: str
    sent_id: str
    request_id: str  # shared by the takes of one generate call
    credits: int
    key_id: str | None = None  # stands for the key; None in ledgers of old


class Connected(_Event):
    """A connection stands; this event is durable before byte 1 leaves."""

    kind: Literal["connected"] = "connected"


class NothingSent(_Event):
    """Proof that no byte left (no connection), or found armed at start-up."""

    kind: Literal["nothing_sent"] = "nothing_sent"
    reason: str


class RateLimited(_Event):
    """A documented 429: not charged; to be sent again after `not_before`."""

    kind: Literal["rate_limited"] = "rate_limited"
    not_before: AwareDatetime


class SentBack(_Event):
    """A documented 400 for a request of several shots, which does not say whose fault it is: each is sent alone."""

    kind: Literal["sent_back"] = "sent_back"
    reason: str


class Rejected(_Event):
    """A documented 400, 401 or 402: not charged."""

    kind: Literal["rejected"] = "rejected"
    code: str
    message: str


class Replanned(_Event):
    """Another run tries a rejected take again."""

    kind: Literal["replanned"] = "replanned"


class Accepted(_Event):
    """A 2xx with our shotId and a taskId."""

    kind: Literal["accepted"] = "accepted"
    task_id: str


class GenerationFailed(_Event):
    """The vendor says that this shot failed, at once or later; a refund is expected."""

    kind: Literal["generation_failed"] = "generation_failed"
    reason: str


class AnswerLost(_Event):
    """Anything else happened to the answer, or the take was found `sending` at start-up."""

    kind: Literal["answer_lost"] = "answer_lost"
    reason: str


class Progressed(_Event):
    kind: Literal["progressed"] = "progressed"


class Completed(_Event):
    kind: Literal["completed"] = "completed"
    url: str
    generation_seconds: float | None = None


class UrlExpired(_Event):
    """The video host refuses the URL (403, 404, 410, no connection): ask for a fresh one."""

    kind: Literal["url_expired"] = "url_expired"
    reason: str


class Downloaded(_Event):
    kind: Literal["downloaded"] = "downloaded"
    sha256: ContentHash
    size_bytes: int


class Verified(_Event):
    kind: Literal["verified"] = "verified"
    media: Media


class Undecodable(_Event):
    """The file does not decode. It is kept; a fresh download follows, two at most."""

    kind: Literal["undecodable"] = "undecodable"
    reason: str


class Spoiled(_Event):
    """Three downloads did not decode: over, and never shot again unasked."""

    kind: Literal["spoiled"] = "spoiled"
    reason: str


class GoneFromHost(_Event):
    """No URL could be fetched for a day, or the vendor does not know the task."""

    kind: Literal["gone_from_host"] = "gone_from_host"
    reason: str


class Adopted(_Event):
    """The user found the task in the vendor's own pages."""

    kind: Literal["adopted"] = "adopted"
    task_id: str


class NotCharged(_Event):
    """The user saw that the lost answer was not charged."""

    kind: Literal["not_charged"] = "not_charged"


class PaidAgain(_Event):
    """The user, or a grant, lets the shot be shot anew, whatever became of this take."""

    kind: Literal["paid_again"] = "paid_again"
    by: Literal["user", "grant"] = "user"


class Abandoned(_Event):
    """The user gives the take up, and the shot with it."""

    kind: Literal["abandoned"] = "abandoned"


class Withdrawn(_Event):
    """The user takes back a retake that nothing was sent of."""

    kind: Literal["withdrawn"] = "withdrawn"


class Revived(_Event):
    """A lost or corrupt take, or one whose file is gone, is asked for and fetched once more."""

    kind: Literal["revived"] = "revived"


class CameBack(_Event):
    """The file of a take that had landed is in the store again: a disk was not there for a while, say."""

    kind: Literal["came_back"] = "came_back"


Event = Annotated[
    Armed
    | Connected
    | NothingSent
    | RateLimited
    | SentBack
    | Rejected
    | Replanned
    | Accepted
    | GenerationFailed
    | AnswerLost
    | Progressed
    | Completed
    | UrlExpired
    | Downloaded
    | Verified
    | Undecodable
    | Spoiled
    | GoneFromHost
    | Adopted
    | NotCharged
    | PaidAgain
    | Abandoned
    | Withdrawn
    | Revived
    | CameBack,
    Field(discriminator="kind"),
]


class Take(Value):
    """The fold of a take's events.

    Attributes:
        credits: what it costs if it is charged.
        is_retake: asked for by the user although its shot had a clip; its shot's alone until it is circled elsewhere.
        note: what was added to the prompt for this take; part of `request`.
        made_of: the values that were written into its prompt.
        task_id: set once; only the user's word can correct it.
        since: when the last event happened.
        submitted_at: when the task was accepted or adopted.
        not_before: nothing is sent before this (after a 429).
        goes_alone: shares no request any more, since one that it was part of was refused.
        key_id: of the key that it was sent with; another key's account does not know its task.
        trouble: the last bad word about it, for people.
        bad_downloads: files of it that did not decode.
        url_failing_since: since when no URL could be fetched.
        is_granted: written off by a grant, which is used up by its credits.
    """

    slate: Slate
    request: TakeRequest
    fingerprint: Fingerprint
    credits: int
    state: State = State.PLANNED
    since: AwareDatetime
    is_retake: bool = False
    note: str = ""
    made_of: tuple[Ingredient, ...] = ()
    nonce: str | None = None
    sent_id: str | None = None
    request_id: str | None = None
    task_id: str | None = None
    submitted_at: AwareDatetime | None = None
    not_before: AwareDatetime | None = None
    goes_alone: bool = False
    key_id: str | None = None
    url: str | None = None
    generation_seconds: float | None = None
    sha256: ContentHash | None = None
    size_bytes: int | None = None
    media: Media | None = None
    trouble: str | None = None
    bad_downloads: int = 0
    url_failing_since: AwareDatetime | None = None
    is_granted: bool = False

    @property
    def asked(self) -> TakeRequest:
        """The request as the storyboard asked for it, without the note."""
        return self.request.without_note(self.note)

    def is_answer_to(self, wanted: Fingerprint) -> bool:
        """Whether it was made of that request, with a note or as it is."""
        return self.fingerprint == wanted or (bool(self.note) and self.asked.fingerprint == wanted)
