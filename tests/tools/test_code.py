"""The demo operators' one-time code is the one that any authenticator shows."""

import pytest

from sandbox.demo import code

RFC_6238_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1234567890.9, "005924"),
        (20000000000, "353130"),
    ],
)
def test_it_gives_the_codes_of_rfc_6238(at: float, expected: str) -> None:
    assert code.code(RFC_6238_SECRET, at=at) == expected


def test_it_prints_the_code_of_now(capsys: pytest.CaptureFixture[str]) -> None:
    assert code.main() == 0
    printed = capsys.readouterr().out.split()
    assert len(printed[0]) == 6
    assert printed[0].isdigit()
