"""The frame of the parties' pages: one language, no script, nothing from elsewhere."""

from html import escape
from urllib.parse import quote

from .troubles import Trouble

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_SKIP = {"ja": "本文へ移動", "en": "Skip to content"}
_SWITCH = {
    "ja": ("故障の練習", "切り替える"),
    "en": ("Rehearse a failure", "Switch"),
}
_TROUBLES = {
    "ja": {
        Trouble.NONE: "正常に動く",
        Trouble.AWAY: "応答しない（503）",
        Trouble.SLOW: "とても遅い",
        Trouble.HUGE: "終わりのない応答",
        Trouble.REDIRECT: "別の場所へ転送する",
        Trouble.NONSENSE: "意味のない応答",
        Trouble.REFUSE: "断る（403）",
        Trouble.STRANGE: "知らない出来事を混ぜる",
    },
    "en": {
        Trouble.NONE: "All is well",
        Trouble.AWAY: "Away (503)",
        Trouble.SLOW: "Very slow",
        Trouble.HUGE: "Answers without end",
        Trouble.REDIRECT: "Redirects elsewhere",
        Trouble.NONSENSE: "Answers nonsense",
        Trouble.REFUSE: "Refuses (403)",
        Trouble.STRANGE: "Tells of strange events too",
    },
}


def page(language: str, title: str, body: str) -> str:
    """Return a whole page. title: plain text. body: HTML."""
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/paper.css">'
        f'<a class="skip" href="#main">{_SKIP[language]}</a>'
        f'<main id="main"><h1>{escape(title)}</h1>{body}</main></html>'
    )


def piece_link(number: str) -> str:
    """Return the address of a piece's page."""
    return f"/pieces/{quote(number)}"


def facts(pairs: list[tuple[str, str]]) -> str:
    """Return a description list of plain texts."""
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in pairs if text
    )
    return f"<dl>{rows}</dl>"


def options(choices: dict[str, str], *, name: str, label: str, chosen: str = "") -> str:
    """Return a labelled select."""
    rows = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}'
        for value, text in choices.items()
    )
    return f'<label>{escape(label)} <select name="{name}">{rows}</select></label>'


def trouble_form(language: str, trouble: Trouble) -> str:
    """Return the form that switches a failure on and off."""
    heading, button = _SWITCH[language]
    choices = {each.value: text for each, text in _TROUBLES[language].items()}
    select = options(choices, name="trouble", label=heading, chosen=trouble.value)
    return (
        '<form method="post" action="/trouble" class="quiet">'
        f'{select}<button type="submit">{button}</button></form>'
    )
