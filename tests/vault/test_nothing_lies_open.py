"""With the key file away, the whole database and the whole store hold nothing that can be read."""

import base64
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import Settings

from config.embedded_postgres import binaries
from mypost.intake import commands as intake
from mypost.intake import delivery
from mypost.intake.commands import HandedDocument, Origin
from mypost.intake.items_file import NDJSON
from mypost.intake.models import Chunk, Consignment
from mypost.letters.commands import hand_over
from mypost.members.models import Member
from mypost.senders.models import Staff
from mypost.subscriptions.models import Subscription
from mypost.vault import commands as vault
from mypost.vault.errors import CustodianAbsent
from tests.conftest import LATER, NOW, SendLetter
from tests.pdf_makers import by_fpdf2

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECTS = [f"件名の秘密その{number}" for number in range(50)]
BODIES = [f"the whole secret number {number} of a body" for number in range(50)]
PHRASES = SUBJECTS + BODIES
PAPER = "a phrase that stands in the paper alone"
PAPER_NAME = "a-name-nobody-should-read.pdf"


def disguises(phrase: str) -> Iterator[bytes]:
    """The phrase as it could lie about without being sealed."""
    for encoding in ("utf-8", "utf-16-le", "cp932"):
        written = phrase.encode(encoding)
        yield written
        yield written.hex().encode()
        yield base64.b64encode(written)[:-4]


def dump_of_the_database() -> bytes:
    settings = connection.settings_dict
    command = [binaries() / "pg_dump", "-h", settings["HOST"], "-U", settings["USER"]]
    dump = subprocess.run([*command, settings["NAME"]], check=True, capture_output=True)
    assert b"letters_letter" in dump.stdout
    return dump.stdout


def everything_stored(settings: Settings) -> bytes:
    files = [path for path in Path(settings.STORE_FOLDER).rglob("*") if path.is_file()]
    return dump_of_the_database() + b"".join(path.read_bytes() for path in files)


def found_in(haystack: bytes, phrases: list[str]) -> list[str]:
    lowered = haystack.lower()
    return [p for p in phrases if any(d.lower() in lowered for d in disguises(p))]


def send_all(send_letter: SendLetter) -> list[object]:
    paper = HandedDocument(PAPER_NAME, by_fpdf2(PAPER))
    return [
        send_letter([paper], reference=f"R-{n}", subject=subject, body=body).letter_id
        for n, (subject, body) in enumerate(zip(SUBJECTS, BODIES, strict=True))
    ]


def test_delivered_letters_cannot_be_found_in_any_form(
    send_letter: SendLetter, settings: Settings
) -> None:
    send_all(send_letter)
    assert found_in(everything_stored(settings), [*PHRASES, PAPER, PAPER_NAME]) == []


def test_the_search_would_find_a_phrase_that_lies_open(settings: Settings) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (note text)")
        cursor.execute("INSERT INTO careless VALUES (%s)", [f"…{PHRASES[0]}…"])
        try:
            assert found_in(everything_stored(settings), PHRASES) == [PHRASES[0]]
        finally:
            cursor.execute("DROP TABLE careless")


def test_what_waits_to_be_delivered_is_encrypted_too(
    clerk: Staff, chosen: Subscription, settings: Settings
) -> None:
    origin = Origin(clerk.sender, live=True, staff=clerk)
    consignment = intake.open_consignment(origin, reference="waiting", at=NOW)
    lines = [
        f'{{"recipient": "{chosen.pseudonym}", "reference": "W-{n}", "subject": "{subject}"}}'
        for n, subject in enumerate(SUBJECTS)
    ]
    content = "\n".join(lines).encode()
    intake.put_items(clerk.sender_id, consignment.id, content, form=NDJSON, at=NOW)
    intake.submit(clerk.sender_id, consignment.id, at=NOW)
    delivery.examine_consignment(consignment.id, at=NOW)
    assert found_in(everything_stored(settings), SUBJECTS) == []
    for chunk in Chunk.objects.filter(consignment=consignment):
        delivery.deliver_chunk(consignment.id, chunk.number, at=NOW)
    assert found_in(everything_stored(settings), SUBJECTS) == []


def test_the_transit_key_is_gone_once_every_item_is_decided(letter: object) -> None:
    consignment = Consignment.objects.get()
    assert (consignment.state, consignment.transit_key) == ("completed", None)
    assert not consignment.documents.exists()


def test_a_process_without_the_custodians_key_opens_nothing(
    send_letter: SendLetter, hanako: Member, settings: Settings
) -> None:
    item = send_letter()
    settings.CUSTODIAN_KEY_FILE = None
    with pytest.raises(CustodianAbsent):
        hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
    with pytest.raises(CustodianAbsent):
        vault.open_envelopes(hanako.mailbox_id, [item.letter_id])


def test_intake_delivers_without_the_custodians_key(
    send_letter: SendLetter, settings: Settings
) -> None:
    settings.CUSTODIAN_KEY_FILE = None
    assert send_letter().state == "consigned"
