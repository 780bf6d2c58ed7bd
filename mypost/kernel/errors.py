"""What the kernel refuses, one sentence each."""


class KernelError(Exception):
    """The base of every refusal in this room; `code` is stable and may be shown to machines."""

    code = "kernel_error"


class EntryTooLarge(KernelError):
    """A log entry is longer than 65,535 bytes and would not fit a C2SP entry bundle."""

    code = "entry_too_large"


class EntryMalformed(KernelError):
    """The bytes are not one canonical evidence entry."""

    code = "entry_malformed"


class NotCanonical(KernelError):
    """The value has no canonical JSON form: a number or a type unknown to JSON."""

    code = "not_canonical"


class TileTooShort(KernelError):
    """The store gave fewer hashes than a tree of this size must have."""

    code = "tile_too_short"


class CheckpointInvalid(KernelError):
    """The note is not a checkpoint, or nobody we know has signed it."""

    code = "checkpoint_invalid"


class VerifierKeyMalformed(KernelError):
    """The text is not a C2SP verifier key of an Ed25519 signer."""

    code = "verifier_key_malformed"


class KeyMalformed(KernelError):
    """A key has the wrong length, the wrong version, or no safe value."""

    code = "key_malformed"


class SealBroken(KernelError):
    """The sealed bytes were changed, moved to another place, or sealed under another key."""

    code = "seal_broken"


class ReceiptMalformed(KernelError):
    """The bundle does not have the form of a receipt."""

    code = "receipt_malformed"


class CertificateMalformed(KernelError):
    """The bytes are not one certificate in strict DER, or they are too many."""

    code = "certificate_malformed"


class BasicFourMalformed(KernelError):
    """The certificate does not hold the six names that make the basic four attributes."""

    code = "basic_four_malformed"


class BirthDateMalformed(KernelError):
    """Not a birth date of the form EYYYYMMDD, or a day that no calendar has."""

    code = "birth_date_malformed"


class AuthorityRefused(KernelError):
    """Not a root certificate of this world's authorities."""

    code = "authority_refused"


class RevocationProofInvalid(KernelError):
    """The answer about revocation is not signed by whom it must be, is old, or is about another."""

    code = "revocation_proof_invalid"
