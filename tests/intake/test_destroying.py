"""What is destroyed goes with the commit, not before: power may fail on either side of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction

from mypost.common.clock import now
from mypost.intake import commands, delivery
from mypost.intake.commands import Origin
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Chunk, Consignment
from mypost.senders.models import Sender, Staff
from mypost.vault import commands as vault
from mypost.vault.models import StoredObject
from tests.conftest import LATER, NOW
from tests.intake.conftest import Fields
from tests.pdf_makers import by_hand

pytestmark = pytest.mark.django_db

PAPER = by_hand()


def replace_document(consignment: Consignment) -> None:
    ids = consignment.sender_id, consignment.id
    commands.put_document(*ids, "a.pdf", b"another", sha256=None, at=LATER)


def remove_document(consignment: Consignment) -> None:
    commands.remove_document(consignment.sender_id, consignment.id, "a.pdf")


def replace_items(consignment: Consignment) -> None:
    content = b'{"reference": "another"}'
    commands.put_items(consignment.sender_id, consignment.id, content, form=NDJSON, at=LATER)


def discard(consignment: Consignment) -> None:
    commands.discard(consignment.sender_id, consignment.id)


def deliver(consignment: Consignment) -> None:
    delivery.deliver_chunk(consignment.id, 1, at=LATER)


Act = Callable[[Consignment], None]
AboutTo = tuple[Consignment, Act, int]
# What is done, whether the consignment is a live one, and how many objects that destroys.
OPEN: dict[str, tuple[Act, bool, int]] = {
    "a document is replaced": (replace_document, True, 1),
    "a document is removed": (remove_document, True, 1),
    "the items are replaced": (replace_items, True, 1),
    "the consignment is discarded": (discard, True, 2),
}
DELIVERED: dict[str, tuple[Act, bool, int]] = {
    "the last item is decided": (deliver, True, 2),  # items and chunk; the letter has the document
    "the last item of a test is decided": (deliver, False, 3),
}
ACTS = OPEN | DELIVERED


@pytest.fixture(params=ACTS, ids=lambda name: name.replace(" ", "_"))
def about_to(request: pytest.FixtureRequest, city: Sender, clerk: Staff, item: Fields) -> AboutTo:
    """A consignment with one document and one item, and what is about to be done with it."""
    act, live, destroyed = ACTS[request.param]
    origin = Origin(city, live=live, staff=clerk)
    opened = commands.open_consignment(origin, reference="C-1", at=NOW)
    commands.put_document(city.id, opened.id, "a.pdf", PAPER, sha256=None, at=NOW)
    line = json.dumps({**item, "documents": ["a.pdf"]}).encode()
    commands.put_items(city.id, opened.id, line, form=NDJSON, at=NOW)
    if request.param in DELIVERED:
        commands.submit(city.id, opened.id, at=NOW)
        delivery.examine_consignment(opened.id, at=NOW)
    return opened, act, destroyed


def what_waits(consignment_id: UUID) -> list[bytes]:
    """Open everything that waits in a consignment, as the night work does."""
    consignment = Consignment.objects.get(id=consignment_id)
    waits: list[tuple[Any, Any]] = [(consignment.items_object, consignment.items_secret)]
    waits += consignment.documents.values_list("object_id", "secret")
    waits += Chunk.objects.filter(consignment=consignment).values_list("object_id", "secret")
    transit = delivery.transit_of(consignment)
    return [transit.fetch(object_id, bytes(secret)) for object_id, secret in waits]


def files() -> set[str]:
    return {path.name for path in settings.STORE_FOLDER.rglob("*") if path.is_file()}


def named_by_rows() -> set[str]:
    return {object_id.hex for object_id in StoredObject.objects.values_list("id", flat=True)}


def test_it_is_there_until_the_commit_and_gone_after_it(
    about_to: AboutTo, django_capture_on_commit_callbacks: Any
) -> None:
    consignment, act, destroyed = about_to
    waits, before = what_waits(consignment.id), files()
    assert PAPER in waits
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        act(consignment)
        transaction.set_rollback(True)
    assert what_waits(consignment.id) == waits
    with django_capture_on_commit_callbacks(execute=True):
        act(consignment)
    assert len(before - files()) == destroyed
    assert before & files() == before & named_by_rows()


def test_killed_right_after_the_commit_it_is_swept_and_nothing_else_is(
    about_to: AboutTo, django_capture_on_commit_callbacks: Any
) -> None:
    consignment, act, destroyed = about_to
    before = files()
    with django_capture_on_commit_callbacks(execute=False):  # here kill -9 comes
        act(consignment)
    assert before <= files()
    assert vault.sweep(at=now() + timedelta(minutes=61)) == destroyed
    assert files() == named_by_rows()
    assert vault.sweep(at=now() + timedelta(minutes=61)) == 0


@pytest.mark.parametrize("about_to", DELIVERED, indirect=True)
def test_a_second_run_of_a_delivery_killed_after_its_commit_changes_nothing(
    about_to: AboutTo, django_capture_on_commit_callbacks: Any
) -> None:
    consignment, act, destroyed = about_to
    with django_capture_on_commit_callbacks(execute=False):
        act(consignment)
    before = files()
    with django_capture_on_commit_callbacks(execute=True):
        delivery.examine_consignment(consignment.id, at=LATER)
        act(consignment)
    assert Consignment.objects.get().in_mailbox == 1
    assert files() == before
    assert len(before - named_by_rows()) == destroyed
