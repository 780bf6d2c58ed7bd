"""The mail server is spoken to as everybody speaks to it: SMTP and HTTP over real sockets."""

import json
import signal
import smtplib
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage, Message
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from tests.patience import PATIENCE

from .conftest import MailServer, start_mail_server


@pytest.fixture
def hanako() -> str:
    return f"hanako+{uuid4().hex}@example.jp"


def a_mail(
    to: str,
    *,
    subject: str = "お手紙が届きました",
    text: str = "みなと市からです。",
    html: str = "",
) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "MyPost <post@example.jp>", to, subject
    mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def send(
    server: MailServer, mail: EmailMessage, *, to: list[str] | None = None
) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=PATIENCE) as line:
        return line.send_message(mail, to_addrs=to)


def send_raw(server: MailServer, to: str, source: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=PATIENCE) as line:
        line.sendmail("post@example.jp", [to], source)


def get(server: MailServer, path: str, **headers: str) -> tuple[str, Message]:
    with urlopen(Request(server.page + path, headers=headers), timeout=PATIENCE) as answer:
        return answer.read().decode(), answer.headers


def mails_to(server: MailServer, address: str) -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = json.loads(
        get(server, "/api/mails?" + urlencode({"to": address}))[0]
    )
    return mails


class Page(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of_the_latest(server: MailServer, address: str) -> Page:
    mail = mails_to(server, address)[0]
    return Page(get(server, f"/mails/{mail['id']}")[0])


def test_it_takes_a_mail_and_tells_it_as_json(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako, html="<p>みなと市からです。</p>"))
    [mail] = mails_to(mail_server, hanako)
    assert mail["subject"] == "お手紙が届きました"
    assert mail["to"] == [hanako]
    assert mail["from"] == "MyPost <post@example.jp>"
    assert mail["text"].strip() == "みなと市からです。"
    assert mail["html"].strip() == "<p>みなと市からです。</p>"
    assert mail["received_at"].endswith("+00:00")


def test_it_keeps_each_mail_as_one_whole_file(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako))
    [mail] = mails_to(mail_server, hanako)
    assert (mail_server.folder / f"{mail['id']}.eml").read_bytes().startswith(b"X-Envelope-To: ")
    assert not list(mail_server.folder.glob(".*"))


def test_the_latest_mail_comes_first(mail_server: MailServer, hanako: str) -> None:
    for subject in ("一通目", "二通目", "三通目"):
        send(mail_server, a_mail(hanako, subject=subject))
    subjects = [mail["subject"] for mail in mails_to(mail_server, hanako)]
    assert subjects == ["三通目", "二通目", "一通目"]


def test_another_address_does_not_see_it(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako))
    assert mails_to(mail_server, "jiro" + hanako) == []


def test_an_address_is_found_in_capitals_too(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako))
    assert len(mails_to(mail_server, hanako.upper())) == 1


def test_the_envelope_decides_who_got_it_not_the_header(
    mail_server: MailServer, hanako: str
) -> None:
    send(mail_server, a_mail("everybody@example.jp"), to=[hanako, f"b{hanako}"])
    [mail] = mails_to(mail_server, hanako)
    assert mail["to"] == [hanako, f"b{hanako}"]


def test_bounce_is_refused_for_ever(mail_server: MailServer) -> None:
    for _ in range(3):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(mail_server, a_mail("bounce@example.jp"))
        assert refused.value.recipients["bounce@example.jp"][0] == 550


def test_later_is_taken_at_the_third_try(mail_server: MailServer) -> None:
    address = f"later+{uuid4().hex}@example.jp"
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
            send(mail_server, a_mail(address))
        assert refused.value.recipients[address][0] == 451
    send(mail_server, a_mail(address))
    assert len(mails_to(mail_server, address)) == 1


def test_slow_makes_the_others_wait_not(mail_server: MailServer, hanako: str) -> None:
    slow = f"slow+{uuid4().hex}@example.jp"
    with ThreadPoolExecutor() as threads:
        began = time.monotonic()
        slow_one = threads.submit(send, mail_server, a_mail(slow))
        send(mail_server, a_mail(hanako))
        assert mails_to(mail_server, slow) == []
        slow_one.result()
    assert time.monotonic() - began >= 0.3
    assert len(mails_to(mail_server, slow)) == 1


def test_a_bad_address_beside_a_good_one_costs_only_itself(
    mail_server: MailServer, hanako: str
) -> None:
    refused = send(mail_server, a_mail(hanako), to=[hanako, "bounce@example.jp"])
    assert list(refused) == ["bounce@example.jp"]
    assert len(mails_to(mail_server, hanako)) == 1


def test_many_at_once_are_all_kept(mail_server: MailServer, hanako: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: send(mail_server, a_mail(hanako)), range(40)))
    assert len({mail["id"] for mail in mails_to(mail_server, hanako)}) == 40


def test_a_mail_that_breaks_off_is_not_kept(mail_server: MailServer, hanako: str) -> None:
    with smtplib.SMTP("127.0.0.1", mail_server.smtp_port, timeout=PATIENCE) as line:
        for words in ("EHLO a", "MAIL FROM:<a@b.jp>", f"RCPT TO:<{hanako}>", "DATA"):
            assert line.docmd(words)[0] in (250, 354)
        line.send("Subject: x\r\n")
        line.close()
    send(mail_server, a_mail(f"after+{hanako}"))  # served later, so the other's end was seen
    assert len(mails_to(mail_server, f"after+{hanako}")) == 1
    assert mails_to(mail_server, hanako) == []


def test_the_list_page_names_its_language_and_leads_to_each_mail(
    mail_server: MailServer, hanako: str
) -> None:
    send(mail_server, a_mail(hanako))
    page = Page(get(mail_server, "/?" + urlencode({"to": hanako}))[0])
    assert page.every("html") == [{"lang": "ja"}]
    assert "届いたメール" in page.words
    [mail] = mails_to(mail_server, hanako)
    assert {"href": f"/mails/{mail['id']}"} in page.every("a")


def test_it_speaks_english_to_a_browser_that_does(mail_server: MailServer) -> None:
    page = Page(get(mail_server, "/", **{"Accept-Language": "en-GB,en;q=0.9"})[0])
    assert page.every("html") == [{"lang": "en"}]
    assert "Mail that arrived" in page.words


def test_an_empty_list_says_what_to_do(mail_server: MailServer, hanako: str) -> None:
    page = get(mail_server, "/?" + urlencode({"to": hanako}))[0]
    assert "再読み込みしてください" in page


def test_the_time_is_shown_in_japan(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako))
    received = mails_to(mail_server, hanako)[0]["received_at"]
    assert {"datetime": received} in page_of_the_latest(mail_server, hanako).every("time")


def test_a_web_address_in_the_text_is_a_link(mail_server: MailServer, hanako: str) -> None:
    text = "こちらです。https://example.jp/confirm?a=1&b=2 をご覧ください。"
    send(mail_server, a_mail(hanako, text=text))
    links = page_of_the_latest(mail_server, hanako).every("a")
    assert {"href": "https://example.jp/confirm?a=1&b=2", "rel": "noreferrer"} in links


ATTACK = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


def test_what_came_by_mail_is_text_on_the_page(mail_server: MailServer, hanako: str) -> None:
    send(mail_server, a_mail(hanako, subject=ATTACK, text=ATTACK, html=ATTACK))
    page = page_of_the_latest(mail_server, hanako)
    assert not page.every("script")
    assert not page.every("img")
    assert any(ATTACK in word for word in page.words)
    listed = Page(get(mail_server, "/?" + urlencode({"to": hanako}))[0])
    assert not listed.every("script")


def test_the_html_part_is_framed_in_a_sandbox_that_runs_nothing(
    mail_server: MailServer, hanako: str
) -> None:
    send(mail_server, a_mail(hanako, html=ATTACK))
    [frame] = page_of_the_latest(mail_server, hanako).every("iframe")
    assert frame["sandbox"] is None
    assert frame["title"]
    assert frame["src"]
    _, headers = get(mail_server, frame["src"])
    assert headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_every_page_has_a_policy_without_scripts(mail_server: MailServer) -> None:
    for path in ("/", "/api/mails", "/mail.css", "/favicon.ico"):
        _, headers = get(mail_server, path)
        assert headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/mails/", "/mails/..%2F..%2Fetc", "/mails/../../etc/passwd", "/mails/x/html"],
)
def test_an_address_that_leads_nowhere_gives_404(mail_server: MailServer, path: str) -> None:
    with pytest.raises(HTTPError) as lost:
        get(mail_server, path)
    with lost.value as answer:
        assert answer.status == 404
        assert "一覧へ戻る" in answer.read().decode()


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"no header at all",
        b"Subject: =?nonsense?B?AAAA?=\r\n\r\nx",
        b"Subject: =?utf-8?B?A?=\r\n\r\nx",
        b"Subject: \xff\xfe\r\nTo: \xe6\xb8\xaf\r\n\r\n\xff",
        b"Content-Type: text/plain; charset=martian\r\n\r\nx",
        b"Content-Type: text/plain; charset=undefined\r\n\r\nx",
        b"Content-Type: text/html; charset=iso-2022-jp\r\n\r\n\x1b$B\xff",
        b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--b\r\n",
        b"Content-Type: multipart/mixed\r\n\r\n",
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%",
        b"Content-Type: text/plain; charset*=x'y'z; name*0*=a\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner",
    ],
)
def test_a_broken_mail_is_shown_as_far_as_it_goes(
    mail_server: MailServer, hanako: str, source: bytes
) -> None:
    send_raw(mail_server, hanako, source)
    page_of_the_latest(mail_server, hanako)
    get(mail_server, f"/mails/{mails_to(mail_server, hanako)[0]['id']}/html")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    server = start_mail_server(tmp_path)
    with server.process, smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=PATIENCE):
        assert server.stop(number) == 0


def test_mails_outlive_a_kill(tmp_path: Path, hanako: str) -> None:
    first = start_mail_server(tmp_path)
    with first.process:
        send(first, a_mail(hanako))
        first.stop(signal.SIGKILL)
    second = start_mail_server(tmp_path)
    with second.process:
        assert len(mails_to(second, hanako)) == 1
        second.stop()


def test_it_says_in_one_line_that_a_port_is_taken(mail_server: MailServer, tmp_path: Path) -> None:
    ports = ["--smtp-port", str(mail_server.smtp_port), "--http-port", "0"]
    command = [sys.executable, "-m", "sandbox.mail_server", *ports, "--folder", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    assert ended.returncode == 1
    assert ended.stderr.startswith("mail server: ")
    assert len(ended.stderr.splitlines()) == 1
