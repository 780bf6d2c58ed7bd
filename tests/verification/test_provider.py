"""What the app's provider answers: which addresses are followed, and what is no answer."""

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from pytest_django import Settings

from mypost.verification import auth_app
from mypost.verification import auth_app_provider as provider
from mypost.verification.auth_app import AppAttributes
from mypost.verification.errors import AppTokenInvalid, AppUnavailable
from tests.auth_app import RETURN_TO
from tests.conftest import NOW
from tests.verification.publisher import Publisher

TOLD = {
    "sub": "s", "name": "髙橋　次郎", "birthdate": "1996-07-25", "gender": "male",
    "address": {"formatted": "福島県"},
}  # fmt: skip


@pytest.fixture
def there(publisher: Publisher, settings: Settings) -> Publisher:
    settings.AUTH_APP_URL = publisher.address
    return publisher


def configured(there: Publisher, **addresses: object) -> None:
    there.answer = lambda path: json.dumps(addresses).encode()


def test_a_verifier_is_hidden_as_rfc_7636_shows() -> None:
    """Source: RFC 7636, appendix B."""
    hidden = auth_app._challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert hidden == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.mark.parametrize(
    ("purpose", "scope"),
    [
        ("sign_in", "openid"), ("step_up", "openid"),
        ("prove", "openid name address birthdate gender"),
    ],
)  # fmt: skip
def test_the_address_asks_for_what_the_errand_needs_and_no_more(
    there: Publisher, purpose: str, scope: str
) -> None:
    configured(there, authorization_endpoint=f"{there.address}/authorize")
    errand, address = auth_app.begin(purpose, redirect_uri=RETURN_TO, at=NOW)
    asked = {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{there.address}/authorize?")
    assert asked == {
        "response_type": "code", "client_id": "mypost", "redirect_uri": RETURN_TO, "scope": scope,
        "state": errand.state, "nonce": errand.nonce, "code_challenge_method": "S256",
        "code_challenge": auth_app._challenge(errand.verifier), "acr_values": "aal3 crl",
    }  # fmt: skip
    assert errand.as_session() == {
        "purpose": purpose, "state": errand.state, "nonce": errand.nonce,
        "verifier": errand.verifier, "redirect_uri": RETURN_TO,
        "begun_at": "2026-11-22T01:00:00+00:00",
    }  # fmt: skip


ELSEWHERE: list[Callable[[str], object]] = [
    lambda ours: f"{ours}.evil.example/token",  # begins alike, and is another host
    lambda ours: f"{ours}",
    lambda ours: "https://elsewhere.example/token",
    lambda ours: None,
    lambda ours: [f"{ours}/token"],
]


@pytest.mark.parametrize("where", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_only_an_address_below_the_issuer_is_followed(
    there: Publisher, where: Callable[[str], object]
) -> None:
    configured(there, token_endpoint=where(there.address))
    with pytest.raises(AppUnavailable):
        provider.endpoint("token_endpoint")


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        (200, b"{}", None),
        (400, b"{}", AppTokenInvalid),
        (401, b"{}", AppTokenInvalid),
        (403, b"{}", AppTokenInvalid),
        (302, b"{}", AppUnavailable),
        (404, b"{}", AppUnavailable),
        (500, b"{}", AppUnavailable),
        (200, b"[]", AppUnavailable),
        (200, b"", AppUnavailable),
        (200, b"\xff", AppUnavailable),
        (200, b'{"a": "' + b"x" * (256 * 1024 - 9) + b'"}', None),
        (200, b'{"a": "' + b"x" * (256 * 1024 - 8) + b'"}', AppUnavailable),
    ],
    ids=["good", *map(str, (400, 401, 403, 302, 404, 500)), "list", "none", "raw", "most", "more"],
)
def test_what_is_no_answer_and_what_is_a_no(
    there: Publisher, status: int, body: bytes, refusal: type[Exception] | None
) -> None:
    there.status, there.answer = status, lambda path: body
    there.headers = {"Location": f"{there.address}/elsewhere"}
    if refusal is None:
        assert isinstance(provider._ask("GET", f"{there.address}/a"), dict)
    else:
        with pytest.raises(refusal):
            provider._ask("GET", f"{there.address}/a")
    assert there.asked == ["/a"]


def test_without_a_key_of_ours_there_is_no_code_to_exchange(settings: Settings) -> None:
    settings.AUTH_APP_KEY_FILE = None
    with pytest.raises(AppUnavailable):
        provider._assertion("https://provider.example/token", at=NOW)


@pytest.mark.parametrize(
    ("gender", "sex"), [("male", "1"), ("female", "2"), ("other", "9"), (None, "9"), (1, "9")]
)
def test_a_sex_is_written_as_the_card_writes_it(gender: object, sex: str) -> None:
    told = auth_app._attributes({**TOLD, "gender": gender}, {"sub": "s"})
    assert told == AppAttributes("髙橋　次郎", "福島県", "1996-07-25", sex)


@pytest.mark.parametrize(
    "changed",
    [
        {"sub": "t"}, {"sub": None}, {"name": ""}, {"name": None}, {"name": "x" * 401},
        {"birthdate": ""}, {"birthdate": 1996}, {"address": "福島県"}, {"address": {}},
        {"address": {"formatted": ""}},
    ],
    ids=str,
)  # fmt: skip
def test_attributes_that_are_not_whole_or_not_this_persons_are_none(
    changed: dict[str, object],
) -> None:
    with pytest.raises(AppTokenInvalid):
        auth_app._attributes({**TOLD, **changed}, {"sub": "s"})


def test_a_name_may_have_four_hundred_characters() -> None:
    assert auth_app._attributes({**TOLD, "name": "x" * 400}, {"sub": "s"}).name == "x" * 400
