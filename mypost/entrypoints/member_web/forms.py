"""What members may write about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _


class NameForm(forms.Form):
    """How the member wants to be addressed."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=100,
        help_text=_("This is how we address you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
