"""Two browsers of one member press the same button at the same moment."""

import pytest

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.proofing.models import LinkedCard
from tests.conftest import LATER, NOW
from tests.entrypoints.signed_in import signed_in_by_passkey
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_card_that_two_browsers_stop_is_stopped_once(hanako: Member) -> None:
    card = LinkedCard.objects.create(
        id=hanako.id, member=hanako, auth_serial="0a", auth_expires_at=LATER, linked_at=NOW,
        checked_at=NOW,
    )  # fmt: skip
    browsers = [signed_in_by_passkey(hanako.account) for _ in range(2)]
    stops = [lambda http=http: http.post(f"/me/card/{card.id}/stop") for http in browsers]
    at_once(*stops)
    card.refresh_from_db()
    assert card.auth_stop_reason == "stopped_by_holder"
    assert Line.objects.filter(event="CardStopped").count() == 1
