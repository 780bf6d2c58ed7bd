"""The pages of the app: who asks, what for, which card, which PIN."""

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import urlsplit

from sandbox.card_office.authority import Resident

from .provider import Asked

_KEPT = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce",
         "code_challenge", "code_challenge_method")  # fmt: skip

_WORDS = {
    "ja": {
        "title": "デジタル認証アプリ（模擬）",
        "skip": "本文へ移動",
        "asks": "MyPost が、マイナンバーカードによる確認を求めています。",
        "sign_in": "署名用の情報は渡りません。本人であることだけを伝えます。",
        "personal": "氏名、住所、生年月日、性別を伝えます。",
        "card": "カード",
        "pin_sign": "署名用の暗証番号（英数字6〜16文字）",
        "pin_auth": "利用者証明用の暗証番号（数字 4 けた）",
        "agree": "カードを読み取る",
        "decline": "やめる",
        "refused": "この求めには応じられません。",
        "welcome": "サービスから呼び出されたときに使います。",
        "lost": "そのページはありません。",
    },
    "en": {
        "title": "Digital Authentication App (sandbox)",
        "skip": "Skip to content",
        "asks": "MyPost asks you to confirm yourself with your My Number Card.",
        "sign_in": "It only learns that it is you. No attributes are passed on.",
        "personal": "It learns your name, address, date of birth and sex.",
        "card": "Card",
        "pin_sign": "Signature password (6 to 16 letters and digits)",
        "pin_auth": "PIN for authentication (4 digits)",
        "agree": "Read the card",
        "decline": "Decline",
        "refused": "This request cannot be answered.",
        "welcome": "A service calls this app when it needs it.",
        "lost": "There is no such page.",
    },
}


def page_policy(goes_to: str = "") -> str:
    """Return what a page may do. goes_to: the address its form is sent on to."""
    parts = urlsplit(goes_to)
    onward = f" {parts.scheme}://{parts.netloc}" if goes_to else ""
    return (
        f"default-src 'none'; style-src 'self'; form-action 'self'{onward}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


class Pages:
    """The pages in one language: `ja` or `en`."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._words = {name: escape(text) for name, text in _WORDS[language].items()}

    def consent(
        self, asked: Asked, given: Mapping[str, str], people: Iterable[Resident], trouble: str
    ) -> str:
        """Return the page that asks for card and PIN. trouble: why the last try failed."""
        words, personal = self._words, asked.is_personal
        hidden = "".join(
            f'<input type="hidden" name="{name}" value="{escape(given[name])}">' for name in _KEPT
        )
        cards = "".join(self._card(person, given.get("card", "")) for person in people)
        alert = f'<p role="alert" class="trouble">{escape(trouble)}</p>' if trouble else ""
        return self._page(
            f"<p>{words['asks']} {words['personal' if personal else 'sign_in']}</p>{alert}"
            f'<form method="post" action="/authorize">{hidden}'
            f'<label for="card">{words["card"]}</label>'
            f'<select id="card" name="card">{cards}</select>'
            f'<label for="pin">{words["pin_sign" if personal else "pin_auth"]}</label>'
            '<input id="pin" name="pin" type="password" autocomplete="off">'
            f'<button name="answer" value="agree">{words["agree"]}</button>'
            f'<button name="answer" value="decline" class="quiet">{words["decline"]}</button>'
            "</form>"
        )

    def welcome(self) -> str:
        """Return what somebody sees who comes without a request."""
        return self._page(f"<p>{self._words['welcome']}</p>")

    def refused(self, code: str) -> str:
        """Return the page for a request that is not answered. code: RFC 6749 §4.1.2.1."""
        return self._page(f"<p>{self._words['refused']}</p><p><code>{escape(code)}</code></p>")

    def lost(self) -> str:
        """Return the page for an address that leads nowhere."""
        return self._page(f"<p>{self._words['lost']}</p>")

    def _card(self, person: Resident, chosen: str) -> str:
        selected = " selected" if str(person.id) == chosen else ""
        return f'<option value="{escape(str(person.id))}"{selected}>{escape(person.name)}</option>'

    def _page(self, body: str) -> str:
        title = self._words["title"]
        return (
            f'<!doctype html><html lang="{self._language}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width">'
            f'<title>{title}</title><link rel="stylesheet" href="/auth_app.css">'
            f'<a class="skip" href="#main">{self._words["skip"]}</a>'
            f'<main id="main"><h1>{title}</h1>{body}</main></html>'
        )
