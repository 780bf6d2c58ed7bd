"""What a sender's administrators type: topics and API keys."""

import unicodedata
from datetime import datetime, time, timedelta
from ipaddress import ip_network

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _

from mypost.entrypoints.sender_web.forms import LEVELS
from mypost.senders.models import Category, Scope

MOST_NETWORKS = 50


class TopicForm(forms.Form):
    """One thing that the sender writes about."""

    name = forms.CharField(label=_("Name"), max_length=100)
    name_en = forms.CharField(
        label=_("Name in English"),
        max_length=100,
        required=False,
        help_text=_("For members who read English. Without it they see the Japanese name."),
    )
    category = forms.ChoiceField(
        label=_("Category"), choices=Category.choices, help_text=_("For the monthly statistics.")
    )
    required_assurance = forms.TypedChoiceField(
        label=_("Who may receive it"), choices=LEVELS, coerce=int
    )


class NewTopicForm(TopicForm):
    """A topic that is not there yet."""

    slug = forms.SlugField(
        label=_("Short name for programs and files"),
        max_length=50,
        help_text=_("Letters a to z, digits and hyphens. It cannot be changed later."),
    )
    field_order = ("name", "name_en", "slug")


class KeyForm(forms.Form):
    """A key for one of the sender's programs."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program will use it, and where.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            ("test", _("test: everything runs, nothing is delivered")),
            ("live", _("live: letters are delivered")),
        ],
        initial="test",
        widget=forms.RadioSelect,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Without a day it stays valid until you end it."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    networks = forms.CharField(
        label=_("Addresses it may come from"),
        required=False,
        help_text=_("One address or network a line, such as 203.0.113.0/24. Empty: from anywhere."),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )

    def clean_expires_on(self) -> datetime | None:
        """Return the end of the key's last day in Japan."""
        day = self.cleaned_data["expires_on"]
        if day is None:
            return None
        if day < localdate():
            raise ValidationError(_("This day has passed."))
        try:
            following = day + timedelta(days=1)
        except OverflowError:
            raise ValidationError(_("This day is too far away.")) from None
        return datetime.combine(following, time(), tzinfo=get_default_timezone())

    def clean_networks(self) -> list[str]:
        """Return the networks, one a line. Says which line is none."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["networks"]).splitlines()
        lines = [line.strip() for line in typed if line.strip()]
        if len(lines) > MOST_NETWORKS:
            raise ValidationError(_("At most 50 lines."))
        wrong = [line for line in lines if not _is_network(line)]
        if wrong:
            raise ValidationError(
                _("%(line)s is not an address or a network."), params={"line": wrong[0][:50]}
            )
        return lines


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return "%" not in text  # a scope names a cable of one machine
