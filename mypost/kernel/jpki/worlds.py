"""Which authorities are meant: those of the country, or those of a test. Never both at once.

The authorities of the two worlds have names that differ in one word, so each rule is asked by
world: a root or a certificate of the other one is none.
Source: JPKI profile.
"""

from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import NameOID


class World(StrEnum):
    """Whose cards count. The value is the setting's."""

    SANDBOX = "sandbox"
    PRODUCTION = "production"


class Kind(StrEnum):
    """The two certificates of a card: 署名用 signs as its holder, 利用者証明用 lets them in."""

    SIGN = "sign"
    AUTH = "auth"


ORGANISATIONS = {World.SANDBOX: "JPKI-TEST", World.PRODUCTION: "JPKI"}
POLICIES = {
    (World.SANDBOX, Kind.SIGN): "1.2.392.200149.8.5.1.0.20",
    (World.SANDBOX, Kind.AUTH): "1.2.392.200149.8.5.1.0.30",
    (World.PRODUCTION, Kind.SIGN): "1.2.392.200149.8.5.1.1.20",
    (World.PRODUCTION, Kind.AUTH): "1.2.392.200149.8.5.1.3.30",
}
_UNITS = {Kind.SIGN: "JPKI for digital signature", Kind.AUTH: "JPKI for user authentication"}
_AGENCY = "Japan Agency for Local Authority Information Systems"


def name_of_authority(world: World, kind: Kind) -> x509.Name:
    """Return the name that every generation of one authority bears.

    Source: JPKI profile.
    """
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATIONS[world]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNITS[kind]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _AGENCY),
        ]
    )


_KNOWN = {name_of_authority(world, kind): (world, kind) for world in World for kind in Kind}


def authority_named(name: x509.Name) -> tuple[World, Kind] | None:
    """Return whose name this is, None for anybody else's. A name alone proves nothing."""
    return _KNOWN.get(name)
