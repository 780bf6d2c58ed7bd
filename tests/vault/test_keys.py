"""Keys by reference: a file of 32 bytes in hex, and nothing that merely looks like one."""

from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from mypost.vault import custodian

CONTEXT = UUID(int=1).bytes


def wrap(file: Path, settings: Settings) -> bytes:
    settings.CUSTODIAN_KEY_FILE = file
    return custodian.wrap_private_key(b"a private key", context=CONTEXT)


def test_a_key_of_32_bytes_opens_what_it_closed(tmp_path: Path, settings: Settings) -> None:
    file = tmp_path / "right.key"
    file.write_text("42" * 32 + "\n")
    wrapped = wrap(file, settings)
    assert custodian.unwrap_private_key(wrapped, context=CONTEXT) == b"a private key"


@pytest.mark.parametrize("content", ["", "42" * 31, "42" * 33, "42" * 16, "4" * 63, "zz" * 32])
def test_what_is_no_key_of_32_bytes_is_refused(
    tmp_path: Path, settings: Settings, content: str
) -> None:
    file = tmp_path / "wrong.key"
    file.write_text(content)
    with pytest.raises(ValueError, match=r"32 bytes|hex"):
        wrap(file, settings)
