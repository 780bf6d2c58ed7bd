"""The provider's web server: the protocol's endpoints, and the page where a person uses a card."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from sandbox.card_office.authority import Resident

from .pages import Pages, page_policy
from .provider import Asked, Provider, Refused

_STYLE = (Path(__file__).parent / "auth_app.css").read_bytes()
_LARGEST_FORM = 64 * 1024


class CardTrouble(Exception):
    """The card said no: a wrong or locked PIN, no certificate, a revoked one."""


class Cards(Protocol):
    """What the app can do with people's cards."""

    def holders(self) -> list[Resident]:
        """Return everybody with a card."""

    def show(self, resident_id: str, pin: str, *, signing: bool) -> Resident:
        """Check the card and its PIN. Raises CardTrouble."""


@dataclass
class Troubles:
    """How the provider may fail, for tests: away answers 503, endless never stops."""

    away: bool = False
    endless: bool = False


class AppWeb(ThreadingHTTPServer):
    """Serves one provider on the loopback address. port: 0 takes any free one."""

    daemon_threads = True

    def __init__(self, provider: Provider, cards: Cards, port: int) -> None:
        self.provider, self.cards, self.troubles = provider, cards, Troubles()
        super().__init__(("127.0.0.1", port), _Request)


class _Request(BaseHTTPRequestHandler):
    server: AppWeb
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        provider = self.server.provider
        if self._is_troubled():
            return
        match address.path:
            case "/.well-known/openid-configuration":
                self._json(provider.configuration())
            case "/jwks":
                self._json(provider.key_set())
            case "/userinfo":
                self._try_json(lambda: provider.userinfo(self._bearer()), status=401)
            case "/authorize":
                self._ask_person(dict(parse_qsl(address.query)))
            case "/auth_app.css":
                self._answer(_STYLE, "text/css; charset=utf-8")
            case "/":
                self._show(self._pages.welcome())
            case _:
                self._show(self._pages.lost(), status=404)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LARGEST_FORM:
            self._show(self._pages.lost(), status=413)
            return
        form = dict(parse_qsl(self.rfile.read(length).decode(errors="replace")))
        if self._is_troubled():
            return
        match urlsplit(self.path).path:
            case "/token":
                self._try_json(lambda: self.server.provider.tokens(form), status=400)
            case "/authorize":
                self._take_answer(form)
            case _:
                self._show(self._pages.lost(), status=404)

    def _ask_person(self, given: dict[str, str], trouble: str = "") -> None:
        try:
            asked = self.server.provider.read_request(given)
        except Refused as refusal:
            # An address that is not registered is never followed: the person stays here.
            self._show(self._pages.refused(str(refusal)), status=400)
            return
        page = self._pages.consent(asked, given, self.server.cards.holders(), trouble)
        self._show(page, status=422 if trouble else 200, goes_to=asked.redirect_uri)

    def _take_answer(self, form: dict[str, str]) -> None:
        try:
            asked = self.server.provider.read_request(form)
        except Refused as refusal:
            self._show(self._pages.refused(str(refusal)), status=400)
            return
        if form.get("answer") != "agree":
            self._return_to(asked, {"error": "access_denied"})
            return
        try:
            person = self.server.cards.show(
                form.get("card", ""), form.get("pin", ""), signing=asked.is_personal
            )
        except CardTrouble as trouble:
            self._ask_person(form, str(trouble))
            return
        self._return_to(asked, {"code": self.server.provider.grant(asked, person)})

    def _return_to(self, asked: Asked, answer: dict[str, str]) -> None:
        told = {**answer, "state": asked.state, "iss": self.server.provider.issuer}
        self.send_response(303)
        self.send_header("Location", f"{asked.redirect_uri}?{urlencode(told)}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _is_troubled(self) -> bool:
        if self.server.troubles.away:
            self._answer(b"", "text/plain", status=503)
        elif self.server.troubles.endless:
            self._never_stop()
        return self.server.troubles.away or self.server.troubles.endless

    def _never_stop(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65536)
        except OSError:
            self.close_connection = True

    def _try_json(self, answer: "_Answer", *, status: int) -> None:
        try:
            self._json(answer())
        except Refused as refusal:
            self._json({"error": str(refusal)}, status=status)

    def _bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    @property
    def _pages(self) -> Pages:
        english = self.headers.get("Accept-Language", "").startswith("en")
        return Pages("en" if english else "ja")

    def _json(self, value: Mapping[str, object], *, status: int = 200) -> None:
        self._answer(json.dumps(value).encode(), "application/json", status=status)

    def _show(self, page: str, *, status: int = 200, goes_to: str = "") -> None:
        self._answer(page.encode(), "text/html; charset=utf-8", status=status, goes_to=goes_to)

    def _answer(
        self, body: bytes, content_type: str, *, status: int = 200, goes_to: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", page_policy(goes_to))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses hold codes."""


class _Answer(Protocol):
    def __call__(self) -> Mapping[str, object]: ...
