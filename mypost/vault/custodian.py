"""The two keepers of keys, by reference to a file. A process without the file cannot do it.

custodian: wraps the private keys of mailboxes. Only the member's door (and later the reader)
holds it. intake: wraps transit keys, which open what is not yet delivered; the sender's doors
and the worker hold it, and it opens no delivered letter.
"""

import os
from functools import cache
from pathlib import Path

from django.conf import settings

from mypost.kernel.sealing import unwrap_key, wrap_key
from mypost.vault.errors import CustodianAbsent, IntakeKeyAbsent


@cache
def _key(file: Path) -> bytes:
    key = bytes.fromhex(file.read_text(encoding="ascii"))
    if len(key) != 32:
        raise ValueError(f"{file} must hold 32 bytes in hex.")
    return key


def _custodian_key() -> bytes:
    if settings.CUSTODIAN_KEY_FILE is None:
        raise CustodianAbsent
    return _key(settings.CUSTODIAN_KEY_FILE)


def _intake_key() -> bytes:
    if settings.INTAKE_KEY_FILE is None:
        raise IntakeKeyAbsent
    return _key(settings.INTAKE_KEY_FILE)


def wrap_private_key(private_key: bytes, *, context: bytes) -> bytes:
    """Wrap a mailbox's private key. context names the mailbox. Raises CustodianAbsent."""
    return wrap_key(_custodian_key(), private_key, context=context, nonce=os.urandom(12))


def unwrap_private_key(wrapped: bytes, *, context: bytes) -> bytes:
    """Unwrap a mailbox's private key for a signed-in reader. Raises CustodianAbsent."""
    return unwrap_key(_custodian_key(), wrapped, context=context)


def wrap_transit_key(transit_key: bytes, *, context: bytes) -> bytes:
    """Wrap a consignment's transit key. Raises IntakeKeyAbsent."""
    return wrap_key(_intake_key(), transit_key, context=context, nonce=os.urandom(12))


def unwrap_transit_key(wrapped: bytes, *, context: bytes) -> bytes:
    """Unwrap a consignment's transit key. Raises IntakeKeyAbsent."""
    return unwrap_key(_intake_key(), wrapped, context=context)
