"""What a letter may demand of its reader, as staff say it and see it again."""

import json
import re
from uuid import UUID

import pytest

from mypost.intake import commands as intake
from mypost.intake.items_file import NDJSON
from mypost.letters.models import Letter
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW, SendLetter
from tests.entrypoints.sender_web.conftest import Deliver, Person, words, write_letter

CARD, HIDDEN = "マイナンバーカード", "開くまで表示しません"
DEMANDS = {"required_assurance": "2", "required_aal": "3", "confidential": "on"}


def test_what_is_demanded_goes_from_the_form_to_the_letter(
    console: Person, chosen: Subscription, deliver: Deliver
) -> None:
    draft = write_letter(console, chosen.pseudonym, **DEMANDS)
    console.posted(f"/consignments/{draft}/send")
    deliver(draft)
    letter = Letter.objects.get()
    assert (letter.required_assurance, letter.required_aal, letter.confidential) == (2, 3, True)
    shown = console.get(f"/letters/{letter.id}")
    assert CARD in shown
    assert HIDDEN in shown


def test_the_check_shows_what_is_demanded(console: Person, chosen: Subscription) -> None:
    draft = write_letter(console, chosen.pseudonym, **DEMANDS)
    checked = console.get(f"/consignments/{draft}/check")
    assert CARD in checked
    assert HIDDEN in checked


def test_the_check_shows_what_topic_and_sender_demand_too(
    console: Person, chosen: Subscription, city: Sender
) -> None:
    draft = write_letter(console, chosen.pseudonym, topic="tax")
    assert "レベル2" in "".join(console.get(f"/consignments/{draft}/check").split())


def test_a_letter_that_demands_nothing_says_nothing_of_it(
    console: Person, chosen: Subscription, send_letter: SendLetter
) -> None:
    draft = write_letter(console, chosen.pseudonym)
    for path in (f"/consignments/{draft}/check", f"/letters/{send_letter().letter_id}"):
        shown = console.get(path)
        assert CARD not in shown
        assert HIDDEN not in shown


def test_going_back_finds_the_demands_again(console: Person, chosen: Subscription) -> None:
    draft = write_letter(console, chosen.pseudonym, **DEMANDS)
    form = console.get(f"/letters/new/{draft}/text")
    assert '<option value="3" selected>マイナンバーカード</option>' in form
    (box,) = re.findall(r'<input type="checkbox" name="confidential"[^>]*>', form)
    assert "checked" in box


def test_a_letter_begun_before_these_could_be_said_is_still_a_letter(
    console: Person, chosen: Subscription, city: Sender
) -> None:
    draft = write_letter(console, chosen.pseudonym)
    rewrite_without_demands(city, draft, chosen.pseudonym)
    assert '<option value="1" selected>' in console.get(f"/letters/new/{draft}/text")


def rewrite_without_demands(city: Sender, draft: UUID, recipient: str) -> None:
    row = {
        "recipient": recipient, "reference": "BOSAI-1", "subject": "防災訓練", "body": "",
        "language": "ja", "topic": "", "required_assurance": 0, "due": None, "documents": [],
    }  # fmt: skip
    intake.put_items(city.id, draft, json.dumps(row).encode(), form=NDJSON, at=NOW)


@pytest.mark.parametrize("value", ["0", "4", "x", ""])
def test_a_sign_in_that_is_none_is_told_at_its_field(console: Person, value: str) -> None:
    page = console.posted("/letters/new", 422, **words(required_aal=value))
    assert "id_required_aal_error" in page


def test_another_senders_staff_sees_no_demand(
    other_console: Person, send_letter: SendLetter
) -> None:
    other_console.get(f"/letters/{send_letter(required_aal=3).letter_id}", 404)
