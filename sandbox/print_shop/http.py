"""The print shop's web server: sealed pieces come in, people look at what was printed."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

from mypost.kernel.errors import KernelError
from mypost.kernel.identifiers import is_mail_piece_number

from ..paper.http import PaperRequest, PaperWeb
from .key import private_key_of
from .pages import Pages
from .press import OtherPaper, Press

_SERVICES = {"restricted_delivery"}


class PrintShopWeb(PaperWeb):
    """Serves one print shop."""

    def __init__(self, port: int, *, token: str, folder: Path) -> None:
        super().__init__(port, _Request, token=token, folder=folder)
        self.press = Press(folder, private_key_of(folder), self.feed)


class _Request(PaperRequest):
    server: PrintShopWeb

    def get(self, path: list[str]) -> bool:
        press = self.server.press
        match path:
            case [""]:
                waiting = {piece.number for piece in press.to_carry()}
                pages, trouble = Pages(self.language), self.server.switch.trouble
                self.show(pages.pieces(press.pieces(), waiting, trouble=trouble))
                return True
            case ["pieces", number, part] if is_mail_piece_number(number) and press.find(number):
                return self._show_part(number, part)
        return False

    def put(self, path: list[str], body: bytes) -> bool:
        match path:
            case ["pieces", number] if is_mail_piece_number(number):
                self._take(number, body)
                return True
        return False

    def post(self, path: list[str], form: dict[str, str]) -> bool:
        return False

    def _show_part(self, number: str, part: str) -> bool:
        match part:
            case "paper.pdf":
                self.answer(self.server.press.paper(number), "application/pdf")
            case "window.png":
                self.answer(self.server.press.window_picture(number), "image/png")
            case _:
                return False
        return True

    def _take(self, number: str, sealed: bytes) -> None:
        digest = hashlib.sha256(sealed).digest()
        service = self.headers.get("Mail-Service", "")
        if self.headers.get("Repr-Digest") != f"sha-256=:{b64encode(digest).decode()}:":
            self.tell({"code": "digest_mismatch"}, status=400)
        elif service not in _SERVICES:
            self.tell({"code": "service_unknown"}, status=422)
        else:
            self._print(number, sealed, service, digest.hex())

    def _print(self, number: str, sealed: bytes, service: str, digest: str) -> None:
        try:
            is_new = self.server.press.take(number, sealed, service=service, at=datetime.now(UTC))
        except KernelError:
            self.tell({"code": "seal_broken"}, status=422)
        except OtherPaper:
            self.tell({"code": "number_used"}, status=409)
        else:
            self.tell({"number": number, "sha256": digest}, status=201 if is_new else 200)
