"""Print the operators' one-time code of this half minute, for who has no authenticator at hand."""

import base64
import sys
import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from sandbox.demo.world import TOTP_SECRET

DIGITS, PERIOD = 6, 30  # seconds; what every authenticator takes for granted


def code(secret: str, *, at: float) -> str:
    """Return the code of a moment. secret: base32. at: seconds since 1970.

    Source: RFC 6238.
    """
    key = base64.b32decode(secret)
    totp = TOTP(key, DIGITS, SHA1(), PERIOD, enforce_key_length=False)  # noqa: S303  the standard's
    return totp.generate(int(at)).decode()


def main() -> int:
    """Print the code and how long it lasts."""
    at = time.time()
    print(f"{code(TOTP_SECRET, at=at)}   for {PERIOD - int(at) % PERIOD} more seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
