"""The ledger in the back office: counts and codes of all senders, and no recipient."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from mypost.entrypoints.operator_web import paging
from mypost.intake.models import Consignment
from mypost.letters.models import Letter
from mypost.subscriptions.models import Subscription
from tests.conftest import SendLetter
from tests.entrypoints.operator_web.conftest import page
from tests.intake.test_ledger import RULES


def test_it_lists_the_consignments_of_all_senders(office: Client, letter: Letter) -> None:
    (row,) = office.get("/ledger/").context["page"].rows
    assert (row.id, row.in_mailbox) == (letter.consignment_id, 1)


def test_the_newest_stands_first_and_pages_lead_on(
    office: Client, send_letter: SendLetter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 2)
    sent = [send_letter(reference=f"R-{number}").consignment_id for number in range(3)]
    newest = office.get("/ledger/").context["page"]
    older = office.get(f"/ledger/{newest.older_url}").context["page"]
    listed = [row.id for row in (*newest.rows, *older.rows)]
    assert listed == sorted(sent, reverse=True)
    assert older.older_url == ""


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_place_that_is_none_gives_the_first_page(office: Client, place: str) -> None:
    assert office.get("/ledger/", {place: "nonsense"}).status_code == 200


def test_the_sums_count_live_letters_only(office: Client, send_letter: SendLetter) -> None:
    send_letter(reference="R-1")
    send_letter(reference="R-2", subject="")
    send_letter(reference="R-3", live=False)
    totals = office.get("/ledger/").context["totals"]
    assert (totals.submitted, totals.in_mailbox, totals.refused) == (2, 1, 1)
    assert totals.submitted == sum(
        (totals.in_mailbox, totals.on_paper, totals.refused, totals.pending)
    )


def test_a_consignment_tells_why_items_were_refused(
    office: Client, send_letter: SendLetter
) -> None:
    item = send_letter(subject="")
    answer = office.get(f"/ledger/{item.consignment_id}/")
    assert answer.context["refusals"] == [("subject_missing", 1)]
    assert "subject_missing" in answer.content.decode()


def test_a_consignment_names_no_recipient_and_no_content(
    office: Client, letter: Letter, chosen: Subscription
) -> None:
    text = page(office, f"/ledger/{letter.consignment_id}/") + page(office, "/ledger/")
    for secret in (chosen.pseudonym, str(letter.mailbox_id), letter.number, "国民健康保険税"):
        assert secret not in text


def test_a_consignment_that_does_not_exist_is_not_found(office: Client) -> None:
    assert office.get(f"/ledger/{uuid4()}/").status_code == 404


def test_a_whole_ledger_is_called_whole(office: Client, letter: Letter) -> None:
    assert "The ledger is whole." in page(office, "/ledger/check/")


def test_a_broken_ledger_says_which_rule_is_broken(office: Client, letter: Letter) -> None:
    Consignment.objects.update(in_mailbox=0, refused=1)
    answer = office.get("/ledger/check/")
    assert "The ledger is not whole." in answer.content.decode()
    broken = {rule for rule, found in answer.context["rules"] if found}
    assert broken == {"consignments whose items are not what the ledger says"}


def test_the_part_of_a_page_is_what_the_whole_page_holds(office: Client, letter: Letter) -> None:
    part = office.get("/ledger/check/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert part.strip() in page(office, "/ledger/check/")


@pytest.mark.parametrize("path", ["/", "/ledger/"])
def test_without_scripts_a_link_leads_to_the_check(office: Client, path: str) -> None:
    assert '<a href="/ledger/check/">' in page(office, path)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_told_in_japanese(rule: str) -> None:
    with translation.override("ja"):
        assert translation.gettext(rule) != rule


def test_looking_at_the_ledger_writes_nothing(office: Client, letter: Letter) -> None:
    for path in ("/", "/ledger/", "/ledger/check/", f"/ledger/{letter.consignment_id}/"):
        page(office, path)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM evidence_line WHERE event = 'AuditAccess'")
        assert cursor.fetchone() == (0,)
