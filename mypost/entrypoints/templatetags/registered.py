"""What we know of a person, as it came: names with every character, dates, reasons."""

import re
from datetime import date, datetime

from django import template
from django.utils.dateformat import format as format_date
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import pgettext

from mypost.entrypoints import birth_dates
from mypost.members import reasons

register = template.Library()

# One character with its variation selector: the two are one glyph and never stand apart.
GLYPH = re.compile(r"(?s).[\ufe00-\ufe0f\U000e0100-\U000e01ef]?")
SPACES = re.compile(r"\s+")

register.filter("declared_birth_date", birth_dates.declared_in_words)
register.filter("certified_birth_date", birth_dates.certified_in_words)
register.filter("level_reason", reasons.level_sentence)
register.filter("lapse_reason", reasons.lapse_sentence)


@register.simple_tag
def registered(text: str, substituted: str = "") -> SafeString:
    """Return a certified string byte for byte, in a font that has the registered glyphs.

    substituted: one digit a character, "1" where the register has another glyph; those are marked.
    """
    parts = ((_mark(glyph) if flag else glyph,) for glyph, flag in _flagged(text, substituted))
    inside = format_html_join("", "{}", parts)
    return format_html('<span class="registered" lang="ja">{}</span>', inside)


@register.filter
def day(of: date) -> str:
    """Return a date, or the Japanese date of a moment, for a sentence."""
    on = localtime(of) if isinstance(of, datetime) else of
    return format_date(on, pgettext("date format", "j M Y"))


@register.filter
def stand_ins(text: str, substituted: str) -> str:
    """Return the characters that stand for another one, in their order."""
    return "".join(glyph for glyph, flag in _flagged(text, substituted) if flag)


@register.simple_tag
def furigana(name: str, kana: str) -> SafeString:
    """Return a name with its reading above: part by part if both have as many parts."""
    names, readings = SPACES.split(name.strip()), SPACES.split(kana.strip())
    gaps = SPACES.findall(name.strip())
    if len(names) != len(readings):
        names, readings, gaps = [name], [kana], []
    pairs = zip(names, readings, [*gaps, ""], strict=True)
    inside = format_html_join("", "<ruby>{}<rp>（</rp><rt>{}</rt><rp>）</rp></ruby>{}", pairs)
    return format_html('<span class="registered" lang="ja">{}</span>', inside)


def _flagged(text: str, substituted: str) -> list[tuple[str, bool]]:
    """Return each glyph with whether it stands for another one.

    A flag belongs to a character; where selectors are among them, either count is understood.
    """
    glyphs = GLYPH.findall(text)
    if len(substituted) == len(glyphs):
        return [(glyph, flag == "1") for glyph, flag in zip(glyphs, substituted, strict=True)]
    flagged, at = [], 0
    for glyph in glyphs:
        flagged.append((glyph, "1" in substituted[at : at + len(glyph)]))
        at += len(glyph)
    return flagged


def _mark(glyph: str) -> SafeString:
    return format_html('<mark class="registered__stand-in">{}</mark>', glyph)
