"""The console works with the rights that its role has in the database, and with no more."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection

from mypost.letters.models import Letter
from mypost.senders.models import Sender, Topic
from mypost.subscriptions.models import Subscription
from tests.entrypoints.sender_web.conftest import Person, id_in, pdf, words
from tests.entrypoints.sender_web.test_access import DATA, PAGES
from tests.entrypoints.sender_web.test_administration import key, topic
from tests.entrypoints.sender_web.test_handing_in import HEAD, hand_in


@pytest.fixture
def as_the_door(console: Person, letter: Letter) -> Iterator[None]:
    """Be the sender's role from here on."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mypost_sender")
        yield
        cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("as_the_door")
def test_it_reads_its_pages(console: Person, letter: Letter) -> None:
    at_letter, at_consignment = f"/letters/{letter.id}", f"/consignments/{letter.consignment_id}"
    for path in (*PAGES, *DATA, at_letter, at_consignment, f"{at_consignment}/results.csv"):
        console.get(path)
    console.get(f"{at_letter}/receipt", 503)


@pytest.mark.usefixtures("as_the_door")
def test_it_writes_sends_and_discards(console: Person, chosen: Subscription) -> None:
    draft = id_in(console.posted("/letters/new", **words(documents=pdf("a.pdf"))))
    console.posted(f"/letters/new/{draft}/text", 200, **words(remove="a.pdf"))
    at_recipients = f"/letters/new/{draft}/recipients"
    console.posted(at_recipients, recipients=chosen.pseudonym, check="1")
    console.posted(f"/consignments/{draft}/send")
    other: UUID = hand_in(console, f"{HEAD}\n{chosen.pseudonym},A-1,件名,,\n", documents=pdf())
    console.get(f"/consignments/{other}/check")
    console.posted(f"/consignments/{other}/discard")


@pytest.mark.usefixtures("as_the_door")
def test_it_keeps_topics_and_keys(console: Person, city: Sender) -> None:
    console.posted("/topics/new", **topic())
    news = Topic.objects.get(sender=city, slug="news")
    console.posted(f"/topics/{news.id}", **topic())
    assert "mp_live_" in console.posted("/developers/keys/new", 200, **key())
