"""Filling an address from its postal code, with and without JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mypost.entrypoints.postal_codes import Town, seven_digits, towns_of


@dataclass(frozen=True)
class Found:
    """What a postal code gave: what to say of it, and the towns to choose from, if any."""

    said: str
    towns: list[Town]


def look_up(posted: Mapping[str, str]) -> tuple[dict[str, str], Found]:
    """Return what was typed, with the address filled where that loses nothing, and what to say.

    posted: the form as it stands; `town` if one of several was chosen.
    """
    typed = {name: posted[name] for name in posted}
    if chosen := posted.get("town"):
        return typed | {"address": chosen}, Found(_filled(), [])
    code = seven_digits(posted.get("postal_code", ""))
    if code is None:
        return typed, Found(_("A postal code has seven digits, as in 965-0042."), [])
    return _fill(typed, towns_of(code))


def _fill(typed: dict[str, str], towns: list[Town]) -> tuple[dict[str, str], Found]:
    address = typed.get("address", "")
    if not towns:
        return typed, Found(_("We do not know this postal code. Please type the address."), [])
    if any(address.startswith(town.address) for town in towns):
        return typed, Found(_("The address belongs to this postal code."), [])
    if len(towns) == 1 and not address.strip():
        return typed | {"address": towns[0].address}, Found(_filled(), [])
    return typed, Found(_("Please choose the place. It then stands in the address field."), towns)


def _filled() -> str:
    return _("The address is filled in. Please add the house number.")
