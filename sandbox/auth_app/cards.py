"""The cards of the card office, as the app reads them: PIN, signature, and whether they count."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from sandbox.card_office.authority import Authority, Resident
from sandbox.card_office.card import CardRefuses, Kind, PinWrong
from sandbox.card_office.office import Office

from .web import CardTrouble


class OfficeCards:
    """The residents of one card office. folder: the office's own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def holders(self) -> list[Resident]:
        """Return everybody with a card."""
        return [holder.resident for holder in self._office().holders()]

    def show(self, resident_id: str, pin: str, *, signing: bool) -> Resident:
        """Let the card sign, and ask whether its certificate counts. Raises CardTrouble."""
        office = self._office()
        kind: Kind = "sign" if signing else "auth"
        try:
            holder = office.holder(resident_id)
            holder.card.sign(kind, pin.upper(), secrets.token_bytes(32))
        except KeyError:
            raise CardTrouble("カードがありません。 There is no such card.") from None
        except PinWrong as wrong:
            raise CardTrouble(
                f"暗証番号が違います。残り {wrong.tries_left} 回です。"
                f" Wrong PIN, tries left: {wrong.tries_left}."
            ) from None
        except CardRefuses:
            raise CardTrouble("このカードは使えません。 This card cannot be used.") from None
        status = office.status(holder, kind, datetime.now(UTC))
        if status is None or status.state != "good":
            raise CardTrouble("証明書が失効しています。 The certificate was revoked.")
        return holder.resident

    def _office(self) -> Office:
        return Office(Authority(self._folder))
