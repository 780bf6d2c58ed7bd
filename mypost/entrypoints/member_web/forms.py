"""What members may write about themselves."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypost.entrypoints.birth_dates import read_parts
from mypost.entrypoints.postal_codes import seven_digits
from mypost.members.models import Sex

EARLIEST = 1868  # Meiji 1: the first year that the register can hold
KANA = re.compile(r"[\u3041-\u3096\u309d\u309e\u30a1-\u30fe\uff66-\uff9f\s・]+")
SEXES = [
    (Sex.FEMALE.value, gettext_lazy("Female")),
    (Sex.MALE.value, gettext_lazy("Male")),
    (Sex.UNKNOWN.value, gettext_lazy("I would rather not say")),
]


class NameForm(forms.Form):
    """How the member wants to be addressed."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=100,
        help_text=gettext_lazy("This is how we address you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class ExactField(forms.CharField):
    """One line, kept exactly as it was typed: spaces at its ends, widths, variants and all."""

    def __init__(self, *, autocomplete: str = "", **facts: object) -> None:
        widget = forms.TextInput(attrs={"autocomplete": autocomplete, "spellcheck": "false"})
        super().__init__(strip=False, widget=widget, **facts)  # type: ignore[arg-type]

    def validate(self, value: str) -> None:
        """Refuse what looks empty, and what no line can hold."""
        super().validate(value if value.strip() else "")
        if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
            raise ValidationError(_("Please write this on one line, without control characters."))


def only_kana(value: str) -> None:
    """Refuse anything but kana. Raises ValidationError."""
    if value.strip() and not KANA.fullmatch(value):
        raise ValidationError(_("Please write the reading in hiragana or katakana."))


class ProfileForm(forms.Form):
    """The four attributes by which a person is known, and the reading of the name.

    Gives `birth_date` as ISO 8601 and `postal_code` as seven digits; all else as it was typed.
    """

    name = ExactField(
        label=gettext_lazy("Full name"),
        max_length=100,
        autocomplete="name",
        help_text=gettext_lazy("As it stands in your resident record, family name first."),
    )
    kana = ExactField(
        label=gettext_lazy("Reading of the name"),
        max_length=100,
        help_text=gettext_lazy("In hiragana or katakana."),
        validators=[only_kana],
    )
    postal_code = forms.CharField(
        label=gettext_lazy("Postal code"),
        max_length=20,
        help_text=gettext_lazy("Seven digits."),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    address = ExactField(
        label=gettext_lazy("Address"),
        max_length=200,
        autocomplete="street-address",
        help_text=gettext_lazy("From the prefecture to the house number."),
    )
    building = ExactField(
        label=gettext_lazy("Building and room"),
        max_length=100,
        required=False,
        autocomplete="address-line3",
    )
    birth_year = forms.CharField(
        label=gettext_lazy("Year of birth"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "bday-year"}),
    )
    birth_month = forms.CharField(
        label=gettext_lazy("Month of birth"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "bday-month", "inputmode": "numeric"}),
    )
    birth_day = forms.CharField(
        label=gettext_lazy("Day of birth"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "bday-day", "inputmode": "numeric"}),
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=SEXES, widget=forms.RadioSelect)

    def __init__(self, *arguments: Any, today: date, **facts: Any) -> None:
        """today: in Japan; nobody is born later."""
        super().__init__(*arguments, **facts)
        self._today = today

    def clean_postal_code(self) -> str:
        """Return seven ASCII digits."""
        code = seven_digits(self.cleaned_data["postal_code"])
        if code is None:
            raise ValidationError(_("A postal code has seven digits, as in 965-0042."))
        return code

    def clean(self) -> dict[str, Any]:
        """Put the date of birth together. What is wrong with it stands at its year."""
        data = self.cleaned_data
        if all(f"birth_{part}" in data for part in ("year", "month", "day")):
            data["birth_date"] = self._birth_date(data)
        return data

    def _birth_date(self, data: dict[str, str]) -> str:
        try:
            born = read_parts(data["birth_year"], data["birth_month"], data["birth_day"])
        except ValueError:
            self.add_error("birth_year", _("There is no such date. Please look at it again."))
            return ""
        if born.year < EARLIEST or born.first > self._today:
            self.add_error("birth_year", _("This date cannot be a date of birth."))
        return str(born)


class PasscodeForm(forms.Form):
    """The code from the letter."""

    code = forms.CharField(
        label=gettext_lazy("Passcode from the letter"),
        max_length=40,
        help_text=gettext_lazy("As it is printed. Hyphens and small letters do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}
        ),
    )


class MergeForm(forms.Form):
    """The number that the other account was given."""

    code = forms.CharField(
        label=gettext_lazy("Number from the other account"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
