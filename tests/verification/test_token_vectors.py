"""Others' vectors for tokens, through the library and the algorithms that the app's answers use."""

from typing import Any

from joserfc import jwk, jws
from joserfc.errors import JoseError

from mypost.verification import auth_app
from tests.vectors import wycheproof

ALGORITHMS = ["ES256", "RS256"]  # those of Digital Authentication App's answers, and no other


def test_no_other_algorithm_is_taken() -> None:
    assert auth_app.ALGORITHMS == ALGORITHMS


def is_taken(case: dict[str, Any]) -> bool:
    try:
        jws.deserialize_compact(case["jws"], jwk.import_key(case["public"]), algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        return False
    return True


def with_public_key(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [case for case in cases if "public" in case]


def test_no_invalid_token_of_wycheproof_is_taken() -> None:
    for name in ("json_web_signature", "json_web_key"):
        for case in with_public_key(wycheproof(name)):
            assert not (case["result"] == "invalid" and is_taken(case)), case["comment"]


def test_every_valid_token_of_an_algorithm_we_use_is_taken() -> None:
    for case in with_public_key(wycheproof("json_web_signature")):
        if case["result"] == "valid" and case["public"].get("alg") in ALGORITHMS:
            assert is_taken(case), case["comment"]
