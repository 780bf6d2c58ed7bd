"""The members who chose the sender, as far as a sender may know them."""

import os

import pytest

from mypost.entrypoints.sender_web import members as members_page
from mypost.kernel.pseudonyms import make_pseudonym
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.entrypoints.sender_web.conftest import Person, text_of


def let_choose(city: Sender, how_many: int) -> None:
    """As many members, each with a pseudonym of their own."""
    Subscription.objects.bulk_create(
        Subscription(
            id=make_id(),
            mailbox_id=make_id(),
            sender=city,
            pseudonym=make_pseudonym(os.urandom(16)),
            started_at=NOW,
        )
        for _ in range(how_many)
    )


def make_id() -> str:
    return os.urandom(16).hex()


def test_it_lists_pseudonyms_and_days_and_counts_them(
    console: Person, chosen: Subscription
) -> None:
    page = console.get("/members")
    assert chosen.pseudonym in page
    assert '<time datetime="2026-11-22">' in page
    assert "10:00" not in page  # the hour would let two senders recognise the same person


def test_who_left_is_not_listed(console: Person, chosen: Subscription, hanako: Member) -> None:
    subscriptions.leave(hanako, chosen.sender_id, at=LATER)
    assert chosen.pseudonym not in console.get("/members")
    assert chosen.pseudonym not in console.get("/members.csv")


def test_it_finds_a_part_of_a_pseudonym(console: Person, chosen: Subscription) -> None:
    assert chosen.pseudonym in console.get("/members", words=chosen.pseudonym[3:9].lower())
    assert chosen.pseudonym not in console.get("/members", words="%")


def test_words_to_look_for_are_as_long_as_a_pseudonym(console: Person, city: Sender) -> None:
    for name in ("words", "after"):
        console.get("/members", 200, **{name: "A" * 24})
        console.get("/members", 422, **{name: "A" * 25})


def test_pages_follow_each_other(console: Person, city: Sender) -> None:
    let_choose(city, 60)
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    first, second = console.get("/members"), console.get("/members", after=names[49])
    assert [name for name in names if f">{name}<" in first] == names[:50]
    assert [name for name in names if f">{name}<" in second] == names[50:]


def test_pages_of_a_search_keep_its_words(
    console: Person, city: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members_page, "ON_A_PAGE", 1)
    let_choose(city, 2)
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    first = console.http.get("/members", {"words": "－"}).context  # full width; all have one
    assert (first["total"], first["first_url"]) == (2, "")
    assert first["next_url"] == f"?words=-&after={names[0]}"
    second = console.http.get(f"/members{first['next_url']}").context
    assert [member.pseudonym for member in second["members"]] == [names[1]]
    assert (second["next_url"], second["first_url"]) == ("", "?words=-")


def test_all_of_them_can_be_downloaded_as_the_first_column_of_a_file_of_letters(
    console: Person, city: Sender
) -> None:
    let_choose(city, 1_100)
    answer = console.http.get("/members.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="members.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = text_of(answer)
    assert text.startswith("\ufeffrecipient,since\r\n")
    listed = [line.split(",") for line in text.splitlines()[1:]]
    names = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    assert listed == [[name, "2026-11-22"] for name in names]
