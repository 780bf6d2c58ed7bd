"""The pages on which a person reads the mails. Whatever came by mail is text, or in a sandbox."""

import re
from collections.abc import Iterable
from datetime import timedelta, timezone
from html import escape
from urllib.parse import quote

from .folder import Mail

# Nothing from elsewhere, no script at all; the HTML of a mail is framed, and framed only here.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PART_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)

_JAPAN = timezone(timedelta(hours=9))
_LINK = re.compile(r"https?://[^\s<>\"'（）「」、。]+")

_WORDS = {
    "ja": {
        "title": "届いたメール",
        "skip": "本文へ移動",
        "to": "宛先",
        "from": "差出人",
        "at": "受信",
        "show": "この宛先だけを表示",
        "all": "すべて表示",
        "none": "メールはまだ届いていません。届いたら、このページを再読み込みしてください。",
        "no_subject": "（件名なし）",
        "back": "一覧へ戻る",
        "headers": "ヘッダー",
        "html": "HTML の部分",
        "text": "本文",
        "source": "元のメール",
        "lost": "そのページはありません。",
    },
    "en": {
        "title": "Mail that arrived",
        "skip": "Skip to content",
        "to": "To",
        "from": "From",
        "at": "Received",
        "show": "Show only this address",
        "all": "Show all",
        "none": "No mail yet. Reload this page when some has arrived.",
        "no_subject": "(no subject)",
        "back": "Back to the list",
        "headers": "Headers",
        "html": "HTML part",
        "text": "Text",
        "source": "Source",
        "lost": "There is no such page.",
    },
}


class Pages:
    """The pages in one language: `ja` or `en`."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = {name: escape(text) for name, text in _WORDS[language].items()}

    def mails(self, mails: Iterable[Mail], *, to: str) -> str:
        """Return the list, in the order given. to: the address it is narrowed to, or empty."""
        words = self._words
        rows = "".join(map(self._row, mails))
        rest = f'<a href="/">{words["all"]}</a>' if to else ""
        return self._page(
            words["title"],
            f'<form><label for="to">{words["to"]}</label>'
            f'<input id="to" name="to" type="email" value="{escape(to)}" autocomplete="off">'
            f"<button>{words['show']}</button>{rest}</form>"
            + (f'<ol class="mails">{rows}</ol>' if rows else f"<p>{words['none']}</p>"),
        )

    def mail(self, mail: Mail) -> str:
        """Return the page of one mail: its text, its HTML in a frame, all its headers."""
        words, here = self._words, f"/mails/{quote(mail.id)}"
        frame = f'<iframe src="{here}/html" sandbox title="{words["html"]}"></iframe>'
        headers = "".join(
            f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in mail.headers
        )
        return self._page(
            self._subject(mail),
            f'<p><a href="/">{words["back"]}</a></p>{self._facts(mail)}'
            f"<h2>{words['text']}</h2><pre>{_linked(mail.text)}</pre>"
            + (f"<h2>{words['html']}</h2>{frame}" if mail.html else "")
            + f"<h2>{words['headers']}</h2><dl class='headers'>{headers}</dl>"
            f'<p><a href="{here}/source">{words["source"]}</a></p>',
        )

    def lost(self) -> str:
        """Return the page for an address that leads nowhere."""
        return self._page(
            "404", f'<p>{self._words["lost"]} <a href="/">{self._words["back"]}</a></p>'
        )

    def _row(self, mail: Mail) -> str:
        link = f'<a href="/mails/{quote(mail.id)}">{self._subject(mail)}</a>'
        return f"<li>{link}{self._facts(mail)}</li>"

    def _facts(self, mail: Mail) -> str:
        at, words = mail.received_at, self._words
        shown = at.astimezone(_JAPAN).strftime("%Y-%m-%d %H:%M:%S")
        return (
            f"<dl><dt>{words['to']}</dt><dd>{escape(', '.join(mail.recipients))}</dd>"
            f"<dt>{words['from']}</dt><dd>{escape(mail.header('from'))}</dd>"
            f"<dt>{words['at']}</dt><dd><time datetime='{at.isoformat()}'>{shown}</time></dd></dl>"
        )

    def _subject(self, mail: Mail) -> str:
        return escape(mail.header("subject")) or self._words["no_subject"]

    def _page(self, title: str, body: str) -> str:
        return (
            f'<!doctype html><html lang="{self._language}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f'<title>{title}</title><link rel="stylesheet" href="/mail.css">'
            f'<a class="skip" href="#main">{self._words["skip"]}</a>'
            f'<main id="main"><h1>{title}</h1>{body}</main></html>'
        )


def _linked(text: str) -> str:
    """Escape a mail's text, and make its web addresses links."""
    parts, end = [], 0
    for found in _LINK.finditer(text):
        address = escape(found.group())
        parts += [
            escape(text[end : found.start()]),
            f'<a href="{address}" rel="noreferrer">{address}</a>',
        ]
        end = found.end()
    return "".join([*parts, escape(text[end:])])
