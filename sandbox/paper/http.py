"""The web server of both parties: an interface for programs with a token, pages for people."""

import hmac
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .feed import EventFeed
from .frame import POLICY
from .troubles import Switch, Trouble

_STYLE = (Path(__file__).parent / "paper.css").read_bytes()
_LARGEST_BODY = 10_000_000
_STRANGE = [
    {"id": "strange-kind", "number": "P-0000-0000-0002", "kind": "eaten_by_goat", "at": ""},
    {"id": "strange-piece", "number": "P-0000-0000-0002", "kind": "accepted",
     "at": "2026-11-22T00:00:00+00:00", "tracking_number": "1"},
    {"id": ["no", "text"]},
    "no event at all",
]  # fmt: skip


class PaperWeb(ThreadingHTTPServer):
    """Serves one party on the loopback address. port: 0 takes any free one."""

    daemon_threads = True

    def __init__(
        self, port: int, handler: type["PaperRequest"], *, token: str, folder: Path
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.token = token
        self.feed = EventFeed(folder / "events.ndjson")
        self.switch = Switch(folder / "trouble")
        super().__init__(("127.0.0.1", port), handler)


class PaperRequest(BaseHTTPRequestHandler):
    """One request. A party answers it in `get`, `put` and `post`, which return whether they did."""

    server: PaperWeb
    protocol_version = "HTTP/1.1"
    timeout = 60

    def get(self, path: list[str]) -> bool:
        """Answer a GET of one of the party's pages."""
        raise NotImplementedError

    def put(self, path: list[str], body: bytes) -> bool:
        """Answer a program's PUT; its token was right."""
        raise NotImplementedError

    def post(self, path: list[str], form: dict[str, str]) -> bool:
        """Do what a person's form asks for."""
        raise NotImplementedError

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        match address.path.strip("/").split("/"):
            case ["events"]:
                if self._is_program():
                    self._tell_events(parse_qs(address.query).get("after", [""])[0])
            case ["paper.css"]:
                self.answer(_STYLE, "text/css; charset=utf-8")
            case ["favicon.ico"]:
                self.answer(b"", "image/x-icon")
            case path:
                if not self.get(path):
                    self.lost()

    def do_PUT(self) -> None:
        body = self._body()
        if body is not None and self._is_program() and not self.put(self._parts(), body):
            self.tell({"code": "not_found"}, status=404)

    def do_POST(self) -> None:
        body = self._body()
        if body is None:
            return
        if self.headers.get("Origin", "http://" + self._host) != "http://" + self._host:
            self.tell({"code": "foreign_page"}, status=403)
            return
        fields = parse_qs(body.decode("utf-8", "replace"))
        form = {name: values[0] for name, values in fields.items()}
        if self._parts() == ["trouble"] and form.get("trouble") in set(Trouble):
            self.server.switch.turn(Trouble(form["trouble"]))
            self.see_other("/")
        elif not self.post(self._parts(), form):
            self.lost()

    def lost(self) -> None:
        """Answer that there is no such page."""
        self.answer(b"404", "text/plain; charset=utf-8", status=404)

    def show(self, page: str) -> None:
        """Answer with a page for people."""
        self.answer(page.encode(), "text/html; charset=utf-8")

    def tell(self, value: object, *, status: int = 200) -> None:
        """Answer a program."""
        self.answer(json.dumps(value).encode(), "application/json", status=status)

    def see_other(self, path: str) -> None:
        """Send a person's browser on, so that reloading repeats nothing."""
        self.answer(b"", "text/plain", status=303, location=path)

    def answer(
        self, body: bytes, content_type: str, *, status: int = 200, location: str = ""
    ) -> None:
        """Send one whole answer."""
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "same-origin")
        self.send_header("Cache-Control", "no-store")
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)

    @property
    def language(self) -> str:
        """The language of the person's browser: `ja` or `en`."""
        return "en" if self.headers.get("Accept-Language", "").startswith("en") else "ja"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the start page of a demo would drown in it."""

    @property
    def _host(self) -> str:
        return self.headers.get("Host", "")

    def _parts(self) -> list[str]:
        return urlsplit(self.path).path.strip("/").split("/")

    def _body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self.tell({"code": "too_large"}, status=413)
            return None
        return self.rfile.read(int(length))

    def _is_program(self) -> bool:
        """Say whether a program may go on: its token is right, and no trouble is on."""
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.server.token.encode()):
            self.tell({"code": "token_wrong"}, status=401)
            return False
        match self.server.switch.trouble:
            case Trouble.AWAY:
                self.tell({"code": "away"}, status=503)
            case Trouble.REFUSE:
                self.tell({"code": "refused"}, status=403)
            case Trouble.NONSENSE:
                self.tell([{"events": "many"}])
            case Trouble.REDIRECT:
                self.answer(b"", "text/plain", status=302, location="http://127.0.0.1:1/elsewhere")
            case Trouble.HUGE:
                self._drip(b" " * 65_536, pause=0)
            case Trouble.SLOW:
                self._drip(b" ", pause=0.2)
            case _:
                return True
        return False

    def _drip(self, piece: bytes, *, pause: float) -> None:
        """Answer for as long as the other side listens: ten gigabytes are announced."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(10 * 1024**3))
        self.end_headers()
        try:
            while True:
                self.wfile.write(piece)
                time.sleep(pause)
        except OSError:
            return  # at last

    def _tell_events(self, cursor: str) -> None:
        events, behind = self.server.feed.after(cursor)
        strange = _STRANGE if self.server.switch.trouble is Trouble.STRANGE else []
        self.tell({"events": [*strange, *events], "cursor": behind})
