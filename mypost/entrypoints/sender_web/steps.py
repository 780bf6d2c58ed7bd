"""The steps on the way to sending, as the pages show them."""

from django.utils.translation import gettext_lazy as _

LETTER_STEPS = [_("What"), _("Who"), _("Check"), _("Send")]
FILE_STEPS = [_("Files"), _("Check"), _("Send")]
