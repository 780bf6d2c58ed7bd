"""A letter's text: Markdown as its sender wrote it, shown as HTML that can do nothing."""

from collections.abc import Iterable

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

# Lines end where the sender ended them; a picture would tell somebody that the letter is read.
_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
_markdown.enable("table").disable("image")

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel"}


def as_html(text: str) -> SafeString:
    """Return Markdown as HTML for a page whose own heading is h1.

    text: of any origin. Scripts, raw HTML, pictures and styles do not survive, nor do links
    without a host, which would look like ours.
    """
    tokens = _markdown.parse(text)
    _fit_headings(tokens)
    html = _markdown.renderer.render(tokens, _markdown.options, {})
    clean = nh3.clean(
        html, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes=_SCHEMES,
        url_relative="deny", link_rel="noopener noreferrer",
    )  # fmt: skip
    return mark_safe(clean)  # noqa: S308  cleaned in the line above


def _fit_headings(tokens: Iterable[Token]) -> None:
    """Put headings below the page's own, none more than one level under the one before it."""
    level = 1
    for token in tokens:
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + 1, level + 1, 6)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{level}"
