"""A consignment of the city, handed in and worked off step by step."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from uuid import UUID

import pytest

from mypost.intake import commands, delivery
from mypost.intake.commands import Origin
from mypost.intake.examiner import Examiner
from mypost.intake.examiner_zygote import Cage
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Chunk, Consignment, Item
from mypost.senders.models import Sender, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.intake.examinations import FOR_EVER
from tests.scanner import scanner, scanners

__all__ = ["scanner", "scanners"]  # fixtures

Fields = dict[str, object]
HandIn = Callable[..., Consignment]


@pytest.fixture
def item(chosen: Subscription) -> Fields:
    """An item to Hanako that is right in every field."""
    return {"recipient": chosen.pseudonym, "reference": "R-1", "subject": "お知らせ"}


@pytest.fixture
def hand_in(city: Sender, clerk: Staff) -> HandIn:
    """Hand in and submit a consignment: items, documents by name."""

    def hand_in(
        items: Sequence[Mapping[str, object]],
        documents: Mapping[str, bytes] | None = None,
        *,
        live: bool = True,
        topic: str = "",
    ) -> Consignment:
        origin = Origin(city, live=live, staff=clerk)
        opened = commands.open_consignment(origin, reference="C-1", topic=topic, at=NOW)
        for name, content in (documents or {}).items():
            commands.put_document(city.id, opened.id, name, content, sha256=None, at=NOW)
        lines = "\n".join(map(json.dumps, items)).encode()
        commands.put_items(city.id, opened.id, lines, form=NDJSON, at=NOW)
        return commands.submit(city.id, opened.id, at=NOW)

    return hand_in


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    """An examiner of the tests' own, with its processes. It never finds a document too slow."""
    with Examiner(cage=Cage(wall=FOR_EVER)) as examiner:
        yield examiner


def work_off(consignment: Consignment) -> Consignment:
    """Do all the night work of a consignment, and return how it stands then."""
    delivery.examine_consignment(consignment.id, at=LATER)
    for number in chunks_of(consignment.id):
        delivery.deliver_chunk(consignment.id, number, at=LATER)
    return Consignment.objects.get(id=consignment.id)


def chunks_of(consignment_id: UUID) -> list[int]:
    chunks = Chunk.objects.filter(consignment_id=consignment_id).order_by("number")
    return list(chunks.values_list("number", flat=True))


def results(consignment: Consignment) -> list[tuple[str, str]]:
    """Return (code, place) of each item in order, ("", "") for an accepted one."""
    items = Item.objects.filter(consignment=consignment).order_by("position")
    return list(items.values_list("code", "place"))
