"""The form of a receipt, read so strictly that no byte of it can be changed unseen.

A receipt is a JSON bundle: a signed checkpoint of the log, and for each line of evidence the
entry itself, its place and inclusion proof, and the salts that open its facts.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from mypost.kernel.errors import ReceiptMalformed

FORMAT = "mypost-receipt/1"
HOLDERS = ("sender", "member")
_SALT = re.compile(r"[0-9a-f]{64}")
_HASH = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")  # 32 bytes, written the one way
_LONGEST_PROOF = 64  # a log of 2**64 leaves


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What opens one fact: its 32-byte field salt, and its value unless the holder has that."""

    salt: bytes
    value: str | None


@dataclass(frozen=True, slots=True)
class BundleLine:
    """One line as it was read: canonical entry, place in the log, audit path, opened facts."""

    leaf_index: int
    entry: bytes
    proof: list[bytes]
    disclosed: Mapping[str, Disclosure]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A receipt as it was read: its form is right, nothing is proved yet."""

    letter: str
    holder: str
    checkpoint: str
    lines: tuple[BundleLine, ...]


def read_bundle(bundle: object) -> Bundle:
    """Return a receipt whose form is exactly right; a field too many is as wrong as one too few.

    bundle: parsed JSON of any origin. Raises ReceiptMalformed, whatever it holds.
    """
    fields = _object(bundle, {"format", "letter", "holder", "checkpoint", "lines"})
    if fields["format"] != FORMAT or fields["holder"] not in HOLDERS:
        raise ReceiptMalformed
    lines = fields["lines"]
    if not isinstance(lines, list) or not lines:
        raise ReceiptMalformed
    return Bundle(
        letter=_text(fields["letter"]),
        holder=_text(fields["holder"]),
        checkpoint=_text(fields["checkpoint"]),
        lines=tuple(_read_line(line) for line in lines),
    )


def _read_line(line: object) -> BundleLine:
    fields = _object(line, {"leaf_index", "entry", "proof", "disclosed"})
    leaf_index, proof, disclosed = fields["leaf_index"], fields["proof"], fields["disclosed"]
    if type(leaf_index) is not int or not isinstance(proof, list) or len(proof) > _LONGEST_PROOF:
        raise ReceiptMalformed
    if not isinstance(disclosed, dict):
        raise ReceiptMalformed
    return BundleLine(
        leaf_index=leaf_index,
        entry=_text(fields["entry"]).encode(),
        proof=[b64decode(_text(node, _HASH)) for node in proof],
        disclosed={_text(fact): _read_disclosure(opened) for fact, opened in disclosed.items()},
    )


def _read_disclosure(opened: object) -> Disclosure:
    fields = _object(opened, {"salt"}, optional={"value"})
    value = _text(fields["value"]) if "value" in fields else None
    return Disclosure(salt=bytes.fromhex(_text(fields["salt"], _SALT)), value=value)


def _object(
    value: object, required: set[str], *, optional: frozenset[str] | set[str] = frozenset()
) -> dict[str, object]:
    """Return a JSON object with exactly these fields. Raises ReceiptMalformed."""
    if not isinstance(value, dict) or not required <= value.keys() <= required | optional:
        raise ReceiptMalformed
    return value


def _text(value: object, pattern: re.Pattern[str] | None = None) -> str:
    """Return a text that is Unicode and fits the pattern. Raises ReceiptMalformed."""
    if not _is_unicode(value) or (pattern is not None and not pattern.fullmatch(value)):
        raise ReceiptMalformed
    return value


def _is_unicode(value: object) -> TypeGuard[str]:
    """Say whether a value is text without lone surrogates, which JSON lets through."""
    return isinstance(value, str) and not re.search("[\ud800-\udfff]", value)
