"""The papers of mail pieces, in the language of whoever reads them."""

from datetime import datetime, timedelta

from babel.dates import format_date
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mypost.kernel.typesetting import typeset
from mypost.printing import addresses
from mypost.proofing.queries import Addressee

SERVICE = "本人限定受取（特定事項伝達型）"  # the carrier reads it, so it is never translated
_LOOK = {"name": "MyPost", "mark": "M", "colour": "#0017c1"}


def passcode_letter(
    addressee: Addressee, *, number: str, code: str, valid_for: timedelta, at: datetime
) -> bytes:
    """Return the PDF of one passcode letter. The caller seals it, and keeps no copy.

    number: the mail piece's. code: as it is to be read. valid_for: the days that are promised.
    Raises TypesettingFailed for a name or address that no font of ours shows, or that is too
    long for the window: a wrong one would come back.
    """
    with translation.override(addressee.language):
        words = _words(addressee.language, last_day=timezone.localtime(at + valid_for), at=at)
        address = {
            "postal_code": f"{addressee.postal_code[:3]}-{addressee.postal_code[3:]}",
            "address": addressee.address,
            "building": addressee.building,
            "name": addressee.name,
        }
        bars = addresses.barcode(addressee.postal_code, addressee.address, addressee.building)
        data = {**words, "number": number, "addressee": address, "barcode": bars, "code": code}
        return typeset("passcode", data, at=at)


def _words(language: str, *, last_day: datetime, at: datetime) -> dict[str, object]:
    return {
        "language": language,
        "date": _day(timezone.localtime(at), language),
        "title": _("Your passcode"),
        "sender": {**_LOOK, "website": settings.MEMBER_URL},
        "service": SERVICE,
        "return_to": _("If undelivered, return to: %(address)s")
        % {"address": settings.RETURN_ADDRESS},
        "paragraphs": [
            _(
                "You asked us for this letter. It proves that you can be reached under this name"
                " and at this address. Enter the passcode below, and your identity counts as"
                " verified by post."
            )
        ],
        "code_label": _("Passcode"),
        "valid_until": _("Valid until %(day)s, once.") % {"day": _day(last_day, language)},
        "steps_heading": _("How to enter it"),
        "steps": _steps(),
        "remarks": _remarks(),
        "contact": {
            "name": "MyPost",
            "phone": settings.OFFICE_PHONE,
            "hours": _("Monday to Friday, 9:00 to 17:00"),
        },
    }


def _steps() -> list[str]:
    return [
        _("Open %(address)s and sign in as you always do.") % {"address": settings.MEMBER_URL},
        _("Choose “My page”, then “Passcode by post”."),
        _("Type the passcode. Small letters and missing hyphens do not matter."),
    ]


def _remarks() -> list[str]:
    return [
        _("Five wrong tries make the passcode void. You can then ask for another letter."),
        _("Nobody from MyPost will ever ask you for this passcode, by phone, mail or visit."),
        _("If you did not ask for this letter, please throw it away. Nothing happens."),
    ]


def _day(moment: datetime, language: str) -> str:
    return format_date(moment, "long", locale=language)
