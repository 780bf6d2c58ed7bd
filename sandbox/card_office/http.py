"""The office's web server: lists, OCSP and platform for programs; counter and reader for people."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

from .counter import act
from .counter_pages import Counter
from .office import Office, OfficeRefuses
from .page import lost, policy
from .reader import Reader, Shown

_STYLE = (Path(__file__).parent / "office.css").read_bytes()
_LARGEST_BODY = 64 * 1024


@dataclass(frozen=True)
class Terms:
    """How the office serves.

    return_to: origins that may ask cards. platform_token: whom the platform tells; empty: nobody.
    slow_seconds: how long the disturbance `slow` takes.
    """

    return_to: frozenset[str]
    platform_token: str = ""
    slow_seconds: float = 5


class OfficeWeb(ThreadingHTTPServer):
    """Serves one office on the loopback address. port: 0 takes any free one."""

    daemon_threads = True
    request_queue_size = 100

    def __init__(self, office: Office, terms: Terms, port: int) -> None:
        self.office, self.terms = office, terms
        self.reader = Reader(office, terms.return_to)
        super().__init__(("127.0.0.1", port), _Request)


class _Request(BaseHTTPRequestHandler):
    server: OfficeWeb
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds for a caller who says nothing

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        match path.strip("/").split("/"):
            case [""]:
                self._show(Shown(self._counter.everybody()))
            case ["residents", resident_id]:
                self._show(self._resident(resident_id))
            case ["card"]:
                self._show(self.server.reader.ask(dict(parse_qsl(query))))
            case ["crl", issuer, point] if point.endswith(".crl"):
                self._disturbed(lambda: self._crl(issuer, point.removesuffix(".crl")))
            case ["office.css"]:
                self._answer(_STYLE, "text/css; charset=utf-8")
            case ["favicon.ico"]:
                self._answer(b"", "image/x-icon")
            case _:
                self._show(Shown(lost(), status=404))

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        match self.path.partition("?")[0].strip("/").split("/"):
            case ["ocsp"]:
                self._disturbed(lambda: self._ocsp(body))
            case ["platform", "v1", "status"]:
                self._disturbed(lambda: self._status(body))
            case _ if self._comes_from_elsewhere():
                self._show(Shown(lost(), status=403))
            case ["card"]:
                self._show(self.server.reader.answer(_form(body), self._now))
            case ["residents", resident_id, event]:
                self._act(resident_id, event, _form(body))
            case ["disturbances", name]:
                self._switch(name, on=bool(_form(body).get("on")))
            case _:
                self._show(Shown(lost(), status=404))

    def _crl(self, issuer: str, point_digest: str) -> None:
        authority = self.server.office.authority
        try:
            points = authority.revocations.crl_points(issuer)
            named = {sha256(point.encode()).hexdigest(): point for point in points}
            crl = authority.crl(issuer, named[point_digest.lower()], self._now)
        except KeyError:
            self._show(Shown(lost(), status=404))
        else:
            self._answer(crl, "application/pkix-crl")

    def _ocsp(self, body: bytes) -> None:
        answer = self.server.office.authority.ocsp(body, self._now)
        self._answer(answer, "application/ocsp-response")

    def _status(self, body: bytes) -> None:
        token = self.server.terms.platform_token
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token or not compare_digest(given.encode(), token.encode()):
            self._json({"error": "unauthorized"}, status=401)
            return
        asked = _fields(body)
        if asked is None:
            self._json({"error": "malformed"}, status=400)
            return
        now = self._now
        status = self.server.office.authority.status(asked["issuer"], asked["serial"], now)
        facts = {
            "state": status.state,
            "reason": status.reason,
            "cause": status.cause,
            "revoked_at": status.revoked_at.isoformat() if status.revoked_at else None,
            "checked_at": now.isoformat(),
            "person": status.person,
        }
        self._json(facts)

    def _disturbed(self, answer: Callable[[], None]) -> None:
        """Give an answer to a program, unless somebody switched a disturbance on."""
        disturbances = self.server.office.authority.disturbances
        if disturbances.is_on("slow"):
            time.sleep(self.server.terms.slow_seconds)
        if disturbances.is_on("silent"):
            self.close_connection = True
        elif disturbances.is_on("broken"):
            self._answer(b"\x30\x82<html>broken", "application/octet-stream")
        else:
            answer()

    def _resident(self, resident_id: str, *, refusal: str = "") -> Shown:
        try:
            holder = self.server.office.holder(resident_id)
        except KeyError:
            return Shown(lost(), status=404)
        page = self._counter.resident(holder, refusal=refusal)
        return Shown(page, status=422 if refusal else 200)

    def _act(self, resident_id: str, event: str, form: Mapping[str, str]) -> None:
        try:
            act(self.server.office, resident_id, event, form, at=self._now)
        except OfficeRefuses as refusal:
            self._show(self._resident(resident_id, refusal=str(refusal)))
        except KeyError:
            self._show(Shown(lost(), status=404))
        else:
            self._see_other(f"/residents/{resident_id}")

    def _switch(self, name: str, *, on: bool) -> None:
        try:
            self.server.office.authority.disturbances.switch(name, on=on)
        except KeyError:
            self._show(Shown(lost(), status=404))
        else:
            self._see_other("/")

    @property
    def _counter(self) -> Counter:
        return Counter(self.server.office, self._now)

    @property
    def _now(self) -> datetime:
        return datetime.now(UTC)

    def _comes_from_elsewhere(self) -> bool:
        """Say whether another site's page sends this form: it may not use people's cards."""
        origin = self.headers.get("Origin")
        return origin is not None and origin != f"http://{self.headers.get('Host')}"

    def _body(self) -> bytes | None:
        """Return what was sent; None, and an answer is given, where it is too large or unsaid."""
        given = self.headers.get("Content-Length", "")
        if given.isdecimal() and int(given) <= _LARGEST_BODY:
            return self.rfile.read(int(given))
        self.close_connection = True
        self._show(Shown(lost(), status=413 if given.isdecimal() else 411))
        return None

    def _json(self, facts: Mapping[str, object], *, status: int = 200) -> None:
        self._answer(json.dumps(facts).encode(), "application/json", status=status)

    def _see_other(self, path: str) -> None:
        self.send_response(303)
        self.send_header("Location", path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _show(self, shown: Shown) -> None:
        body = shown.page.encode()
        self._answer(body, "text/html; charset=utf-8", status=shown.status, goes_to=shown.goes_to)

    def _answer(
        self, body: bytes, content_type: str, *, status: int = 200, goes_to: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy(goes_to))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")  # no-referrer makes a form's Origin null
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with suppress(ConnectionError):  # a caller with a deadline does not wait for us
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses hold challenges."""


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode(errors="replace")))


def _fields(body: bytes) -> dict[str, str] | None:
    """Return issuer and serial, both text; None for anything else."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    wanted = ("issuer", "serial")
    if not isinstance(asked, dict) or not all(isinstance(asked.get(key), str) for key in wanted):
        return None
    return {key: asked[key] for key in wanted}
