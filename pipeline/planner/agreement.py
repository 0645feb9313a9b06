"""Whether a plan that somebody agreed to still holds: what would be sent and paid now, against what it says. Pure.

Less than was agreed is fine: after an interrupted run some of it has been shot. Another request, or a credit more, is
not; the sum counts, too, since a shot may be paid again after its first take was written off. A run that plans anew
while it goes on keeps `within` the plan that it began with.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model.plan import PAID, PRICED, Decision, Plan, PlannedShot


def differences(agreed: Plan, now: Plan) -> tuple[str, ...]:
    """A sentence for each shot that is not as agreed, in the film's order, or for the sum; none if the plan holds."""
    if told := tuple(_of_shots(agreed, now)):
        return told
    if now.credits_in_all > agreed.credits_in_all:
        was, would_be = agreed.credits_in_all, now.credits_in_all
        return (f"{now.project} would have spent {would_be} credits in the end instead of {was}.",)
    return ()


def within(begun: Plan, now: Plan) -> Plan:
    """What may be paid now of a run that began with `begun`: a shot that had no price then has nobody's consent.

    It may have become free to be shot meanwhile, as another project's clip landed that it goes on from. A take that was
    gone on with may be paid again by a grant; that of a circled shot makes way for no retake.
    """
    agreed = {row.shot for row in begun.shots if row.decision in PRICED or _may_be_granted(row)}
    rows = (row if row.shot in agreed else _unpaid(row) for row in now.shots)
    return now.model_copy(update={"shots": tuple(rows)})


def _may_be_granted(row: PlannedShot) -> bool:
    return row.decision is Decision.RESUME and row.circled is None


def _unpaid(row: PlannedShot) -> PlannedShot:
    if row.decision in PAID:
        why = f"could not be shot when this run began; run again to shoot it, for {_credits(row)}"
        return row.model_copy(update={"decision": Decision.BLOCKED, "credits": 0, "why": why})
    return row.model_copy(update={"credits": 0})  # what it waits for may yet show that its clip is here


def _of_shots(agreed: Plan, now: Plan) -> Iterator[str]:
    before = {row.shot: row for row in agreed.shots}
    for row in now.shots:
        if row.shot not in before:
            yield f"{row.shot}: the agreed plan has no such shot; it would cost {_credits(row)}."
        elif not _is_same_request(before[row.shot], row):
            yield f"{row.shot}: asks for something else now; {row.why}."
        elif row.credits > before[row.shot].credits:
            was = before[row.shot]
            yield f"{row.shot}: would cost {_credits(row)} instead of {was.credits} ({was.decision}): {row.why}."
    shots_now = {row.shot for row in now.shots}
    for row in agreed.shots:
        if row.shot not in shots_now:
            yield f"{row.shot}: is in the agreed plan and not in the storyboard any more."


def _credits(row: PlannedShot) -> str:
    return f"{row.credits} credits" if row.credits else "nothing"


def _is_same_request(one: PlannedShot, other: PlannedShot) -> bool:
    """A request that waits lacks its first image; one that does not wait any more is compared without it."""
    if one.continues != other.continues:
        return False
    before, now = one.request, other.request
    if one.waits_for and not other.waits_for:
        now = now.without_first_image
    if other.waits_for and not one.waits_for:
        before = before.without_first_image
    is_other_note = bool(one.credits and other.credits) and before.fingerprint != now.fingerprint
    is_asked_alike = before.without_note(one.note).fingerprint == now.without_note(other.note).fingerprint
    return is_asked_alike and not is_other_note
