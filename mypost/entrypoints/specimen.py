"""The style guide: every component once, with sample content. A page for development."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from mypost.common.transactions import reads
from mypost.entrypoints.access import public


class SpecimenForm(forms.Form):
    """One field of each kind."""

    subject = forms.CharField(
        label=_("Subject"),
        help_text=_("Members see this line in their list."),
    )
    text = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"maxlength": 400}), required=False
    )
    topic = forms.ChoiceField(
        label=_("Topic"),
        choices=[("", "—"), ("tax", "税のお知らせ"), ("health", "国民健康保険")],
    )
    reach = forms.ChoiceField(
        label=_("Letters for people without a mailbox"),
        choices=[("paper", _("Send on paper")), ("refuse", _("Do not send"))],
        widget=forms.RadioSelect,
        initial="paper",
    )
    documents = forms.FileField(
        label=_("Documents"), help_text=_("PDF, up to 20 MB each."), required=False
    )
    verified_only = forms.BooleanField(
        label=_("Only for members whose identity is confirmed"), required=False
    )


@public
@require_GET
@reads
def specimen(request: HttpRequest) -> HttpResponse:
    """Show the style guide."""
    return render(request, "components/specimen.html", _sample_content(now()))


def _sample_content(at: datetime) -> dict[str, Any]:
    return {
        "form": SpecimenForm(initial={"subject": "令和8年度 国民健康保険税 納税通知書"}),
        "faulty_form": SpecimenForm({"subject": "", "topic": "unknown", "reach": "paper"}),
        "steps": [_("What"), _("Who"), _("Check"), _("Release")],
        "topics": ["税のお知らせ", "国民健康保険", "子育て"],
        "rows": _sample_rows(at),
        "moment": at,
        "day": date(2026, 9, 30),
    }


def _sample_rows(at: datetime) -> list[dict[str, Any]]:
    city, power, agency = (
        {"sender_name": "さくら市", "sender_kind": "municipality"},
        {"sender_name": "ひかり電力株式会社", "sender_kind": "company", "initial": "ひ"},
        {"sender_name": "年金の窓口", "sender_kind": "agency"},
    )
    return [
        city
        | {
            "subject": "令和8年度 国民健康保険税 納税通知書",
            "topic": "国民健康保険",
            "arrived_at": at - timedelta(minutes=5),
            "due_on": at.date() + timedelta(days=9),
            "due_soon": True,
            "unread": True,
            "opens": True,
        },
        power
        | {
            "subject": "9月分 電気料金のお知らせ",
            "topic": "料金",
            "arrived_at": at - timedelta(days=2),
            "unread": True,
            "opens": True,
            "reports": True,
        },
        agency
        | {
            "subject": "ねんきん定期便",
            "topic": "年金",
            "arrived_at": at - timedelta(days=400),
        },
    ]
