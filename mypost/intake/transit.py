"""What is not yet delivered: objects under keys of their own, those keys under the transit key.

The transit key is wrapped by the intake key while the consignment lives, and destroyed when
every item is decided. From then on only the addressees' mailbox keys open anything.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mypost.kernel.errors import SealBroken
from mypost.kernel.sealing import open_document, unwrap_key, wrap_key
from mypost.vault import commands as vault
from mypost.vault import custodian
from mypost.vault.errors import ContentDamaged
from mypost.vault.store import store


@dataclass(frozen=True, slots=True)
class Secret:
    """What opens one object: its key, and the digest its content must have. 32 bytes each."""

    key: bytes
    sha256: bytes


class TransitKey:
    """One consignment's transit key, for as long as one act needs it."""

    def __init__(self, key: bytes, consignment_id: UUID) -> None:
        self._key = key
        self._context = consignment_id.bytes

    @classmethod
    def new(cls, consignment_id: UUID) -> "TransitKey":
        return cls(os.urandom(32), consignment_id)

    @classmethod
    def unwrap(cls, wrapped: bytes, consignment_id: UUID) -> "TransitKey":
        """Raises IntakeKeyAbsent."""
        key = custodian.unwrap_transit_key(wrapped, context=consignment_id.bytes)
        return cls(key, consignment_id)

    def wrapped(self) -> bytes:
        """Return the key as the database keeps it. Raises IntakeKeyAbsent."""
        return custodian.wrap_transit_key(self._key, context=self._context)

    def put_away(self, content: bytes, *, at: datetime) -> tuple[UUID, bytes]:
        """Encrypt and store content; return the object's id and its wrapped secret."""
        secret = Secret(os.urandom(32), hashlib.sha256(content).digest())
        object_id = vault.put_away(content, key=secret.key, at=at)
        both = secret.key + secret.sha256
        context = self._context + object_id.bytes
        return object_id, wrap_key(self._key, both, context=context, nonce=os.urandom(12))

    def secret(self, object_id: UUID, wrapped: bytes) -> Secret:
        """Return what opens an object of this consignment."""
        both = unwrap_key(self._key, wrapped, context=self._context + object_id.bytes)
        return Secret(both[:32], both[32:])

    def fetch(self, object_id: UUID, wrapped: bytes) -> bytes:
        """Return an object's content. Raises ContentGone, ContentDamaged."""
        secret = self.secret(object_id, wrapped)
        sealed = store().get(object_id)
        try:
            return open_document(secret.key, sealed, object_id=object_id, digest=secret.sha256)
        except SealBroken:
            raise ContentDamaged from None
