"""What may be done with paper: compose it, hand it to the print shop, hear what became of it."""

import base64
import binascii
import hashlib
import json
import os
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from mypost.common.clock import new_id
from mypost.common.failpoints import failpoint
from mypost.kernel import sealing
from mypost.kernel.errors import KeyMalformed
from mypost.kernel.identifiers import mail_piece_number
from mypost.kernel.typesetting import TypesettingFailed
from mypost.printing import feeds, outside, papers
from mypost.printing.errors import (
    AnswerUnreadable,
    PaperKeyAbsent,
    PartyAway,
    PartyRefuses,
    PrintingError,
)
from mypost.printing.models import MailPiece, Party
from mypost.proofing import passcodes
from mypost.proofing import queries as proofing
from mypost.proofing.errors import PasscodeNotDue
from mypost.proofing.models import PasscodeRequest
from mypost.proofing.passcodes import PostalFacts
from mypost.proofing.reasons import PostalEvent, ReturnReason
from mypost.vault import commands as vault
from mypost.vault.errors import ContentGone

RUN = 100  # pieces composed in one run
LEASE = timedelta(seconds=60)  # in which no other worker hands the same piece over
PAUSES = [timedelta(seconds=s) for s in (10, 60, 300, 1800)]  # before the next try; the last stays
RESTRICTED_DELIVERY = "restricted_delivery"
State = MailPiece.State


# Composing


def compose_due(*, at: datetime) -> int:
    """Compose a letter for each passcode that was asked for, and return how many.

    Each in one transaction: code, sealed paper and row come together or not at all. Whoever is
    killed leaves at most a sealed file without a row, which is swept. Raises PaperKeyAbsent.
    """
    if not settings.PRINT_SHOP_URL:
        return 0
    key = _print_shop_key()
    return sum(_compose(request_id, key, at=at) for request_id in proofing.passcodes_to_print(RUN))


def _print_shop_key() -> bytes:
    try:
        key = base64.b64decode(settings.PRINT_SHOP_PUBLIC_KEY, validate=True)
        sealing.parse_public_key(key)
    except (binascii.Error, KeyMalformed) as error:
        raise PaperKeyAbsent from error
    return key


@transaction.atomic
def _compose(request_id: UUID, key: bytes, *, at: datetime) -> bool:
    """Compose one letter. The plain code lives in this function alone."""
    try:
        code = passcodes.issue(request_id, at=at)
    except PasscodeNotDue:  # another worker was faster
        return False
    failpoint("print.issued")
    addressee, number = proofing.addressee(request_id), mail_piece_number(os.urandom(8))
    piece = MailPiece(
        mailbox_id=addressee.mailbox_id, id=new_id(at), kind=MailPiece.Kind.PASSCODE,
        subject_id=request_id, number=number, composed_at=at, due_at=at,
    )  # fmt: skip
    try:
        paper = papers.passcode_letter(
            addressee, number=number, code=code, valid_for=passcodes.VALID_FOR, at=at
        )
    except TypesettingFailed:
        _give_up(piece, at=at)
        return False
    sealed = sealing.seal_mail_piece(key, paper, number=number)
    failpoint("print.sealed")
    piece.object_id = vault.put_away_sealed(sealed, at=at)
    piece.save(force_insert=True)
    failpoint("print.before_commit")
    return True


def _give_up(piece: MailPiece, *, at: datetime) -> None:
    """Tell that a letter cannot be printed, so that its member learns why and can ask again."""
    piece.state, piece.failure = State.FAILED, ReturnReason.NOT_PRINTABLE
    piece.save(force_insert=True)
    reason = PostalFacts(return_reason=ReturnReason.NOT_PRINTABLE)
    passcodes.note(piece.subject_id, PostalEvent.RETURNED, at=at, facts=reason)


# Handing over


def hand_to_printer(*, at: datetime) -> int:
    """Hand every piece that is due to the print shop, and return how many it took.

    Handing over again is harmless: the number names the piece. A shop that is away is asked once
    for all of them; what it does not take is tried again after a pause that grows.
    """
    taken = 0
    while settings.PRINT_SHOP_URL and (piece := _claim(at=at)) is not None:
        try:
            _put(piece)
        except (PrintingError, ContentGone) as refusal:
            _put_off(piece, refusal.code, at=at)
            if isinstance(refusal, PartyAway):
                break
        else:
            failpoint("print.handed")
            _mark_ordered(piece)
            taken += 1
    return taken


@transaction.atomic
def _claim(*, at: datetime) -> MailPiece | None:
    """Return the next piece that is due, taken from the other workers for a while."""
    due = MailPiece.objects.filter(state=State.COMPOSED, due_at__lte=at).order_by("due_at")
    for piece in due.select_for_update(skip_locked=True):
        if _is_wanted(piece):
            piece.due_at = at + LEASE
            piece.attempts = min(piece.attempts + 1, 30_000)
            piece.save(update_fields=["due_at", "attempts"])
            return piece
        _cancel(piece)
    return None


def _is_wanted(piece: MailPiece) -> bool:
    asked = PasscodeRequest.objects.filter(id=piece.subject_id, state__in=PasscodeRequest.OPEN)
    return asked.exists()


def _cancel(piece: MailPiece) -> None:
    assert piece.object_id is not None  # constraint piece_waits_with_its_paper
    vault.destroy_objects([piece.object_id])
    piece.state, piece.object_id = State.CANCELLED, None
    piece.save(update_fields=["state", "object_id"])


def _put(piece: MailPiece) -> None:
    """Give one piece to the print shop.

    Raises PartyAway, PartyRefuses, AnswerUnreadable; ContentGone when the store is not there.
    Source: RFC 9530 §3.
    """
    assert piece.object_id is not None  # constraint piece_waits_with_its_paper
    sealed = vault.sealed_bytes(piece.object_id)
    digest = hashlib.sha256(sealed).digest()
    answer = outside.ask(
        "PUT",
        f"{settings.PRINT_SHOP_URL}/pieces/{piece.number}",
        token=settings.PRINT_SHOP_TOKEN,
        content=sealed,
        headers={
            "Content-Type": "application/octet-stream",
            "Repr-Digest": f"sha-256=:{base64.b64encode(digest).decode()}:",
            "Mail-Service": RESTRICTED_DELIVERY,
        },
    )
    if answer.status not in (200, 201):
        raise PartyAway if answer.status >= 500 or answer.status == 429 else PartyRefuses
    # Any box on the way may say 200: only the shop knows what it was given.
    if not _confirms(answer.body, piece.number, digest):
        raise AnswerUnreadable


def _confirms(body: bytes, number: str, digest: bytes) -> bool:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and (told.get("number"), told.get("sha256")) == (
        number,
        digest.hex(),
    )


def _put_off(piece: MailPiece, code: str, *, at: datetime) -> None:
    pause = PAUSES[min(piece.attempts, len(PAUSES)) - 1]
    waiting = MailPiece.objects.filter(
        mailbox_id=piece.mailbox_id, id=piece.id, state=State.COMPOSED
    )
    waiting.update(due_at=at + pause, failure=code)


def _mark_ordered(piece: MailPiece) -> None:
    # Its events may have been quicker: what is printed does not become ordered again.
    waiting = MailPiece.objects.filter(
        mailbox_id=piece.mailbox_id, id=piece.id, state=State.COMPOSED
    )
    waiting.update(state=State.ORDERED, failure="")


# Hearing from outside


def take_events(*, at: datetime) -> int:
    """Ask the print shop and the carrier what happened, and return how many events were new.

    A party that is away, slow, or talks nonsense is asked again after a pause that grows; it
    keeps the other one from nothing.
    """
    return sum(feeds.take(party, at=at) for party in Party if feeds.address_of(party))
