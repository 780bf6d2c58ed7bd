"""Senders in the back office: finding them, taking them in, giving them topics."""

from uuid import uuid4

import pytest
from django.test import Client

from mypost.common.clock import new_id
from mypost.entrypoints.operator_web import paging
from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.senders import commands
from mypost.senders.models import Sender, Topic
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.entrypoints.operator_web.conftest import page
from tests.races import at_once

GAS = {
    "kind": "company",
    "code": "9380001999003",
    "name": "みどりガス",
    "required_assurance": "0",
}
BILLS = {"name": "料金", "slug": "bills", "category": "infrastructure", "required_assurance": "2"}


@pytest.fixture
def gas(db: None) -> Sender:
    """A sender that has asked for a contract."""
    applicant = Sender(
        name="みどりガス", name_en="Midori Gas", code="9380001999003", kind=Sender.Kind.COMPANY
    )
    return commands.apply_for_contract(applicant, at=LATER)


def names(office: Client, **asked: str) -> list[str]:
    answer = office.get("/senders/", asked)
    assert answer.status_code == 200
    return [sender.name for sender in answer.context["page"].rows]


def test_the_latest_applicant_stands_first(office: Client, city: Sender, gas: Sender) -> None:
    assert names(office) == ["みどりガス", "みなと市"]


def test_they_are_listed_by_the_state_of_their_contract(
    office: Client, city: Sender, power: Sender, gas: Sender
) -> None:
    assert names(office, state="applied") == ["みどりガス"]
    assert set(names(office, state="active")) == {"みなと市", "しおかぜ電力"}
    assert names(office, state="ended") == []
    tabs = office.get("/senders/").context["tabs"]
    assert [tab["count"] for tab in tabs] == [3, 1, 2, 0, 0]


@pytest.mark.parametrize("words", ["みどり", "midori", "938000", "９３８０００", "ｶﾞｽ"])
def test_they_are_found_by_name_or_code(
    office: Client, city: Sender, gas: Sender, words: str
) -> None:
    assert names(office, words=words) == ["みどりガス"]


def test_a_wildcard_is_a_letter_like_any_other(office: Client, city: Sender) -> None:
    assert names(office, words="%") == names(office, words="_") == []


@pytest.mark.parametrize("asked", [{"words": "a\0b"}, {"words": "x" * 101}, {"state": "gone"}])
def test_what_cannot_be_searched_for_is_told(office: Client, asked: dict[str, str]) -> None:
    assert office.get("/senders/", asked).status_code == 422


def test_a_page_has_fifty_senders(office: Client) -> None:
    Sender.objects.bulk_create(
        Sender(id=new_id(NOW), name="x", kind="company", code=f"{number:013}", applied_at=NOW)
        for number in range(51)
    )
    newest = office.get("/senders/").context["page"]
    older = office.get(f"/senders/{newest.older_url}").context["page"]
    assert (len(newest.rows), len(older.rows)) == (50, 1)


def test_pages_lead_back_and_forth(
    office: Client, city: Sender, power: Sender, gas: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "SIZE", 1)
    seen, url = [], ""
    for _ in range(3):
        first = office.get(f"/senders/{url}").context["page"]
        seen.append(first.rows[0].id)
        url = first.older_url
    assert (seen, url) == (sorted([city.id, power.id, gas.id], reverse=True), "")
    back = office.get(f"/senders/{first.newer_url}").context["page"]
    assert [row.id for row in back.rows] == [seen[1]]
    foremost = office.get(f"/senders/{back.newer_url}").context["page"]
    assert [row.id for row in foremost.rows] == [seen[0]]
    assert foremost.newer_url == ""


def test_a_sender_shows_its_facts_and_no_members_name(
    office: Client, city: Sender, chosen: Subscription, hanako: Member
) -> None:
    text = page(office, f"/senders/{city.id}/")
    assert "072991" in text
    assert "check digit is right" in text
    assert "Members who have chosen it" in text
    for secret in (chosen.pseudonym, str(hanako.mailbox_id), hanako.account.email, "花子"):
        assert secret not in text


def test_a_sender_that_does_not_exist_is_not_found(office: Client) -> None:
    for path in ("", "topics/new/", "contract/active/"):
        assert office.get(f"/senders/{uuid4()}/{path}").status_code == 404


def test_a_new_sender_waits_for_approval(office: Client) -> None:
    answer = office.post("/senders/new/", GAS)
    sender = Sender.objects.get()
    assert answer["Location"] == f"/senders/{sender.id}/"
    assert (sender.contract_state, sender.contract_since) == ("applied", None)
    assert Line.objects.get(subject_id=sender.id).event == "SenderContractChanged"


@pytest.mark.parametrize(
    "code", ["９３８０００１９９９００３", "9 3800 0199 9003", "9-3800-0199-9003"]
)
def test_a_code_may_be_written_as_people_copy_it(office: Client, code: str) -> None:
    office.post("/senders/new/", {**GAS, "code": code})
    assert Sender.objects.get().code == "9380001999003"


WHOLE = {
    **GAS, "name_en": "Midori Gas", "description": "検針票と料金のお知らせ",
    "description_en": "Meter readings and bills", "website": "https://gas.example/",
    "support": "0299-00-0300", "required_assurance": "2",
}  # fmt: skip


def test_everything_that_was_typed_is_kept(office: Client) -> None:
    answer = office.post("/senders/new/", {**WHOLE, "website": "gas.example/"}, follow=True)
    kept = Sender.objects.values(*WHOLE).get()
    assert kept == {**WHOLE, "required_assurance": 2}
    assert "The sender is taken in. Its contract waits for approval." in answer.content.decode()
    at_topics = f"/senders/{Sender.objects.get().id}/topics/new/"
    answer = office.post(at_topics, {**BILLS, "name_en": "Bills"}, follow=True)
    topic = Topic.objects.values("name", "name_en", "slug", "category", "required_assurance").get()
    assert topic == {**BILLS, "name_en": "Bills", "required_assurance": 2}
    assert "The topic “Bills” is added." in answer.content.decode()


LONGEST = {
    "name": 100, "name_en": 100, "description": 400, "description_en": 400, "support": 200,
}  # fmt: skip


def test_a_senders_words_are_as_long_as_we_say(office: Client) -> None:
    longest = {name: "長" * most for name, most in LONGEST.items()}
    site = "https://gas.example/".ljust(200, "x")
    too_long = {**{name: words + "長" for name, words in longest.items()}, "website": site + "x"}
    answer = office.post("/senders/new/", {**GAS, **too_long})
    assert set(answer.context["form"].errors) == {*LONGEST, "website"}
    office.post("/senders/new/", {**GAS, **longest, "website": site})
    assert Sender.objects.values(*LONGEST, "website").get() == {**longest, "website": site}


def test_a_topics_words_are_as_long_as_we_say(office: Client, gas: Sender) -> None:
    longest = {"name": "長" * 100, "name_en": "n" * 100, "slug": "s" * 50}
    at_topics = f"/senders/{gas.id}/topics/new/"
    too_long = {name: words + words[0] for name, words in longest.items()}
    answer = office.post(at_topics, {**BILLS, **too_long})
    assert set(answer.context["form"].errors) == set(longest)
    office.post(at_topics, {**BILLS, **longest})
    assert Topic.objects.values(*longest).get() == longest


def test_words_to_look_for_have_at_most_a_hundred_characters(office: Client) -> None:
    assert names(office, words="長" * 100) == []


def test_tabs_and_pages_keep_what_was_searched_for(
    office: Client, gas: Sender, power: Sender, city: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"words": "９", "state": "applied"}
    tabs = office.get("/senders/", asked).context["tabs"]
    assert [(tab["label"], tab["url"], tab["current"]) for tab in tabs] == [
        ("All senders", "?state=&words=9", False),
        ("applied", "?state=applied&words=9", True),
        ("active", "?state=active&words=9", False),
        ("suspended", "?state=suspended&words=9", False),
        ("ended", "?state=ended&words=9", False),
    ]
    monkeypatch.setattr(paging, "SIZE", 1)
    first = office.get("/senders/", {"state": "active"}).context["page"]
    newest = max(city.id, power.id)
    assert first.older_url == f"?words=&state=active&before={newest}"
    older = office.get(f"/senders/{first.older_url}").context["page"]
    assert older.newer_url == f"?words=&state=active&after={older.rows[0].id}"


WRONG = [
    ("code", "9380001999004", "This is not a corporate number."),
    ("code", "072991", "This is not a corporate number."),
    ("code", "", "This field is required."),
    ("code", "１２ab", "This is not a corporate number."),
    ("name", "", "This field is required."),
    ("name", "a\0b", "Null characters are not allowed."),
    ("name", "x" * 101, "at most 100 characters"),
    ("kind", "bank", "bank is not one of the available choices."),
    ("website", "javascript:alert(1)", "Enter a valid URL."),
    ("required_assurance", "9", "9 is not one of the available choices."),
]


@pytest.mark.parametrize(("field", "value", "error"), WRONG)
def test_what_is_wrong_is_told_at_its_field_and_the_rest_is_kept(
    office: Client, field: str, value: str, error: str
) -> None:
    answer = office.post("/senders/new/", {**GAS, "support": "0299-00-0300", field: value})
    assert answer.status_code == 422
    assert error in "".join(answer.context["form"].errors[field])
    assert "0299-00-0300" in answer.content.decode()
    assert not Sender.objects.exists()


def test_a_municipality_needs_its_own_kind_of_code(office: Client) -> None:
    answer = office.post("/senders/new/", {**GAS, "kind": "municipality", "code": "072992"})
    assert answer.context["form"].errors == {"code": ["This is not a municipality code."]}


def test_the_same_body_is_not_taken_in_twice(office: Client, gas: Sender) -> None:
    answer = office.post("/senders/new/", GAS)
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (422, ["code"])
    assert Sender.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_taken_in_once(office: Client) -> None:
    _, answer = at_once(
        lambda: commands.apply_for_contract(Sender(**GAS), at=NOW),
        lambda: office.post("/senders/new/", GAS),
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    assert Sender.objects.count() == 1


def test_a_topic_is_added(office: Client, gas: Sender) -> None:
    answer = office.post(f"/senders/{gas.id}/topics/new/", BILLS)
    assert answer["Location"] == f"/senders/{gas.id}/"
    topic = Topic.objects.get()
    assert (topic.sender, topic.slug, topic.required_assurance) == (gas, "bills", 2)
    assert "bills" in page(office, f"/senders/{gas.id}/")


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "not a slug"), ("slug", ""), ("slug", "ガス"), ("category", "x"), ("name", "")],
)
def test_a_wrong_topic_is_told_at_its_field(
    office: Client, gas: Sender, field: str, value: str
) -> None:
    answer = office.post(f"/senders/{gas.id}/topics/new/", {**BILLS, field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Topic.objects.exists()


def test_a_topic_has_a_name_of_its_own(office: Client, gas: Sender, city: Sender) -> None:
    office.post(f"/senders/{gas.id}/topics/new/", BILLS)
    again = office.post(f"/senders/{gas.id}/topics/new/", BILLS)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["slug"])
    assert office.post(f"/senders/{city.id}/topics/new/", BILLS).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_the_same_topic_sent_twice_at_once_is_added_once(office: Client, gas: Sender) -> None:
    _, answer = at_once(
        lambda: commands.add_topic(Topic(sender=gas, **BILLS), at=NOW),
        lambda: office.post(f"/senders/{gas.id}/topics/new/", BILLS),
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["slug"])
    assert Topic.objects.count() == 1
