"""Passwords that somebody who guesses would try first, however long they are."""

import itertools
import re
import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

OURS = frozenset({"mypost", "mypostmypost", "mailbox", "yuubin", "postbox"})
REPEATED = re.compile(r"(.{1,8}?)\1+.{0,7}")
SHORTEST_PART = 4  # characters; shorter ones would block good sentences


class ExpectedPasswords(CommonPasswordValidator):
    """Refuse repetitions, rows of neighbours, and one or two common passwords put together.

    The list of common passwords is Django's; whoever needs more characters writes them twice.
    Nothing is said about kinds of characters. Source: NIST SP 800-63B-4 §3.1.1.2.
    """

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError for a password that is to be expected."""
        folded = unicodedata.normalize("NFKC", password).casefold()
        if _is_repetition(folded) or _is_row(folded) or self._is_put_together(folded):
            raise ValidationError(
                _("Others would guess this password. Choose words that nobody would put together."),
                code="password_expected",
            )

    def get_help_text(self) -> str:
        """Return what the page says before anything is typed."""
        return _("A sentence of several words is good. You need no special characters.")

    def _is_put_together(self, folded: str) -> bool:
        cuts = range(SHORTEST_PART, len(folded) - SHORTEST_PART + 1)
        return self._is_common(folded) or any(
            self._is_common(folded[:cut]) and self._is_common(folded[cut:]) for cut in cuts
        )

    def _is_common(self, part: str) -> bool:
        bare = part.strip(" 　-_.!")
        return bare in self.passwords or bare in OURS or _is_row(bare) or _is_repetition(bare)


def _is_repetition(text: str) -> bool:
    match = REPEATED.fullmatch(text)
    return match is not None and text.startswith((match[1] * len(text))[: len(text)])


def _is_row(text: str) -> bool:
    """Say whether each character follows the one before, as in 12345678 or fedcba."""
    steps = {ord(after) - ord(before) for before, after in itertools.pairwise(text)}
    return bool(steps) and (steps <= {1, -9} or steps <= {-1, 9})
