"""Roots of one's own: any name, any bend."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sandbox.card_office.profile import Extension, Profile, extension, key_usage, signed
from tests.kernel.jpki.office import spare_key

BEGIN, END = datetime(2023, 7, 16, tzinfo=UTC), datetime(2033, 7, 15, tzinfo=UTC)


def root_extensions(name: x509.Name, key: Any, **changed: Extension) -> list[Extension]:
    usual = {
        "usage": extension(key_usage("key_cert_sign", "crl_sign"), critical=True),
        "constraints": extension(x509.BasicConstraints(ca=True, path_length=None), critical=True),
        "key_id": extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key())),
    }
    return list({**usual, **changed}.values())


def root_pem(
    name: x509.Name,
    number: int = 30,
    *,
    instead: dict[str, Extension] | None = None,
    **changes: Any,
) -> bytes:
    """A root that signed itself. number: of its key. instead: extensions that differ."""
    key = spare_key(number)
    profile = Profile(
        subject=name, issuer=name, serial=1, not_before=BEGIN, not_after=END, key=key,
        signed_by=key, authority_key_id=b"", crl_point=name, issuer_alternative=name, policy="",
        key_usage=None,
    )  # fmt: skip
    bent = replace(profile, **changes)
    der = signed(bent, root_extensions(name, bent.key, **(instead or {})))
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
