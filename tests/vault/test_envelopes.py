"""Sealing to a mailbox, opening for its reader, putting away, destroying."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from mypost.kernel.errors import SealBroken
from mypost.vault import commands as vault
from mypost.vault import custodian
from mypost.vault.envelope import Document, EnvelopeContent
from mypost.vault.errors import (
    ContentDamaged,
    ContentGone,
    CustodianAbsent,
    IntakeKeyAbsent,
)
from mypost.vault.models import Envelope, MailboxKey, StoredObject
from mypost.vault.store import store
from tests.conftest import NOW

OWN, STRANGE = UUID(int=1), UUID(int=2)  # two mailboxes
FIRST, SECOND = UUID(int=11), UUID(int=12)  # two letters
PAPER = Document("通知.pdf", "application/pdf", 4321, 3, b"\x0f" * 32, UUID(int=21), b"\xf0" * 32)
TABLE = replace(PAPER, name="表.csv", media_type="text/csv", pages=0, object_id=UUID(int=22))
CONTENT = EnvelopeContent("件名", "# 本文", "ja", "R-1", (PAPER, TABLE))
pytestmark = pytest.mark.django_db


def test_an_envelope_is_read_as_it_was_written() -> None:
    written = EnvelopeContent("件名", "本文", "ja", "R-1", (replace(PAPER, name="a.pdf"),))
    # RFC 8785; letters of decades must still be read, so this form never changes.
    assert written.as_bytes().decode() == (
        '{"body":"本文","documents":[{"key":"' + "f0" * 32 + '","media_type":"application/pdf",'
        '"name":"a.pdf","object":"00000000-0000-0000-0000-000000000015","pages":3,'
        '"sha256":"' + "0f" * 32 + '","size":4321}],"language":"ja","reference":"R-1",'
        '"subject":"件名","v":1}'
    )
    for content in (written, CONTENT, replace(CONTENT, documents=())):
        assert EnvelopeContent.from_bytes(content.as_bytes()) == content


@pytest.fixture
def sealed() -> None:
    """Two letters in one mailbox, one in another."""
    for mailbox_id in (OWN, STRANGE):
        vault.create_mailbox_keys(mailbox_id, at=NOW)
    seal(OWN, [FIRST, SECOND])
    seal(STRANGE, [FIRST])


def seal(mailbox_id: UUID, letter_ids: Sequence[UUID]) -> None:
    public_key = bytes(MailboxKey.objects.get(mailbox_id=mailbox_id).public_key)
    vault.seal_letters(
        vault.LetterToSeal(letter_id, mailbox_id, public_key, content_of(mailbox_id, letter_id))
        for letter_id in letter_ids
    )


def content_of(mailbox_id: UUID, letter_id: UUID) -> EnvelopeContent:
    return replace(CONTENT, reference=f"{mailbox_id.int}/{letter_id.int}")


def test_a_mailbox_has_a_pair_of_keys_and_the_private_one_lies_wrapped(sealed: None) -> None:
    key = MailboxKey.objects.get(mailbox_id=OWN)
    assert (key.version, key.created_at) == (1, NOW)
    wrapped = bytes(key.wrapped_private_key)
    assert custodian.unwrap_private_key(wrapped, context=OWN.bytes)
    with pytest.raises(SealBroken):  # not another mailbox's
        custodian.unwrap_private_key(wrapped, context=STRANGE.bytes)


def test_letters_open_for_their_own_mailbox_alone(sealed: None) -> None:
    asked = [FIRST, SECOND, uuid4()]
    own = {each: content_of(OWN, each) for each in (FIRST, SECOND)}
    assert vault.open_envelopes(OWN, asked) == own
    assert vault.open_envelopes(OWN, [SECOND]) == {SECOND: own[SECOND]}
    assert vault.open_envelopes(STRANGE, asked) == {FIRST: content_of(STRANGE, FIRST)}
    assert vault.open_envelope(OWN, FIRST) == own[FIRST]
    assert set(Envelope.objects.values_list("key_version", flat=True)) == {1}


def test_nothing_to_open_needs_no_key(sealed: None, settings: Settings) -> None:
    settings.CUSTODIAN_KEY_FILE = None
    assert vault.open_envelopes(OWN, [uuid4()]) == {}
    with pytest.raises(CustodianAbsent):
        vault.open_envelopes(OWN, [FIRST])


def test_another_letters_envelope_in_its_place_is_damage(sealed: None) -> None:
    others = Envelope.objects.get(mailbox_id=OWN, letter_id=SECOND).sealed
    Envelope.objects.filter(mailbox_id=OWN, letter_id=FIRST).update(sealed=bytes(others))
    with pytest.raises(ContentDamaged):
        vault.open_envelope(OWN, FIRST)
    assert vault.open_envelope(OWN, SECOND) == content_of(OWN, SECOND)


def test_destroying_a_mailbox_destroys_all_of_it_and_no_other(sealed: None) -> None:
    for _ in range(2):  # twice is the same as once
        vault.destroy_mailbox_keys([OWN])
    for letter_id in (FIRST, SECOND):
        with pytest.raises(ContentGone):
            vault.open_envelope(OWN, letter_id)
    assert set(MailboxKey.objects.values_list("mailbox_id", flat=True)) == {STRANGE}
    assert set(Envelope.objects.values_list("mailbox_id", flat=True)) == {STRANGE}
    assert vault.open_envelope(STRANGE, FIRST) == content_of(STRANGE, FIRST)


# Objects of the store


def put_away(content: bytes, key: bytes) -> Document:
    object_id = vault.put_away(content, key=key, at=NOW)
    return replace(PAPER, object_id=object_id, key=key, sha256=hashlib.sha256(content).digest())


def test_a_document_opens_with_its_own_key_and_digest_alone() -> None:
    document = put_away(b"%PDF", os.urandom(32))
    assert vault.open_document(document) == b"%PDF"
    row = StoredObject.objects.get(id=document.object_id)
    assert (row.size, row.created_at) == (len(store().get(row.id)), NOW)
    for damaged in (
        replace(document, key=bytes(32)),
        replace(document, sha256=bytes(32)),
        replace(document, object_id=moved(document.object_id)),
    ):
        with pytest.raises(ContentDamaged):
            vault.open_document(damaged)
    with pytest.raises(ContentGone):
        vault.open_document(replace(document, object_id=uuid4()))


def moved(object_id: UUID) -> UUID:
    """The same bytes under another name, as whoever swaps two files would leave them."""
    other = uuid4()
    store().put(other, store().get(object_id))
    return other


def test_what_is_sealed_already_is_kept_as_it_is() -> None:
    object_id = vault.put_away_sealed(b"for the print shop", at=NOW)
    assert vault.sealed_bytes(object_id) == b"for the print shop"
    row = StoredObject.objects.get()
    assert (row.id, row.size, row.created_at) == (object_id, 18, NOW)


def test_objects_go_when_their_destruction_is_committed_and_not_before(
    django_capture_on_commit_callbacks: Any,
) -> None:
    goes, stays = (vault.put_away_sealed(b"x", at=NOW) for _ in range(2))
    with django_capture_on_commit_callbacks(execute=True):
        with transaction.atomic():
            vault.destroy_objects([stays])
            transaction.set_rollback(True)
        vault.destroy_objects([goes])
        assert vault.sealed_bytes(goes) == b"x"  # the commit is still to come
    with pytest.raises(ContentGone):
        vault.sealed_bytes(goes)
    assert vault.sealed_bytes(stays) == b"x"
    assert [row.id for row in StoredObject.objects.all()] == [stays]


def test_a_file_that_is_swept_stays_while_a_row_names_it() -> None:
    kept, stray = vault.put_away_sealed(b"x", at=NOW), uuid4()
    store().put(stray, b"x")
    far = NOW + timedelta(days=36_500)
    assert vault.sweep(at=far) == 1
    assert vault.sweep(at=far) == 0
    assert vault.sealed_bytes(kept) == b"x"


def test_deleting_a_file_twice_is_the_same_as_once() -> None:
    object_id = uuid4()
    store().put(object_id, b"x")
    for _ in range(2):
        store().delete(object_id)
    with pytest.raises(ContentGone):
        store().get(object_id)


# Keys


def test_the_two_keepers_hold_different_keys(settings: Settings) -> None:
    context = OWN.bytes
    private = custodian.wrap_private_key(b"k" * 32, context=context)
    transit = custodian.wrap_transit_key(b"k" * 32, context=context)
    assert custodian.unwrap_private_key(private, context=context) == b"k" * 32
    assert custodian.unwrap_transit_key(transit, context=context) == b"k" * 32
    for unwrap, other in (
        (custodian.unwrap_private_key, transit),
        (custodian.unwrap_transit_key, private),
    ):
        with pytest.raises(SealBroken):
            unwrap(other, context=context)
    settings.CUSTODIAN_KEY_FILE = settings.INTAKE_KEY_FILE = None
    for keeper, refusal in (
        (custodian.wrap_private_key, CustodianAbsent),
        (custodian.unwrap_private_key, CustodianAbsent),
        (custodian.wrap_transit_key, IntakeKeyAbsent),
        (custodian.unwrap_transit_key, IntakeKeyAbsent),
    ):
        with pytest.raises(refusal):
            keeper(private, context=context)
