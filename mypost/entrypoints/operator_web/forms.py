"""What operators type. Rooms judge it; here it gets its labels and its places for errors."""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from mypost.members.models import AssuranceLevel
from mypost.senders.models import Category, Sender

GAPS = " -\u2010\u2212\u30fc"  # between groups of digits, as people copy them


class PageForm(forms.Form):
    """Which page of a list: what is older, or newer, than this id."""

    before = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)


class SenderSearch(PageForm):
    """Which senders to list."""

    words = forms.CharField(label=_("Name or code"), max_length=100, required=False)
    state = forms.ChoiceField(choices=Sender.ContractState.choices, required=False)

    def clean_words(self) -> str:
        """Read full-width digits and half-width katakana as what they mean."""
        return unicodedata.normalize("NFKC", self.cleaned_data["words"])


class SenderForm(forms.Form):
    """A body that asks for a contract."""

    CODE_TAKEN = _("A sender with this code is here already.")

    kind = forms.ChoiceField(label=_("Kind"), choices=Sender.Kind.choices, widget=forms.RadioSelect)
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("A municipality's six digits, or the thirteen digits of a corporate number."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name in Japanese"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    description = forms.CharField(
        label=_("What it will send"),
        max_length=400,
        required=False,
        help_text=_("Members read this before they choose the sender."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    description_en = forms.CharField(
        label=_("What it will send, in English"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, required=False, assume_scheme="https"
    )
    support = forms.CharField(
        label=_("How members reach it"),
        max_length=200,
        required=False,
        help_text=_("A telephone number or an address that people answer."),
    )
    required_assurance = forms.TypedChoiceField(
        label=_("Level a member needs to choose it"),
        choices=AssuranceLevel.choices,
        coerce=int,
    )

    def clean_code(self) -> str:
        """Read the code as people copy it: full-width, in groups, with hyphens."""
        typed = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        code = "".join(sign for sign in typed if sign not in GAPS)
        if Sender.objects.filter(code=code).exists():
            raise ValidationError(self.CODE_TAKEN)
        return code


class TopicForm(forms.Form):
    """One thing more that a sender writes about."""

    SLUG_TAKEN = _("This sender has a topic of this name already.")

    name = forms.CharField(label=_("Name in Japanese"), max_length=100)
    name_en = forms.CharField(label=_("Name in English"), max_length=100, required=False)
    slug = forms.SlugField(
        label=_("Short name for programs"),
        max_length=50,
        help_text=_("Letters a to z, digits and hyphens. It cannot be changed later."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    required_assurance = forms.TypedChoiceField(
        label=_("Level a member needs to receive it"),
        choices=AssuranceLevel.choices,
        coerce=int,
    )

    def __init__(self, *args: Any, sender: Sender, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sender = sender

    def clean_slug(self) -> str:
        """Refuse a name that programs know already."""
        slug: str = self.cleaned_data["slug"]
        if self._sender.topics.filter(slug=slug).exists():
            raise ValidationError(self.SLUG_TAKEN)
        return slug


class ContractStepForm(forms.Form):
    """One step of a contract, and why it is taken."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_(
            "Kept with the contract, beside your name. "
            "The evidence of this step holds a fingerprint of these words."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)
