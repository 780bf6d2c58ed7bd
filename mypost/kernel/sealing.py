"""Sealing: envelopes to a mailbox's key, documents under their own, keys under a custodian's.

Every sealed thing and every key begins with one byte, the version of its algorithm. A new version
takes new labels, so that bytes of one version never open as another.
The key pair and each envelope draw their randomness inside OpenSSL: HPKE has no door for ours.
Source: RFC 9180 §6; draft-ietf-hpke-pq §MLKEM768-X25519; FIPS 203 §7; NIST SP 800-38D §7.
"""

import hashlib
from typing import NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from mypost.kernel.errors import KeyMalformed, SealBroken

VERSION = b"\x01"
KEY_SIZE = 32
NONCE_SIZE = 12
_TAG_SIZE = 16
_MLKEM_SEED_SIZE = 64
_MLKEM_PUBLIC_SIZE = 1184
_ENVELOPE_LABEL = b"mypost envelope 1\x00"
_DOCUMENT_LABEL = b"mypost document 1\x00"
_MAIL_PIECE_LABEL = b"mypost mail piece 1\x00"
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class MailboxKeyPair(NamedTuple):
    """A mailbox's two keys as bytes: 97 of private key, 1,217 of public key."""

    private: bytes
    public: bytes


def generate_key_pair() -> MailboxKeyPair:
    """Make the keys of a new mailbox. The caller wraps the private one and keeps no copy.

    Source: FIPS 203 §7; RFC 7748 §6.1.
    """
    post_quantum, classic = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    return MailboxKeyPair(
        private=VERSION + post_quantum.private_bytes_raw() + classic.private_bytes_raw(),
        public=VERSION
        + post_quantum.public_key().public_bytes_raw()
        + classic.public_key().public_bytes_raw(),
    )


def parse_public_key(public: bytes) -> MLKEM768X25519PublicKey:
    """Read a mailbox's public key once, for many envelopes. Raises KeyMalformed."""
    post_quantum, classic = _halves(public, _MLKEM_PUBLIC_SIZE)
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(post_quantum),
            X25519PublicKey.from_public_bytes(classic),
        )
    except ValueError as error:
        raise KeyMalformed from error


def _parse_private_key(private: bytes) -> MLKEM768X25519PrivateKey:
    post_quantum, classic = _halves(private, _MLKEM_SEED_SIZE)
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(post_quantum),
        X25519PrivateKey.from_private_bytes(classic),
    )


def _halves(key: bytes, post_quantum_size: int) -> tuple[bytes, bytes]:
    """Return the ML-KEM half and the X25519 half of a key. Raises KeyMalformed."""
    if key[:1] != VERSION or len(key) != 1 + post_quantum_size + 32:
        raise KeyMalformed
    return key[1 : 1 + post_quantum_size], key[1 + post_quantum_size :]


def seal_envelope(
    public: bytes | MLKEM768X25519PublicKey, plaintext: bytes, *, letter_id: UUID, mailbox_id: UUID
) -> bytes:
    """Seal a letter's envelope so that only this mailbox opens it, and only as this letter.

    public: the key's bytes, or the key as parse_public_key gave it.
    Returns 1,137 bytes more than the plaintext. Raises KeyMalformed.
    Source: RFC 9180 §6.1; draft-ietf-hpke-pq §MLKEM768-X25519.
    """
    key = parse_public_key(public) if isinstance(public, bytes) else public
    try:
        return VERSION + _SUITE.encrypt(plaintext, key, _envelope_info(letter_id, mailbox_id))
    except ValueError as error:  # an X25519 point of low order: everybody would know the secret
        raise KeyMalformed from error


class Opener:
    """A mailbox's private key, read once to open many envelopes: reading costs more than opening.

    Lives as long as one request of a signed-in reader. Raises KeyMalformed when made.
    """

    def __init__(self, private: bytes) -> None:
        self._key = _parse_private_key(private)

    def open(self, sealed: bytes, *, letter_id: UUID, mailbox_id: UUID) -> bytes:
        """Return the plaintext of one envelope.

        Raises SealBroken when it was changed, or sealed for another letter, mailbox or key.
        Source: RFC 9180 §6.1.
        """
        if sealed[:1] != VERSION:
            raise SealBroken
        try:
            return _SUITE.decrypt(sealed[1:], self._key, _envelope_info(letter_id, mailbox_id))
        except (InvalidTag, ValueError) as error:
            raise SealBroken from error


def open_envelope(private: bytes, sealed: bytes, *, letter_id: UUID, mailbox_id: UUID) -> bytes:
    """Return the plaintext of one envelope. Raises SealBroken, KeyMalformed.

    Source: RFC 9180 §6.1.
    """
    return Opener(private).open(sealed, letter_id=letter_id, mailbox_id=mailbox_id)


def _envelope_info(letter_id: UUID, mailbox_id: UUID) -> bytes:
    return _ENVELOPE_LABEL + letter_id.bytes + mailbox_id.bytes


def seal_mail_piece(public: bytes, paper: bytes, *, number: str) -> bytes:
    """Seal the paper of a mail piece so that only its print shop opens it, and only as this one.

    public: the print shop's key, of the kind that generate_key_pair makes. Raises KeyMalformed.
    Source: RFC 9180 §6.1; draft-ietf-hpke-pq §MLKEM768-X25519.
    """
    info = _MAIL_PIECE_LABEL + number.encode()
    try:
        return VERSION + _SUITE.encrypt(paper, parse_public_key(public), info)
    except ValueError as error:
        raise KeyMalformed from error


def open_mail_piece(private: bytes, sealed: bytes, *, number: str) -> bytes:
    """Return the paper of a mail piece, as its print shop does. Raises SealBroken, KeyMalformed.

    Source: RFC 9180 §6.1.
    """
    if sealed[:1] != VERSION:
        raise SealBroken
    info = _MAIL_PIECE_LABEL + number.encode()
    try:
        return _SUITE.decrypt(sealed[1:], _parse_private_key(private), info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error


def seal_document(key: bytes, plaintext: bytes, *, object_id: UUID, nonce: bytes) -> bytes:
    """Seal one document under its own key, bound to its object and its SHA-256 digest.

    key: 32 bytes, used for this document alone. nonce: 12 bytes, never twice under one key.
    Returns 29 bytes more than the plaintext. Raises KeyMalformed.
    Source: NIST SP 800-38D §7.1.
    """
    digest = hashlib.sha256(plaintext).digest()
    return _seal(key, plaintext, nonce, _document_context(object_id, digest))


def open_document(key: bytes, sealed: bytes, *, object_id: UUID, digest: bytes) -> bytes:
    """Return a document that is exactly the one with this SHA-256 digest (32 bytes).

    Raises SealBroken for another object, another digest or changed bytes; KeyMalformed.
    Source: NIST SP 800-38D §7.2.
    """
    plaintext = _open(key, sealed, _document_context(object_id, digest))
    # GCM does not commit to its key: whoever sealed could make bytes that open to two texts
    # under two keys. The digest in the evidence has one.
    if hashlib.sha256(plaintext).digest() != digest:
        raise SealBroken
    return plaintext


def _document_context(object_id: UUID, digest: bytes) -> bytes:
    return _DOCUMENT_LABEL + object_id.bytes + digest


def wrap_key(kek: bytes, key: bytes, *, context: bytes, nonce: bytes) -> bytes:
    """Wrap a key under a key-encrypting key, bound to the place where it is kept.

    kek: 32 bytes. nonce: 12 bytes, never twice under one kek; random ones last for 2**32 wraps.
    context: names the key's purpose and owner, as `b"mailbox " + mailbox_id.bytes`.
    Returns 29 bytes more than the key. Raises KeyMalformed.
    Source: NIST SP 800-38D §7.1.
    """
    return _seal(kek, key, nonce, context)


def unwrap_key(kek: bytes, wrapped: bytes, *, context: bytes) -> bytes:
    """Return a wrapped key. Raises SealBroken when it was changed or moved; KeyMalformed.

    Source: NIST SP 800-38D §7.2.
    """
    return _open(kek, wrapped, context)


def _seal(key: bytes, plaintext: bytes, nonce: bytes, context: bytes) -> bytes:
    if len(nonce) != NONCE_SIZE:
        raise ValueError("a nonce has 12 bytes")
    return VERSION + nonce + _cipher(key).encrypt(nonce, plaintext, context)


def _open(key: bytes, sealed: bytes, context: bytes) -> bytes:
    if sealed[:1] != VERSION or len(sealed) < 1 + NONCE_SIZE + _TAG_SIZE:
        raise SealBroken
    nonce, ciphertext = sealed[1 : 1 + NONCE_SIZE], sealed[1 + NONCE_SIZE :]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, context)
    except InvalidTag as error:
        raise SealBroken from error


def _cipher(key: bytes) -> AESGCM:
    """Return AES-256-GCM under this key; the library would also take weaker, shorter keys."""
    if len(key) != KEY_SIZE:
        raise KeyMalformed
    return AESGCM(key)
