"""Times as people read them. A tag, because a list of letters shows fifty."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

register = template.Library()


@register.simple_tag
def moment(at: datetime, full: bool = False) -> SafeString:
    """Return a time element: day and clock if full, else as short as today allows.

    at: aware; shown in the current time zone, which is Japanese time. The exact second is
    in the title, and in place of a short form for those who listen.
    """
    local = timezone.localtime(at)
    exact = format_date(local, pgettext("date format", "D j M Y, H:i:s"))
    if full:
        words = format_date(local, pgettext("date format", "D j M Y, H:i"))
        return format_html(
            '<time datetime="{}" title="{}">{}</time>', local.isoformat(), exact, words
        )
    return format_html(
        '<time datetime="{}" title="{}"><span aria-hidden="true">{}</span>'
        '<span class="visually-hidden">{}</span></time>',
        local.isoformat(), exact, _short(local, timezone.localtime()), exact,
    )  # fmt: skip


def _short(at: datetime, today: datetime) -> str:
    if at.date() == today.date():
        return format_date(at, "H:i")
    if at.year == today.year:
        return format_date(at, pgettext("date format", "j M"))
    return format_date(at, pgettext("date format", "j M Y"))
