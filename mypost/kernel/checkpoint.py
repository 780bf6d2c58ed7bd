"""Checkpoints: the log's size and root at one moment, signed so that others' tools can read them.

Source: C2SP tlog-checkpoint §Note text; C2SP signed-note §Format.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mypost.kernel.errors import CheckpointInvalid, VerifierKeyMalformed
from mypost.kernel.signatures import verify_ed25519

_ED25519 = b"\x01"
_KEY_ID_SIZE = 4
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the log says of itself: its name, how many leaves it holds, and their root."""

    origin: str
    size: int
    root: bytes

    def body(self) -> str:
        """Return the three lines that are signed, each ending in a line break.

        Source: C2SP tlog-checkpoint §Note text.
        """
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class _Verifier:
    """One signer whom we know: a name, the short id of its key, and the key."""

    name: str
    key_id: bytes
    key: Ed25519PublicKey

    @classmethod
    def of(cls, name: str, key: Ed25519PublicKey) -> Self:
        fingerprint = name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()
        return cls(name, hashlib.sha256(fingerprint).digest()[:_KEY_ID_SIZE], key)


def verifier_key(name: str, public_key: Ed25519PublicKey) -> str:
    """Return the signer's public key as one line of text, `name+hash+base64`.

    name: the log's origin; without spaces and plus signs, else ValueError.
    Source: C2SP signed-note §Verifier keys.
    """
    if not _NAME.fullmatch(name):
        raise ValueError("a signer's name has no spaces and no plus sign")
    verifier = _Verifier.of(name, public_key)
    encoded = b64encode(_ED25519 + public_key.public_bytes_raw()).decode()
    return f"{name}+{verifier.key_id.hex()}+{encoded}"


def _read_verifier_key(text: str) -> _Verifier:
    """Return the signer of a verifier key. Raises VerifierKeyMalformed."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    key = _strict_base64(encoded)
    if key is None or len(key) != 33 or key[:1] != _ED25519:
        raise VerifierKeyMalformed
    verifier = _Verifier.of(name, Ed25519PublicKey.from_public_bytes(key[1:]))
    if not _NAME.fullmatch(name) or verifier.key_id.hex() != key_id:
        raise VerifierKeyMalformed
    return verifier


def sign_checkpoint(checkpoint: Checkpoint, *, name: str, private_key: Ed25519PrivateKey) -> str:
    """Return the checkpoint as a signed note: its body, an empty line, one signature line.

    name: the signer's, as in the verifier key; for a log its origin.
    Source: C2SP signed-note §Signatures; RFC 8032 §5.1.
    """
    signature = private_key.sign(checkpoint.body().encode())
    key_id = _Verifier.of(name, private_key.public_key()).key_id
    return f"{checkpoint.body()}\n— {name} {b64encode(key_id + signature).decode()}\n"


def open_checkpoint(note: str, *, verifier_key: str) -> Checkpoint:
    """Return the checkpoint that the owner of this key has signed.

    1. The note has a text and, after its last empty line, signature lines.
    2. At least one signature is by this key, and each by this key is right. Signatures by
       others (witnesses) are left alone.
    3. The text is a checkpoint; lines after the third are signed extensions.
    Raises CheckpointInvalid, VerifierKeyMalformed.
    Source: C2SP signed-note §Signatures; C2SP tlog-checkpoint §Note text.
    """
    verifier = _read_verifier_key(verifier_key)
    text, separator, signatures = note.rpartition("\n\n")
    if not (separator and signatures.endswith("\n")):  # 1
        raise CheckpointInvalid
    body = text + "\n"
    mine = _signatures_by(verifier, signatures.split("\n")[:-1])
    if not (mine and all(_is_right(verifier, body, signature) for signature in mine)):  # 2
        raise CheckpointInvalid
    return _read_body(body)  # 3


def _signatures_by(verifier: _Verifier, lines: list[str]) -> list[bytes]:
    """Return the signatures that claim this key. Raises CheckpointInvalid for any broken line."""
    signatures = []
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        blob = _strict_base64(match[2]) if match else None
        if match is None or blob is None:
            raise CheckpointInvalid
        if match[1] == verifier.name and blob[:_KEY_ID_SIZE] == verifier.key_id:
            signatures.append(blob[_KEY_ID_SIZE:])
    return signatures


def _is_right(verifier: _Verifier, body: str, signature: bytes) -> bool:
    try:
        signed = body.encode()
    except UnicodeEncodeError:
        return False
    return verify_ed25519(verifier.key, signature, signed)


def _read_body(body: str) -> Checkpoint:
    """Return the checkpoint of a signed text. Raises CheckpointInvalid."""
    lines = body.split("\n")[:-1]
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise CheckpointInvalid
    root = _strict_base64(lines[2])
    if root is None or len(root) != 32:
        raise CheckpointInvalid
    return Checkpoint(origin=lines[0], size=int(lines[1]), root=root)


def _strict_base64(text: str) -> bytes | None:
    """Return the bytes, or None unless this is the one way to write them.

    Lax decoders ignore the last bits before the padding: two texts would then be one signature.
    Source: RFC 4648 §3.5.
    """
    try:
        decoded = b64decode(text)
    except ValueError:
        return None
    return decoded if b64encode(decoded).decode() == text else None
