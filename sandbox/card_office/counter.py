"""What a form of the counter does: one event, from what was filled in."""

from collections.abc import Mapping
from datetime import datetime

from .card import KINDS, NoCertificate
from .office import EVENTS, Office, OfficeRefuses


def act(
    office: Office, resident_id: str, event: str, form: Mapping[str, str], *, at: datetime
) -> None:
    """Let one event happen. Raises OfficeRefuses with its code, KeyError for an unknown resident.

    form: `address` and `city` for a move, `name` for a rename, `kind` and `pin` to unlock.
    """
    office.holder(resident_id)
    if event not in EVENTS:
        raise OfficeRefuses("unknown")
    try:
        match event:
            case "move":
                office.move(resident_id, form.get("address", ""), form.get("city", ""), at=at)
            case "rename":
                office.rename(resident_id, form.get("name", ""), at=at)
            case "unlock":
                _unlock(office, resident_id, form)
            case _:
                getattr(office, event)(resident_id, at=at)
    except KeyError:
        raise OfficeRefuses("unknown") from None


def _unlock(office: Office, resident_id: str, form: Mapping[str, str]) -> None:
    kind = next((kind for kind in KINDS if kind == form.get("kind")), None)
    if kind is None:
        raise OfficeRefuses("unknown")
    try:
        office.unlock(resident_id, kind, form.get("pin", "").strip())
    except NoCertificate:
        raise OfficeRefuses("no_certificate") from None
    except ValueError:
        raise OfficeRefuses("pin_misshapen") from None
