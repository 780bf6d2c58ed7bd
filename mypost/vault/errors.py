"""What the vault refuses."""

from mypost.common.problems import Refusal


class VaultError(Refusal):
    """Base of this room's refusals."""


class CustodianAbsent(VaultError):
    """This process holds no key that opens a mailbox."""

    code = "custodian_absent"


class IntakeKeyAbsent(VaultError):
    """This process holds no key for what is not yet delivered."""

    code = "intake_key_absent"


class ContentGone(VaultError):
    """The content was destroyed, or its store cannot be reached."""

    code = "content_gone"


class ContentDamaged(VaultError):
    """The stored content does not open: it was changed, or it is another letter's."""

    code = "content_damaged"
