"""The small web server in front of the folder: pages for people, JSON for tests."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from .folder import Mail, MailFolder
from .pages import PAGE_POLICY, PART_POLICY, Pages

_STYLE = (Path(__file__).parent / "mail.css").read_bytes()
_MOST_SHOWN = 200


class MailWeb(ThreadingHTTPServer):
    """Serves one folder on the loopback address. port: 0 takes any free one."""

    daemon_threads = True

    def __init__(self, folder: MailFolder, port: int) -> None:
        self.folder = folder
        super().__init__(("127.0.0.1", port), _Request)


class _Request(BaseHTTPRequestHandler):
    server: MailWeb
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        to = parse_qs(address.query).get("to", [""])[0].strip()
        match address.path.strip("/").split("/"):
            case [""]:
                self._show(self._pages.mails(self._mails(to), to=to))
            case ["api", "mails"]:
                self._answer(_as_json(self._mails(to)), "application/json")
            case ["mail.css"]:
                self._answer(_STYLE, "text/css; charset=utf-8")
            case ["favicon.ico"]:
                self._answer(b"", "image/x-icon")
            case ["mails", mail_id, *part]:
                self._show_mail(mail_id, part)
            case _:
                self._show(self._pages.lost(), status=404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _show_mail(self, mail_id: str, part: list[str]) -> None:
        mail = self.server.folder.find(mail_id)
        if mail and part == []:
            self._show(self._pages.mail(mail))
        elif mail and part == ["source"]:
            self._answer(mail.source, "text/plain; charset=utf-8")
        elif mail and part == ["html"]:
            self._answer(mail.html.encode(), "text/html; charset=utf-8", policy=PART_POLICY)
        else:
            self._show(self._pages.lost(), status=404)

    def _mails(self, to: str) -> list[Mail]:
        return list(islice(self.server.folder.newest_first(to=to), _MOST_SHOWN))

    @property
    def _pages(self) -> Pages:
        english = self.headers.get("Accept-Language", "").startswith("en")
        return Pages("en" if english else "ja")

    def _show(self, page: str, *, status: int = 200) -> None:
        self._answer(page.encode(), "text/html; charset=utf-8", status=status)

    def _answer(
        self, body: bytes, content_type: str, *, status: int = 200, policy: str = PAGE_POLICY
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the start page of a demo would drown in it."""


def _as_json(mails: list[Mail]) -> bytes:
    return json.dumps([_fields(mail) for mail in mails], ensure_ascii=False).encode()


def _fields(mail: Mail) -> dict[str, object]:
    return {
        "id": mail.id,
        "received_at": mail.received_at.isoformat(),
        "from": mail.header("from"),
        "to": mail.recipients,
        "subject": mail.header("subject"),
        "text": mail.text,
        "html": mail.html,
        "headers": mail.headers,
    }
