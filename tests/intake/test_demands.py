"""What letters of a file demand of their readers, from its columns into the mailbox."""

import pytest

from mypost.intake import commands
from mypost.intake.commands import Origin
from mypost.intake.items_file import CSV
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications.models import Alert
from mypost.senders.models import Sender, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.intake.conftest import HandIn, results, work_off


@pytest.mark.parametrize(
    "head",
    [
        "required_aal,confidential",
        "ログインの強さ,差出人を隠す",
        "必要なログインの強さ,confidential",
    ],
    ids=["english", "japanese", "mixed"],
)
def test_a_file_has_a_column_for_each(
    city: Sender, clerk: Staff, chosen: Subscription, head: str
) -> None:
    opened = commands.open_consignment(Origin(city, live=True, staff=clerk), reference="", at=NOW)
    cells = ["3,はい", "2,false", ",", "4,true", "1,vielleicht"]
    rows = [f"{chosen.pseudonym},{n},お知らせ,{written}" for n, written in enumerate(cells)]
    lines = "\n".join([f"recipient,reference,subject,{head}", *rows]).encode()
    commands.put_items(city.id, opened.id, lines, form=CSV, at=NOW)
    done = work_off(commands.submit(city.id, opened.id, at=NOW))
    assert results(done) == [
        ("", ""), ("", ""), ("", ""),
        ("field_invalid", "required_aal"), ("field_invalid", "confidential"),
    ]  # fmt: skip
    letters = Letter.objects.order_by("-required_aal")
    assert list(letters.values_list("required_aal", "confidential")) == [
        (3, True), (2, False), (1, False),
    ]  # fmt: skip


def test_the_alert_knows_which_letters_hide_their_sender(
    hand_in: HandIn, item: dict[str, object]
) -> None:
    work_off(hand_in([item, {**item, "reference": "R-2", "confidential": True}]))
    hidden = set(Alert.objects.filter(confidential=True).values_list("letter_id", flat=True))
    assert hidden == {Letter.objects.get(confidential=True).id}
    assert Alert.objects.count() == 2


def test_no_letter_goes_to_a_closed_mailbox(
    hand_in: HandIn, item: dict[str, object], hanako: Member
) -> None:
    consignment = hand_in([item])
    Member.objects.filter(id=hanako.id).update(closing_at=NOW, closed_at=NOW)
    assert results(work_off(consignment)) == [("recipient_unknown", "recipient")]


def test_a_merged_accounts_letter_is_accepted_at_its_readers_level(
    hand_in: HandIn, item: dict[str, object], hanako: Member, taro: Member
) -> None:
    """Hanako's account at level 3 was merged into Taro's, who is at level 2."""
    Member.objects.filter(id=hanako.id).update(merged_into=taro)
    demanding = {**item, "reference": "R-2", "required_assurance": 3}
    accepted, refused = results(work_off(hand_in([item, demanding])))
    assert (accepted, refused) == (("", ""), ("assurance_too_low", "recipient"))
    assert Letter.objects.get().mailbox_id == hanako.mailbox_id
