"""Topics and API keys, which administrators keep; and the sender's own page."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from mypost.evidence.models import Line
from mypost.senders import commands as senders
from mypost.senders.errors import ApiKeyUnknown
from mypost.senders.models import ApiKey, Scope, Sender, Staff, Topic
from tests.conftest import LATER, NOW
from tests.entrypoints.sender_web.conftest import Person
from tests.entrypoints.signed_in import PASSKEY_RECORD, note_in, signed_in_by_passkey
from tests.races import at_once


def recognise(secret: str) -> ApiKey:
    """Be the city's program that uses a key."""
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return senders.recognise_api_key(secret, address="203.0.113.7", at=at)


# Topics


def topic(**other: str) -> dict[str, Any]:
    typed = {"name": "図書館", "name_en": "Library", "slug": "library", "category": "education"}
    return {**typed, "required_assurance": "0", **other}


def test_a_topic_is_added_and_listed(console: Person, city: Sender) -> None:
    assert console.posted("/topics/new", **topic()) == "/topics"
    assert "図書館" in console.get("/topics")
    assert Topic.objects.get(slug="library").sender == city


def test_a_topic_is_changed_and_keeps_its_short_name(console: Person, city: Sender) -> None:
    news = Topic.objects.get(sender=city, slug="news")
    console.posted(f"/topics/{news.id}", **topic(name="広報", required_assurance="2", slug="x"))
    news.refresh_from_db()
    assert (news.name, news.required_assurance, news.slug) == ("広報", 2, "news")


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"slug": "news"}, "id_slug_error"),  # there already
        ({"slug": "図書館"}, "id_slug_error"),
        ({"name": ""}, "id_name_error"),
        ({"name": "長" * 101}, "id_name_error"),
        ({"name_en": "n" * 101}, "id_name_en_error"),
        ({"slug": "s" * 51}, "id_slug_error"),
        ({"category": "x"}, "id_category_error"),
        ({"required_assurance": "4"}, "id_required_assurance_error"),
    ],
)
def test_a_mistake_in_a_topic_is_told_at_its_field(
    console: Person, changes: dict[str, str], place: str
) -> None:
    before = Topic.objects.count()
    assert place in console.posted("/topics/new", 422, **topic(**changes))
    assert Topic.objects.count() == before


def test_a_topics_words_are_as_long_as_we_say(console: Person, city: Sender) -> None:
    longest = {"name": "長" * 100, "name_en": "n" * 100, "slug": "s" * 50}
    assert console.posted("/topics/new", **topic(**longest)) == "/topics"
    kept = Topic.objects.get(sender=city, slug="s" * 50)
    assert (kept.name, kept.name_en) == ("長" * 100, "n" * 100)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_adds_one_topic(console: Person, city: Sender) -> None:
    _, answer = at_once(
        lambda: senders.add_topic(Topic(sender=city, **topic()), at=NOW),
        lambda: console.post("/topics/new", **topic()),
    )
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["slug"])
    assert Topic.objects.filter(sender=city, slug="library").count() == 1


# Keys


def key(**other: object) -> dict[str, Any]:
    typed = {"name": "税務システム", "kind": "live", "scopes": "letters:write"}
    return {**typed, "expires_on": "2030-01-01", "networks": "203.0.113.0/24\n", **other}


def secret_in(page: str) -> str:
    found = re.search(r"mp_(live|test)_[\w-]{43}", page)
    assert found
    return found.group()


def test_a_key_is_shown_once_and_works(console: Person, city: Sender) -> None:
    page = console.posted("/developers/keys/new", 200, **key())
    secret = secret_in(page)
    assert "data-copy" in page
    known = recognise(secret)
    assert (known.sender, known.live, known.scopes) == (city, True, ["letters:write"])
    assert known.expires_at == datetime(2030, 1, 1, 15, tzinfo=UTC)  # the end of the day in Japan
    assert known.networks == ["203.0.113.0/24"]
    for path in ("/developers", "/developers/keys/new", "/"):
        assert secret not in console.get(path)
    assert Line.objects.filter(subject_id=known.id).count() == 1


def test_an_ended_key_works_no_more(console: Person) -> None:
    secret = secret_in(console.posted("/developers/keys/new", 200, **key()))
    made = ApiKey.objects.get()
    assert console.posted(f"/developers/keys/{made.id}/end") == "/developers"
    with pytest.raises(ApiKeyUnknown):
        recognise(secret)
    page = console.get("/developers")
    assert "税務システム" in page
    assert "/end" not in page.split("<main")[1]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"name": ""}, "id_name_error"),
        ({"name": "長" * 101}, "id_name_error"),
        ({"kind": "x"}, "id_kind_error"),
        ({"scopes": "everything"}, "id_scopes_error"),
        ({"scopes": []}, "id_scopes_error"),
        ({"expires_on": "2020-01-01"}, "id_expires_on_error"),
        ({"expires_on": "9999-12-31"}, "id_expires_on_error"),
        ({"networks": "10.0.0.0/8\nhello"}, "hello"),
        ({"networks": "fe80::1%" + "x" * 60}, "id_networks_error"),
        ({"networks": "10.0.0.1\n" * 51}, "id_networks_error"),
    ],
)
def test_a_mistake_in_a_key_is_told_at_its_field_and_no_key_is_made(
    console: Person, changes: dict[str, object], place: str
) -> None:
    assert place in console.posted("/developers/keys/new", 422, **key(**changes))
    assert not ApiKey.objects.exists()


def test_a_key_has_a_name_of_a_hundred_characters_and_fifty_networks(console: Person) -> None:
    console.posted("/developers/keys/new", 200, **key(name="長" * 100, networks="10.0.0.1\n" * 50))
    made = ApiKey.objects.get()
    assert (made.name, len(made.networks)) == ("長" * 100, 50)


# The organisation


def test_it_shows_the_senders_facts_and_its_own_staff_alone(
    console: Person, plain_console: Person, power_clerk: Staff
) -> None:
    page = console.get("/organisation")
    for shown in ("072991", "clerk@example.jp", "plain@example.jp", "2026-11-22"):
        assert shown in page, shown
    assert "power-clerk@example.jp" not in page


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", []),
        ("\n  \n", []),
        (" 203.0.113.7 \n \n 2001:db8::/32\n", ["203.0.113.7/32", "2001:db8::/32"]),
        ("１０.0.0.1／8", ["10.0.0.0/8"]),  # full width; a host's address stands for its network
    ],
)
def test_addresses_are_read_line_by_line_as_people_write_them(
    console: Person, typed: str, kept: list[str]
) -> None:
    console.posted("/developers/keys/new", 200, **key(networks=typed))
    assert ApiKey.objects.get().networks == kept


def test_a_wrong_address_is_told_as_it_was_written(console: Person) -> None:
    console.http.cookies["mypost_language"] = "en"
    wrong = "fe80::1%" + "x" * 43  # 51 characters
    page = console.posted("/developers/keys/new", 422, **key(networks=f"10.0.0.1\n{wrong}\nzzz"))
    assert f"{wrong[:50]} is not an address or a network." in page
    assert "zzz is not" not in page


@pytest.mark.parametrize(("day", "status"), [("2026-11-21", 422), ("2026-11-22", 200)])
def test_a_keys_last_day_may_be_today(
    console: Person, monkeypatch: pytest.MonkeyPatch, day: str, status: int
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)  # 10 o'clock of the 22nd in Japan
    console.posted("/developers/keys/new", status, **key(expires_on=day))


def test_a_key_without_a_last_day_has_no_end_and_a_test_key_is_none_of_the_live_ones(
    console: Person,
) -> None:
    page = console.posted("/developers/keys/new", 200, **key(expires_on="", kind="test"))
    assert secret_in(page).startswith("mp_test_")
    made = ApiKey.objects.get()
    assert (made.live, made.expires_at) == (False, None)


def test_the_newest_key_stands_first_and_one_that_has_expired_cannot_be_ended(
    console: Person, clerk: Staff
) -> None:
    for name, at, expires_at in (("first", NOW, LATER), ("second", LATER, None)):
        senders.make_api_key(
            clerk, name=name, live=True, scopes=[Scope.EVENTS_READ], at=at, expires_at=expires_at
        )
    listed = console.http.get("/developers").context["keys"]
    assert [(row["key"].name, row["is_usable"]) for row in listed] == [
        ("second", True), ("first", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path", ["/developers/keys/new", "/developers/keys/{id}/end"], ids=["making", "ending"]
)
def test_keys_are_made_and_ended_by_whoever_confirmed_it_just_now(
    console: Person, clerk: Staff, path: str
) -> None:
    made, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    somebody = signed_in_by_passkey(clerk.account)
    note_in(somebody, clerk.account, {**PASSKEY_RECORD, "at": 0})
    answer = somebody.post(path.format(id=made.id), key())
    assert answer["Location"].startswith("/account/reauthenticate/")
    made.refresh_from_db()
    assert (made.revoked_at, ApiKey.objects.count()) == (None, 1)


@pytest.mark.parametrize(
    ("path", "typed", "told"),
    [
        ("/topics/new", topic(), "The topic was added."),
        ("/topics/{news}", topic(), "The topic was changed."),
        ("/developers/keys/{key}/end", {}, "The key has ended."),
    ],
)
def test_what_was_done_is_told_on_the_list(
    console: Person, clerk: Staff, path: str, typed: dict[str, Any], told: str
) -> None:
    made, _secret = senders.make_api_key(
        clerk, name="k", live=True, scopes=[Scope.LETTERS_WRITE], at=NOW
    )
    console.http.cookies["mypost_language"] = "en"
    news = Topic.objects.get(sender=clerk.sender, slug="news")
    behind = console.http.post(path.format(news=news.id, key=made.id), typed, follow=True)
    assert told in behind.content.decode()


def test_a_topics_form_shows_what_it_is_now(console: Person, city: Sender) -> None:
    console.posted("/topics/new", **topic(required_assurance="2"))
    library = Topic.objects.get(sender=city, slug="library")
    form = console.http.get(f"/topics/{library.id}").context["form"]
    assert {name: form[name].value() for name in form.fields} == {
        "name": "図書館", "name_en": "Library", "category": "education", "required_assurance": 2,
    }  # fmt: skip
