"""The frame of all pages. Japanese first, English beside it, no script."""

from html import escape

from .words import WORDS


def policy(goes_to: str = "") -> str:
    """Return the content policy of a page: no script, nothing from elsewhere.

    goes_to: the one other origin that a form of the page may send to.
    """
    targets = f"'self' {goes_to}".rstrip()
    return (
        f"default-src 'none'; style-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def page(title: str, body: str, *, heading: str = "") -> str:
    """Return a whole page. title: key of a word. heading: HTML to stand instead of it."""
    return (
        '<!doctype html><html lang="ja"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(' / '.join(WORDS[title]))}</title>"
        '<link rel="stylesheet" href="/office.css">'
        f'<a class="skip" href="#main">{say("skip")}</a>'
        f'<main id="main"><h1>{heading or say(title)}</h1>{body}</main></html>'
    )


def say(word: str, **facts: object) -> str:
    """Return a text in both languages, escaped, the English marked as such."""
    ja, en = (escape(text.format(**facts)) for text in WORDS[word])
    return beside(ja, en)


def beside(ja: str, en: str) -> str:
    """Return Japanese HTML with English beside it."""
    return f'{ja} <span lang="en">{en}</span>'


def paragraph(word: str) -> str:
    """Return a paragraph in both languages."""
    return f"<p>{say(word)}</p>"


def heading(word: str) -> str:
    """Return the heading of a part of a page."""
    return f"<h2>{say(word)}</h2>"


def alert(word: str, **facts: object) -> str:
    """Return what went wrong, so that a screen reader tells it first."""
    return f'<p id="trouble" role="alert" class="trouble">{say(word, **facts)}</p>'


def field(name: str, label: str, value: str) -> str:
    """Return a text field with its label."""
    return (
        f'<label for="{label}">{say(label)}</label>'
        f'<input id="{label}" name="{name}" value="{escape(value)}" autocomplete="off" required>'
    )


def choice(name: str, options: dict[str, str], chosen: str = "") -> str:
    """Return a choice with its label. options: text of each, by value."""
    inner = "".join(
        f'<option value="{escape(value)}"{" selected" * (value == chosen)}>{escape(text)}</option>'
        for value, text in options.items()
    )
    return (
        f'<label for="{name}">{say(name)}</label><select id="{name}" name="{name}">{inner}</select>'
    )


def hidden(name: str, value: str) -> str:
    """Return a field that nobody sees."""
    return f'<input type="hidden" name="{name}" value="{escape(value)}">'


def lost() -> str:
    """Return the page for an address that leads nowhere."""
    return page("lost", paragraph("lost_text") + f'<p><a href="/">{say("to_office")}</a></p>')
