"""What a letter demands of whoever opens it."""

from mypost.letters.errors import AssuranceTooLow, SignInTooWeak
from mypost.letters.models import Letter
from mypost.members.models import Member


def check_demands(letter: Letter, reader: Member, *, aal: int) -> None:
    """Check what the letter demands: 1. who the reader is, 2. how they have signed in now.

    aal: of the session, 1 to 3. Raises AssuranceTooLow, SignInTooWeak: in this order, since a
    stronger sign-in alone does not help somebody who is not known well enough.
    Source: NIST SP 800-63B-4 §2.
    """
    if reader.level < letter.required_assurance:  # 1
        raise AssuranceTooLow
    if aal < letter.required_aal:  # 2
        raise SignInTooWeak
