"""What the post reports, in any order and doubled, ends the same as in the right order and once."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from django.db import transaction

from mypost.evidence.models import Line
from mypost.members import queries as queries_of_members
from mypost.members.models import DeclaredAttributes, Member
from mypost.notifications.models import Notice
from mypost.proofing import passcodes, queries
from mypost.proofing.errors import NoPasscodeAwaited, PasscodeNotDue
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent, ReturnReason
from tests.conftest import LATER, NOW
from tests.proofing.conftest import Asked, ask, level

pytestmark = pytest.mark.django_db

PRINTED, ACCEPTED, NOTICE_LEFT, HANDED_OVER, RETURNED = PostalEvent
CODE = "the member enters the code"
FACTS = {
    ACCEPTED: PostalFacts(tracking_number="1234-5678-9012"),
    HANDED_OVER: PostalFacts(id_document="driving_licence", id_last_digits="4711"),
    RETURNED: PostalFacts(return_reason=ReturnReason.MOVED),
}
End = tuple[str, int, str, str, str, date | None, str]


def take(step: str, jiro: Member, asked: Asked) -> None:
    if isinstance(step, PostalEvent):
        passcodes.note(asked.id, step, at=LATER, facts=FACTS.get(step, PostalFacts()))
    else:
        with suppress(NoPasscodeAwaited):
            passcodes.enter(jiro, asked.code, at=LATER)


def end_of(steps: Sequence[str], jiro: Member, asked: Asked) -> End:
    """Return how it ends when these steps happen, and leave nothing behind."""
    with transaction.atomic():
        for step in steps:
            take(step, jiro, asked)
        request = asked.now()
        end = (
            request.state, level(jiro), request.tracking_number, request.id_document,
            request.return_reason, request.held_until, request.addressed_to.address_returned,
        )  # fmt: skip
        transaction.set_rollback(True)
    return end


@pytest.mark.parametrize(
    ("steps", "state", "height"),
    [
        ((PRINTED, ACCEPTED, NOTICE_LEFT, HANDED_OVER, CODE), "confirmed", 2),
        ((ACCEPTED, NOTICE_LEFT, RETURNED, CODE), "returned", 1),
        ((ACCEPTED, HANDED_OVER, RETURNED, CODE), "returned", 1),
        ((PRINTED, ACCEPTED, NOTICE_LEFT, HANDED_OVER), "handed_over", 1),
        ((PRINTED, ACCEPTED, NOTICE_LEFT), "notice_left", 1),
    ],
    ids=["delivered", "returned", "contradicting", "code not entered", "held"],
)
def test_every_order_ends_the_same(
    jiro: Member, asked: Asked, steps: tuple[str, ...], state: str, height: int
) -> None:
    ends = {end_of(order, jiro, asked) for order in permutations(steps)}
    assert [end[:2] for end in ends] == [(state, height)]


@pytest.mark.parametrize("last", [HANDED_OVER, RETURNED])
def test_every_report_twice_ends_as_once(jiro: Member, asked: Asked, last: PostalEvent) -> None:
    steps = (ACCEPTED, last, CODE)
    once = end_of(steps, jiro, asked)
    orders = set(permutations((*steps, ACCEPTED, last)))
    assert {end_of(order, jiro, asked) for order in orders} == {once}


def test_a_report_is_evidence_once(jiro: Member, asked: Asked) -> None:
    for _ in range(2):
        take(HANDED_OVER, jiro, asked)
    line = Line.objects.get(event="PostalResult")
    assert (line.subject_id, line.mailbox_id) == (asked.id, jiro.mailbox_id)
    for secret in ("driving_licence", "4711", "handed_over"):
        assert secret not in line.entry


def test_the_hand_over_keeps_what_the_carrier_looked_at(jiro: Member, asked: Asked) -> None:
    take(HANDED_OVER, jiro, asked)
    request = asked.now()
    assert (request.id_document, request.id_last_digits) == ("driving_licence", "4711")


def test_from_the_notice_on_it_is_held_for_ten_days(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, NOTICE_LEFT, at=NOW)
    assert asked.now().held_until == date(2026, 12, 2)


def test_a_carrier_may_say_itself_how_long(jiro: Member, asked: Asked) -> None:
    facts = PostalFacts(held_until=date(2026, 12, 5))
    passcodes.note(asked.id, NOTICE_LEFT, at=NOW, facts=facts)
    assert asked.now().held_until == date(2026, 12, 5)


REASONS = ["moved", "name_differs", "absent", "refused", "period_over", "not_printable"]


def test_a_letter_comes_back_for_one_of_six_reasons() -> None:
    assert ReturnReason.values == REASONS


@pytest.mark.parametrize("reason", REASONS)
def test_what_comes_back_flags_the_address_it_was_sent_to(
    jiro: Member, asked: Asked, reason: str
) -> None:
    facts = PostalFacts(return_reason=ReturnReason(reason))
    passcodes.note(asked.id, RETURNED, at=LATER, facts=facts)
    assert asked.now().return_reason == reason
    assert DeclaredAttributes.objects.get(member=jiro).address_returned == reason


def test_the_member_is_told_how_far_it_is(jiro: Member, asked: Asked) -> None:
    Notice.objects.all().delete()
    for event in (PRINTED, ACCEPTED, NOTICE_LEFT, RETURNED):
        take(event, jiro, asked)
    kinds = set(Notice.objects.values_list("mailbox_id", "kind"))
    told = ("passcode_posted", "passcode_waits", "passcode_returned")
    assert kinds == {(jiro.mailbox_id, kind) for kind in told}


def test_stale_news_is_not_told(jiro: Member, asked: Asked) -> None:
    take(HANDED_OVER, jiro, asked)
    Notice.objects.all().delete()
    take(NOTICE_LEFT, jiro, asked)
    assert not Notice.objects.exists()


def test_the_page_can_tell_the_journey_in_its_order(jiro: Member, asked: Asked) -> None:
    passcodes.note(asked.id, ACCEPTED, at=LATER)
    passcodes.note(asked.id, PRINTED, at=NOW)
    reports = queries.postal_reports(asked.now())
    assert [report.event for report in reports] == ["printed", "accepted"]


def test_a_level_that_was_given_is_taken_back_with_the_reason(jiro: Member, asked: Asked) -> None:
    for step in (HANDED_OVER, CODE):
        take(step, jiro, asked)
    passcodes.note(asked.id, RETURNED, at=LATER + timedelta(days=1))
    newest = queries_of_members.level_changes(jiro)[0]
    assert (newest.level, newest.reason) == (1, "passcode_returned")


def test_what_is_reported_late_does_not_date_the_level_back(jiro: Member, asked: Asked) -> None:
    take(CODE, jiro, asked)
    passcodes.note(asked.id, HANDED_OVER, at=NOW)
    newest = queries_of_members.level_changes(jiro)[0]
    assert (newest.level, newest.at) == (2, LATER)


def test_a_card_keeps_its_level_whatever_the_post_says(jiro: Member, asked: Asked) -> None:
    for step in (HANDED_OVER, CODE):
        take(step, jiro, asked)
    Member.objects.filter(id=jiro.id).update(level=3)
    take(RETURNED, jiro, asked)
    assert level(jiro) == 3


def test_a_late_report_on_a_former_letter_does_not_touch_the_new_one(
    jiro: Member, asked: Asked
) -> None:
    take(RETURNED, jiro, asked)
    another = ask(jiro, LATER)
    take(HANDED_OVER, jiro, asked)
    assert (asked.now().state, another.now().state) == ("returned", "composed")


def test_a_report_on_a_letter_that_nobody_asked_for_is_refused(db: None) -> None:
    with pytest.raises(PasscodeNotDue):
        passcodes.note(uuid4(), ACCEPTED, at=NOW)
