"""Following a consignment: its progress, its ledger, its results."""

import csv as csv_module
import io
from uuid import UUID

import pytest

from mypost.entrypoints.sender_web import consignments
from mypost.intake import commands as intake
from mypost.intake import delivery
from mypost.intake.commands import Origin
from mypost.intake.models import Consignment, Item
from mypost.letters.commands import hand_over
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.senders.models import Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, SendLetter
from tests.entrypoints.sender_web.conftest import Deliver, Person, csv, text_of
from tests.entrypoints.sender_web.test_handing_in import HEAD, hand_in


@pytest.fixture
def sent(console: Person, chosen: Subscription) -> UUID:
    """Two letters on their way, one good and one to nobody."""
    rows = f"{HEAD}\n{chosen.pseudonym},A-1,秋です,本文,\nZZZZ,A-2,秋です,本文,\n"
    consignment = hand_in(console, rows)
    console.posted(f"/consignments/{consignment}/send")
    return consignment


def fragment_in(page: str) -> str:
    return page[page.index('<div class="flow" id="progress"') :]


@pytest.mark.parametrize("finished", [False, True])
def test_the_fragment_equals_the_page(
    console: Person, sent: UUID, deliver: Deliver, finished: bool
) -> None:
    if finished:
        deliver(sent)
    page = console.get(f"/consignments/{sent}")
    fragment = console.get(f"/consignments/{sent}/progress")
    assert fragment_in(page).startswith(fragment_in(fragment).rstrip())
    assert ("hx-get" in fragment) is not finished


def test_it_shows_what_is_pending_while_documents_are_examined(console: Person, sent: UUID) -> None:
    page = console.get(f"/consignments/{sent}")
    assert '<progress class="progress__bar" id="decided" value="0" max="2">' in page
    assert "0 / 2" in page


def test_a_half_delivered_consignment_shows_the_half(
    console: Person, sent: UUID, settings: object
) -> None:
    settings.CHUNK_SIZE = 1  # type: ignore[attr-defined]
    delivery.examine_consignment(sent, at=LATER)
    delivery.deliver_chunk(sent, 1, at=LATER)
    assert "1 / 2" in console.get(f"/consignments/{sent}/progress")
    assert "A-2" not in results_of(console, sent)


def test_refusals_are_told_with_row_place_code_and_sentence(
    console: Person, sent: UUID, deliver: Deliver
) -> None:
    console.http.cookies["mypost_language"] = "en"
    deliver(sent)
    page = console.get(f"/consignments/{sent}")
    row = page[page.index("ZZZZ") - 200 : page.index("recipient_unknown") + 30]
    assert ">2<" in row
    assert "仮名ID" in row
    assert "No member who chose this sender has this pseudonym." in row


def test_openings_are_counted(
    console: Person, sent: UUID, deliver: Deliver, hanako: Member
) -> None:
    deliver(sent)
    letter = Letter.objects.get()
    assert '<dd class="numbers">0</dd>' in console.get(f"/consignments/{sent}/progress")
    hand_over(letter.id, reader=hanako, aal=1, at=LATER)
    assert '<dd class="numbers">1</dd>' in console.get(f"/consignments/{sent}/progress")


def test_the_first_page_shows_what_is_on_its_way(
    console: Person, sent: UUID, deliver: Deliver
) -> None:
    start, fragment = console.get("/"), console.get("/running")
    assert "秋の便り" in start
    assert fragment[fragment.index("<div") :].rstrip() in start
    deliver(sent)
    assert "秋の便り" not in console.get("/running")
    assert "hx-get" not in console.get("/running")


def test_the_first_page_shows_ten_on_their_way(console: Person, clerk: Staff) -> None:
    origin = Origin(clerk.sender, live=True, staff=clerk)
    for number in range(11):
        opened = intake.open_consignment(origin, reference=f"便り{number:02}", at=LATER)
        rows = b"recipient,reference\nx,1\n"
        intake.put_items(clerk.sender_id, opened.id, rows, form="csv", at=LATER)
        intake.submit(clerk.sender_id, opened.id, at=LATER)
    shown = console.get("/running")
    assert sum(f"便り{number:02}" in shown for number in range(11)) == 10


def test_the_list_of_consignments_is_paged_by_its_last_one(console: Person, city: object) -> None:
    for number in range(30):
        row = f"{HEAD}\nZZZZ,A-{number},件名,,\n"
        console.posted("/consignments/new", reference=f"便り{number:02}", items=csv(row))
    first = console.get("/consignments")
    last = Consignment.objects.order_by("-id")[24]
    second = console.get("/consignments", before=str(last.id))
    shown = [[f"便り{n:02}" in page for n in range(30)] for page in (first, second)]
    assert sum(shown[0]) == 25
    assert sum(shown[1]) == 5
    assert not any(a and b for a, b in zip(*shown, strict=True))


def test_the_list_holds_what_was_handed_in_together_each_with_its_own_openings(
    console: Person, sent: UUID, deliver: Deliver, hanako: Member, send_letter: SendLetter
) -> None:
    send_letter()  # one by one, as programs do: it stands under Letters
    deliver(sent)
    other = hand_in(console, f"{HEAD}\nZZZZ,B-1,件名,,\n")
    hand_over(Letter.objects.get(consignment_id=sent).id, reader=hanako, aal=1, at=LATER)
    rows = console.http.get("/consignments").context["rows"]
    assert [(row["consignment"].id, row["opened"]) for row in rows] == [(other, 0), (sent, 1)]


def test_pages_of_the_list_lead_on_and_back_to_the_newest(
    console: Person, sent: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consignments, "ON_A_PAGE", 1)
    newest = hand_in(console, f"{HEAD}\nZZZZ,B-1,件名,,\n")
    first = console.http.get("/consignments").context
    assert (first["newer_url"], first["older_url"]) == ("", f"?before={newest}")
    second = console.http.get(f"/consignments{first['older_url']}").context
    assert [row["consignment"].id for row in second["rows"]] == [sent]
    assert (second["newer_url"], second["older_url"]) == ("/consignments", "")


# Results


def results_of(console: Person, consignment_id: UUID) -> str:
    return console.get(f"/consignments/{consignment_id}/results.csv")


def test_results_come_in_the_senders_own_columns(
    console: Person, sent: UUID, deliver: Deliver, chosen: Subscription
) -> None:
    deliver(sent)
    answer = console.http.get(f"/consignments/{sent}/results.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"results-{sent}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    text = text_of(answer)
    assert text.startswith("\ufeff")
    rows = list(csv_module.reader(io.StringIO(text[1:])))
    assert rows[0] == [*HEAD.split(","), "result", "code", "letter_id"]
    letter = Letter.objects.get()
    assert rows[1] == [chosen.pseudonym, "A-1", "", "", "", "consigned", "", str(letter.id)]
    assert rows[2][:7] == ["ZZZZ", "A-2", "", "", "", "refused", "recipient_unknown"]
    assert "秋です" not in text


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠A", '=cmd|" /C calc"!A0']


def test_no_cell_of_the_results_is_a_formula(console: Person, deliver: Deliver) -> None:
    out = io.StringIO()
    csv_module.writer(out).writerows(
        [["recipient", "reference", "subject"], *([f, f, "s"] for f in FORMULAS)]
    )
    consignment = hand_in(console, out.getvalue())
    console.posted(f"/consignments/{consignment}/send")
    deliver(consignment)
    text = results_of(console, consignment)
    rows = list(csv_module.reader(io.StringIO(text[1:])))[1:]
    assert [row[1] for row in rows] == [f"'{formula}" for formula in FORMULAS]
    assert not any(cell.startswith(tuple("=+-@＝＋－＠\t\r")) for row in rows for cell in row)


def test_results_of_a_file_without_a_head_have_the_two_columns_that_are_kept(
    console: Person, draft: UUID, deliver: Deliver
) -> None:
    console.posted(f"/consignments/{draft}/send")
    deliver(draft)
    head = results_of(console, draft)[1:].splitlines()[0]
    assert head == "recipient,reference,result,code,letter_id"


def test_results_of_many_items_are_all_there(console: Person, deliver: Deliver) -> None:
    rows = "\n".join(f"ZZZZ,A-{number},件名,," for number in range(1_500))
    consignment = hand_in(console, f"{HEAD}\n{rows}\n")
    console.posted(f"/consignments/{consignment}/send")
    deliver(consignment)
    lines = results_of(console, consignment).splitlines()
    assert len(lines) == 1 + Item.objects.count() == 1_501
    page = console.get(f"/consignments/{consignment}")
    assert page.count("recipient_unknown") == 100  # the page tells the first ones
