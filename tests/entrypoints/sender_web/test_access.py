"""Who may come in at the console, and whose things they see there."""

from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import URLPattern

from mypost.entrypoints.sender_web.urls import urlpatterns
from mypost.intake.models import Item
from mypost.letters.models import Letter
from mypost.senders import commands as senders
from mypost.senders.models import ApiKey, Scope, Sender, Staff, Topic
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.entrypoints.sender_web.conftest import Person, words

PAGES = [
    "/", "/more", "/letters/new", "/letters", "/consignments", "/consignments/new", "/members",
    "/topics", "/topics/new", "/developers", "/developers/keys/new", "/organisation",
]  # fmt: skip
DATA = ["/running", "/members.csv"]


@pytest.fixture
def theirs(letter: Letter, draft: UUID, city: Sender, clerk: Staff) -> dict[str, UUID]:
    """One of each thing that has an id, all the city's."""
    item = Item.objects.get(letter_id=letter.id)
    key, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    topic = Topic.objects.get(sender=city, slug="news")
    return {
        "letter_id": letter.id, "consignment_id": item.consignment_id, "draft": draft,
        "key_id": key.id, "topic_id": topic.id,
    }  # fmt: skip


def addresses(theirs: dict[str, UUID]) -> list[str]:
    """Every route of the console that carries an id, filled in, drafts once more."""
    routes = [str(p.pattern) for p in urlpatterns if isinstance(p, URLPattern)]
    with_ids = ["/" + route for route in routes if "<" in route]
    filled = []
    for route in with_ids:
        for name, its_id in theirs.items():
            if f"<uuid:{name}>" in route:
                filled.append(route.replace(f"<uuid:{name}>", str(its_id)))
        if "<uuid:consignment_id>" in route:
            filled.append(route.replace("<uuid:consignment_id>", str(theirs["draft"])))
    return filled


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES + DATA)
def test_a_stranger_signs_in_first(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/")


@pytest.mark.django_db
def test_a_fragment_sends_the_whole_browser_to_sign_in() -> None:
    answer = Client(headers={"HX-Request": "true"}).get("/running")
    assert answer["HX-Redirect"].startswith("/account/login/")


@pytest.mark.parametrize("path", PAGES)
def test_a_member_is_told_whose_door_this_is(outsider: Person, path: str) -> None:
    page = outsider.get(path, 403)
    assert "<h1>" in page
    assert "places__list" not in page


@pytest.mark.parametrize("path", DATA)
def test_a_member_gets_no_data(outsider: Person, path: str) -> None:
    outsider.get(path, 404)


def test_a_member_gets_no_data_by_id(outsider: Person, theirs: dict[str, UUID]) -> None:
    for path in addresses(theirs):
        for method in ("get", "post"):
            answer = getattr(outsider.http, method)(path)
            assert answer.status_code in (403, 404), path
            assert "BOSAI" not in answer.content.decode(), path


def test_another_senders_staff_finds_nothing_by_id(
    other_console: Person, theirs: dict[str, UUID]
) -> None:
    paths = addresses(theirs)
    assert len(paths) >= 20
    for path in paths:
        for method in ("get", "post"):
            answer = getattr(other_console.http, method)(path, words())
            assert answer.status_code in (404, 405), path
        assert 404 in {
            getattr(other_console.http, method)(path).status_code for method in ("get", "post")
        }


def test_what_is_anothers_answers_like_what_does_not_exist(
    other_console: Person, theirs: dict[str, UUID]
) -> None:
    nothing = {name: uuid4() for name in theirs}
    for theirs_path, nothing_path in zip(addresses(theirs), addresses(nothing), strict=True):
        there, nowhere = (other_console.http.get(p) for p in (theirs_path, nothing_path))
        assert there.status_code == nowhere.status_code, theirs_path


def test_another_senders_post_changes_nothing(
    other_console: Person, theirs: dict[str, UUID], draft: UUID
) -> None:
    other_console.post(f"/consignments/{draft}/discard")
    other_console.post(f"/consignments/{draft}/send")
    other_console.post(f"/developers/keys/{theirs['key_id']}/end")
    other_console.post(
        f"/topics/{theirs['topic_id']}", name="x", category="city", required_assurance="0"
    )
    assert ApiKey.objects.get(id=theirs["key_id"]).revoked_at is None
    assert Topic.objects.get(id=theirs["topic_id"]).name == "news"
    consignment = Item.objects.get(letter_id=theirs["letter_id"]).consignment
    assert consignment.sender.name == "みなと市"


def test_lists_show_the_own_senders_things_alone(
    other_console: Person, theirs: dict[str, UUID], letter: Letter, chosen: Subscription
) -> None:
    for path in ("/", "/consignments", "/letters", "/members", "/topics", "/developers"):
        page = other_console.get(path)
        for told in (str(letter.id), letter.number, chosen.pseudonym, "BOSAI-1", "R-1", "news"):
            assert told not in page, (path, told)
    assert chosen.pseudonym not in other_console.get("/members.csv")
    assert (
        letter.number not in other_console.get("/letters", words=letter.number).split("<table")[-1:]
    )


@pytest.mark.parametrize("path", ["/topics/new", "/developers", "/developers/keys/new"])
def test_keys_and_topics_are_for_administrators(plain_console: Person, path: str) -> None:
    plain_console.get(path, 403)
    assert plain_console.post(path, name="x").status_code == 403


def test_a_clerk_changes_no_topic_and_ends_no_key(
    plain_console: Person, theirs: dict[str, UUID]
) -> None:
    assert plain_console.post(f"/topics/{theirs['topic_id']}").status_code == 403
    assert plain_console.post(f"/developers/keys/{theirs['key_id']}/end").status_code == 403
    assert ApiKey.objects.get(id=theirs["key_id"]).revoked_at is None


def test_the_console_shows_no_more_of_a_person_than_the_pseudonym(
    console: Person, letter: Letter, chosen: Subscription
) -> None:
    member = chosen.mailbox_id
    for path in ("/", "/letters", f"/letters/{letter.id}", "/members", "/members.csv"):
        page = console.get(path)
        for told in (str(member), "花子", "hanako@example.jp"):
            assert told not in page, path
