"""Distinguished encoding by hand, as far as certificates need it.

By hand, because a test must be able to write what a library refuses: an extension twice, a wrong
version, a negative serial. Source: ITU-T X.690 §10.
"""

from datetime import UTC, datetime

SEQUENCE, INTEGER, OID, BIT_STRING, OCTET_STRING, UTF8_STRING = 0x30, 0x02, 0x06, 0x03, 0x04, 0x0C
TRUE = b"\x01\x01\xff"
NULL = b"\x05\x00"
_UTC_TIME = 0x17


def tlv(tag: int, *contents: bytes) -> bytes:
    """Return tag, length and contents, one after another."""
    body = b"".join(contents)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(number: int) -> bytes:
    """Return a whole number in two's complement, as short as it can be."""
    return tlv(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def oid(dotted: str) -> bytes:
    """Return an object identifier. dotted: as in 1.2.392.200149."""
    first, second, *rest = map(int, dotted.split("."))
    return tlv(OID, *(_base_128(arc) for arc in [first * 40 + second, *rest]))


def utc_time(at: datetime) -> bytes:
    """Return a time to the second. at: aware, any zone, before 2050 (RFC 5280 §4.1.2.5)."""
    return tlv(_UTC_TIME, at.astimezone(UTC).strftime("%y%m%d%H%M%SZ").encode())


def utf8(text: str) -> bytes:
    """Return a UTF8String."""
    return tlv(UTF8_STRING, text.encode())


def _base_128(number: int) -> bytes:
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | (number & 0x7F))
    return bytes(reversed(groups))
