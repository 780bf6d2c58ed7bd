"""The basic four attributes (基本4情報) in a certificate for signatures, byte for byte.

The strings stand in six otherNames and are never normalised: what is registered is registered.
Source: JPKI profile; RFC 5280 §4.2.1.6.
"""

import re
from dataclasses import dataclass

from cryptography import x509

from mypost.kernel.errors import BasicFourMalformed, BirthDateMalformed
from mypost.kernel.jpki.birth_date import read_birth_date
from mypost.kernel.jpki.certificate import CardCertificate

_ARC = "1.2.392.200149.8.5.5."
_FIELDS = {
    _ARC + "1": "name",
    _ARC + "2": "name_substituted",
    _ARC + "3": "sex",
    _ARC + "4": "birth_date",
    _ARC + "5": "address",
    _ARC + "6": "address_substituted",
}
_UTF8_STRING = 0x0C
_LONG_FORM = 0x80  # the length of the length stands here, not the length
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_SEXES = ("1", "2", "3", "9")  # 男 女 不明 適用不能
_LONGEST = 400  # characters


@dataclass(frozen=True, slots=True)
class BasicFour:
    """Who a certificate is about.

    name, address: as certified. *_substituted: one digit a character, "1" where the register has
    another glyph than the text. sex: "1" male, "2" female, "3" unknown, "9" not applicable.
    birth_date: EYYYYMMDD; read_birth_date tells its parts.
    """

    name: str
    name_substituted: str
    sex: str
    birth_date: str
    address: str
    address_substituted: str


def basic_four_of(certificate: CardCertificate) -> BasicFour:
    """Return the basic four of a certificate for signatures.

    Raises BasicFourMalformed unless it holds exactly these six names, once each, in any order,
    as UTF-8 that says something: a birth date that is one, flags that fit their text.
    Source: JPKI profile; RFC 5280 §4.2.1.6.
    """
    found = certificate.extensions.get(x509.SubjectAlternativeName.oid)
    if found is None or not isinstance(found.value, x509.SubjectAlternativeName):
        raise BasicFourMalformed
    texts: dict[str, str] = {}
    for name in found.value:
        if not isinstance(name, x509.OtherName):
            raise BasicFourMalformed
        texts[_FIELDS.get(name.type_id.dotted_string, "")] = _text(name.value)
    if len(found.value) != len(_FIELDS) or texts.keys() != set(_FIELDS.values()):
        raise BasicFourMalformed
    four = BasicFour(**texts)
    _refuse_senseless(four)
    return four


def _text(value: bytes) -> str:
    """Return the text of one UTF8String. Raises BasicFourMalformed.

    value: one DER value; the library has seen to it that its length is written in the shortest
    form and fits. Source: ITU-T X.690 §10.1.
    """
    if value[0] != _UTF8_STRING:
        raise BasicFourMalformed
    head = 2 if value[1] < _LONG_FORM else 2 + value[1] - _LONG_FORM
    try:
        return value[head:].decode()
    except UnicodeDecodeError as error:
        raise BasicFourMalformed from error


def _refuse_senseless(four: BasicFour) -> None:
    try:
        read_birth_date(four.birth_date)
    except BirthDateMalformed as error:
        raise BasicFourMalformed from error
    if four.sex not in _SEXES or not (
        _fits(four.name, four.name_substituted) and _fits(four.address, four.address_substituted)
    ):
        raise BasicFourMalformed


def _fits(text: str, flags: str) -> bool:
    """Tell whether the flags say "0" or "1" of each character, and the text can be written down.

    Whether a variation selector counts as a character of its own, the profile does not say.
    """
    return (
        0 < len(text) <= _LONGEST
        and not flags.strip("01")
        and (len(flags) == len(text) or len(flags) == len(_SELECTORS.sub("", text)))
        and not _CONTROLS.search(text)
    )
