"""The carrier's web server: print shops hand pieces in, senders ask, people decide what happens."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from mypost.kernel.identifiers import is_mail_piece_number

from ..paper.frame import piece_link
from ..paper.http import PaperRequest, PaperWeb
from .pages import Pages
from .round import IdDocument, ReturnReason, Round

_DIGITS = re.compile(r"[0-9A-Z]{4}")


class CarrierWeb(PaperWeb):
    """Serves one carrier's round."""

    def __init__(self, port: int, *, token: str, folder: Path) -> None:
        super().__init__(port, _Request, token=token, folder=folder)
        self.round = Round(folder, self.feed)


class _Request(PaperRequest):
    server: CarrierWeb

    def get(self, path: list[str]) -> bool:
        pages, round_ = Pages(self.language), self.server.round
        match path:
            case [""]:
                self.show(pages.pieces(round_.pieces(), trouble=self.server.switch.trouble))
                return True
            case ["pieces", number] if is_mail_piece_number(number):
                if (piece := round_.find(number)) is not None:
                    self.show(pages.piece(piece, round_.events_of(number)))
                    return True
        return False

    def put(self, path: list[str], body: bytes) -> bool:
        match path:
            case ["pieces", number] if is_mail_piece_number(number):
                self._accept(number, body)
                return True
        return False

    def post(self, path: list[str], form: dict[str, str]) -> bool:
        match path:
            case ["pieces", number, act] if is_mail_piece_number(number):
                if self._act(number, act, form):
                    self.see_other(piece_link(number))
                    return True
        return False

    def _accept(self, number: str, body: bytes) -> None:
        try:
            given = json.loads(body)
            service, window = str(given["service"]), str(given["window"])
        except (ValueError, KeyError, TypeError):
            self.tell({"code": "malformed"}, status=400)
            return
        piece = self.server.round.accept(number, service=service, window=window, at=_now())
        self.tell({"number": number, "tracking_number": piece.tracking_number}, status=201)

    def _act(self, number: str, act: str, form: dict[str, str]) -> bool:
        round_ = self.server.round
        match act, form:
            case "notice", _:
                return round_.leave_notice(number, at=_now())
            case "hand-over", {"document": document, "digits": digits} if document in set(
                IdDocument
            ) and _DIGITS.fullmatch(digits):
                return round_.hand_over(number, IdDocument(document), digits, at=_now())
            case "return", {"reason": reason} if reason in set(ReturnReason):
                return round_.send_back(number, ReturnReason(reason), at=_now())
            case "ten-days", _:
                return round_.send_back(number, ReturnReason.PERIOD_OVER, at=_now())
        return False


def _now() -> datetime:
    return datetime.now(UTC)
