"""What may be done with content: make a mailbox's keys, seal, open, put away, destroy."""

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction

from mypost.common.clock import new_id
from mypost.kernel import sealing
from mypost.kernel.errors import SealBroken
from mypost.vault import custodian
from mypost.vault.envelope import Document, EnvelopeContent
from mypost.vault.errors import ContentDamaged, ContentGone
from mypost.vault.models import Envelope, MailboxKey, StoredObject
from mypost.vault.store import store

KEY_VERSION = 1
LONGEST_TRANSACTION = timedelta(hours=1)
log = logging.getLogger("mypost.vault")


@dataclass(frozen=True, slots=True)
class LetterToSeal:
    """One letter's content and the mailbox that alone shall open it."""

    letter_id: UUID
    mailbox_id: UUID
    public_key: bytes
    content: EnvelopeContent


def create_mailbox_keys(mailbox_id: UUID, *, at: datetime) -> None:
    """Make a mailbox's hybrid key pair; the private half is kept wrapped.

    Raises CustodianAbsent. Source: draft-ietf-hpke-pq §MLKEM768-X25519.
    """
    private_key, public_key = sealing.generate_key_pair()
    MailboxKey.objects.create(
        mailbox_id=mailbox_id,
        version=KEY_VERSION,
        public_key=public_key,
        wrapped_private_key=custodian.wrap_private_key(private_key, context=mailbox_id.bytes),
        created_at=at,
    )


def seal_letters(letters: Iterable[LetterToSeal]) -> None:
    """Seal each letter's envelope to its mailbox and keep it, with one COPY."""
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY vault_envelope (mailbox_id, letter_id, key_version, sealed)"
            " FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.set_types(["uuid", "uuid", "int2", "bytea"])
        for letter in letters:
            sealed = sealing.seal_envelope(
                letter.public_key,
                letter.content.as_bytes(),
                letter_id=letter.letter_id,
                mailbox_id=letter.mailbox_id,
            )
            copy.write_row((letter.mailbox_id, letter.letter_id, KEY_VERSION, sealed))


def open_envelopes(mailbox_id: UUID, letter_ids: Sequence[UUID]) -> dict[UUID, EnvelopeContent]:
    """Open letters of one mailbox for its signed-in reader; the caller keeps no copy.

    A letter whose content is gone is missing from the answer. Raises CustodianAbsent,
    ContentDamaged.
    """
    sealed = Envelope.objects.filter(mailbox_id=mailbox_id, letter_id__in=letter_ids)
    rows = list(sealed.values_list("letter_id", "sealed"))
    if not rows:
        return {}
    opener = sealing.Opener(_private_key(mailbox_id))
    try:
        return {
            letter_id: EnvelopeContent.from_bytes(
                opener.open(bytes(content), letter_id=letter_id, mailbox_id=mailbox_id)
            )
            for letter_id, content in rows
        }
    except SealBroken:
        raise ContentDamaged from None


def open_envelope(mailbox_id: UUID, letter_id: UUID) -> EnvelopeContent:
    """Open one letter. Raises CustodianAbsent, ContentDamaged, ContentGone."""
    opened = open_envelopes(mailbox_id, [letter_id])
    if letter_id not in opened:
        raise ContentGone
    return opened[letter_id]


def open_document(document: Document) -> bytes:
    """Return a document's bytes, checked against its digest. Raises ContentGone, ContentDamaged."""
    sealed = store().get(document.object_id)
    try:
        return sealing.open_document(
            document.key, sealed, object_id=document.object_id, digest=document.sha256
        )
    except SealBroken:
        raise ContentDamaged from None


@transaction.atomic
def destroy_mailbox_keys(mailbox_ids: Sequence[UUID]) -> None:
    """Destroy all content of mailboxes for good: their private keys and sealed envelopes.

    With the envelopes go the keys of their documents, so what lies in the store is noise, also
    where another mailbox holds the same document. Destroying twice is the same as once.
    """
    MailboxKey.objects.filter(mailbox_id__in=mailbox_ids).delete()
    Envelope.objects.filter(mailbox_id__in=mailbox_ids).delete()


def put_away(content: bytes, *, key: bytes, at: datetime) -> UUID:
    """Encrypt content under its own key, write it durably, return the object's id.

    Call it in the transaction that will refer to the object: if that rolls back, the file
    without a row is swept later.
    """
    object_id = new_id(at)
    sealed = sealing.seal_document(key, content, object_id=object_id, nonce=os.urandom(12))
    _keep(object_id, sealed, at=at)
    return object_id


def put_away_sealed(sealed: bytes, *, at: datetime) -> UUID:
    """Keep what is sealed to an outside party's key already, so that nobody here can open it.

    As put_away: in the transaction that will refer to the object, whose id is returned.
    """
    object_id = new_id(at)
    _keep(object_id, sealed, at=at)
    return object_id


def sealed_bytes(object_id: UUID) -> bytes:
    """Return an object as it lies, for the party that can open it. Raises ContentGone."""
    return store().get(object_id)


def _keep(object_id: UUID, sealed: bytes, *, at: datetime) -> None:
    store().put(object_id, sealed)
    StoredObject.objects.create(id=object_id, size=len(sealed), created_at=at)


def destroy_objects(object_ids: Sequence[UUID]) -> None:
    """Delete objects: the rows now, the files once the transaction has committed.

    A file that cannot be deleted then fails nothing any more: it is swept later.
    """
    StoredObject.objects.filter(id__in=object_ids).delete()
    for object_id in object_ids:
        _delete_after_commit(object_id)


def _delete_after_commit(object_id: UUID) -> None:
    def delete_file() -> None:  # no partial: Django logs a robust one's failure by its name
        store().delete(object_id)

    transaction.on_commit(delete_file, robust=True)


def sweep(*, at: datetime) -> int:
    """Delete files that no row names: left by a process killed before its commit, or after it.

    Only files older than an hour: a younger one may belong to a transaction that still runs.
    Returns how many. Running it twice is the same as once.
    """
    swept = 0
    found = store().written_before(at - LONGEST_TRANSACTION)
    while group := list(islice(found, 1_000)):
        known = set(StoredObject.objects.filter(id__in=group).values_list("id", flat=True))
        swept += sum(map(_try_to_delete, set(group) - known))
    return swept


def _try_to_delete(object_id: UUID) -> bool:
    try:
        store().delete(object_id)
    except OSError as error:  # whatever is wrong with this one, the next one goes
        log.warning("a file of the store could not be deleted: %s", type(error).__name__)
        return False
    return True


def _private_key(mailbox_id: UUID) -> bytes:
    row = MailboxKey.objects.get(mailbox_id=mailbox_id, version=KEY_VERSION)
    return custodian.unwrap_private_key(bytes(row.wrapped_private_key), context=mailbox_id.bytes)
