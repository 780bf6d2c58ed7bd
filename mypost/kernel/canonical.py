"""Canonical JSON: one value, one sequence of bytes, so that hashes can be compared."""

import rfc8785

from mypost.kernel.errors import NotCanonical


def canonical_json(value: object) -> bytes:
    """Return the canonical bytes of a JSON value.

    value: dict with text keys, list, tuple, text, int within 53 bits, finite float, bool or None.
    Raises NotCanonical for anything else, also for text that is not Unicode (a lone surrogate).
    Source: RFC 8785 §3.2.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # the library checks each value
    except (ValueError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
