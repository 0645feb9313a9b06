"""The table of a take's life, row by row."""

from __future__ import annotations

from typing import get_args

import pytest
from builders import NOON, a_media, a_take, after

from pipeline.errors import IllegalTransitionError
from pipeline.model import take as events
from pipeline.model.take import Event, State
from pipeline.shoot.lifecycle import NEXT, advance

SHA = a_media().sha256

ONE_OF_EACH: tuple[Event, ...] = (
    events.Armed(at=NOON, nonce="n", sent_id="run~tk01~n", request_id="r", credits=10),
    events.Connected(at=NOON),
    events.NothingSent(at=NOON, reason="refused"),
    events.RateLimited(at=NOON, not_before=after(60)),
    events.SentBack(at=NOON, reason="INVALID_INPUT"),
    events.Rejected(at=NOON, code="INVALID_INPUT", message="no"),
    events.Replanned(at=NOON),
    events.Accepted(at=NOON, task_id="task_1"),
    events.GenerationFailed(at=NOON, reason="no"),
    events.AnswerLost(at=NOON, reason="cut"),
    events.Progressed(at=NOON),
    events.Completed(at=NOON, url="https://host/clip"),
    events.UrlExpired(at=NOON, reason="403"),
    events.Downloaded(at=NOON, sha256=SHA, size_bytes=9),
    events.Verified(at=NOON, media=a_media()),
    events.Undecodable(at=NOON, reason="cut"),
    events.Spoiled(at=NOON, reason="cut"),
    events.GoneFromHost(at=NOON, reason="410"),
    events.Adopted(at=NOON, task_id="task_1"),
    events.NotCharged(at=NOON),
    events.PaidAgain(at=NOON),
    events.Abandoned(at=NOON),
    events.Withdrawn(at=NOON),
    events.Revived(at=NOON),
    events.CameBack(at=NOON),
)

UNCHARGED_PROOF = {events.NothingSent, events.RateLimited, events.SentBack, events.Rejected}
USERS_WORD = {events.Adopted, events.NotCharged, events.PaidAgain, events.Abandoned}


def test_the_samples_hold_one_of_each_event() -> None:
    """A new kind of event has to be added here, and so to the tests below."""
    union = get_args(get_args(Event)[0])
    assert {type(event) for event in ONE_OF_EACH} == set(union)


@pytest.mark.parametrize("state", State)
def test_every_event_moves_a_take_by_the_table_or_is_refused(state: State) -> None:
    """No event leads anywhere that the table does not name."""
    for event in ONE_OF_EACH:
        take = a_take(state=state, media=a_media())
        if (target := NEXT.get((state, type(event)))) is None:
            with pytest.raises(IllegalTransitionError, match="demo/run/tk01"):
                advance(take, event)
        else:
            assert advance(take, event).state is target


def test_a_take_being_sent_is_planned_again_only_on_proof_that_it_was_not_charged() -> None:
    """Whatever else happens to the answer leaves the take in doubt, failed or submitted."""
    back = {event for (state, event), target in NEXT.items() if state is State.SENDING and target is State.PLANNED}
    assert back == {events.NothingSent, events.RateLimited, events.SentBack}


def test_doubt_ends_only_by_the_users_word() -> None:
    """No answer, no time and no restart moves a take out of UNKNOWN."""
    assert {event for state, event in NEXT if state is State.UNKNOWN} == USERS_WORD


def test_a_verified_take_is_left_only_when_its_file_is_gone() -> None:
    """What has landed stays landed."""
    assert {event for state, event in NEXT if state is State.VERIFIED} == {events.Revived}


def test_a_clip_comes_back_only_to_a_take_that_had_landed() -> None:
    """With the content that it had then, whatever was fetched since."""
    with pytest.raises(IllegalTransitionError):
        advance(a_take(state=State.LOST), events.CameBack(at=NOON))
    spoiled = a_take(state=State.CORRUPT, media=a_media("a"), sha256=a_media("b").sha256, size_bytes=9)
    back = advance(spoiled, events.CameBack(at=NOON))
    assert (back.state, back.sha256, back.size_bytes) == (State.VERIFIED, a_media("a").sha256, 1000)


def test_a_task_id_is_kept_through_the_life_of_a_take() -> None:
    """The id of the answer is there when the clip is verified."""
    take = a_take(state=State.SENDING)
    for event in (
        events.Accepted(at=after(1), task_id="task_7"),
        events.Progressed(at=after(2)),
        events.Completed(at=after(3), url="https://host/clip", generation_seconds=90.0),
        events.Downloaded(at=after(4), sha256=SHA, size_bytes=9),
        events.Verified(at=after(5), media=a_media()),
    ):
        take = advance(take, event)
    assert (take.task_id, take.submitted_at, take.since) == ("task_7", after(1), after(5))


def test_an_expired_address_is_remembered_from_its_first_failure() -> None:
    """The day after which a clip counts as lost begins when fetching first failed."""
    take = a_take(state=State.SUCCEEDED, url="https://host/clip")
    take = advance(take, events.UrlExpired(at=after(10), reason="403"))
    take = advance(take, events.Completed(at=after(20), url="https://host/fresh"))
    take = advance(take, events.UrlExpired(at=after(30), reason="403"))
    assert take.url_failing_since == after(10)


def test_a_failed_take_that_is_shot_anew_costs_nothing_more() -> None:
    """Its credits came back; those of one in doubt may be gone."""
    for state, credits_left in ((State.FAILED, 0), (State.UNKNOWN, 10)):
        take = advance(a_take(state=state), events.PaidAgain(at=NOON))
        assert (take.state, take.credits) == (State.WRITTEN_OFF, credits_left)
