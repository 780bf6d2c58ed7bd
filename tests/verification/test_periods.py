"""How long an errand at the app lasts, and how long what others said is believed."""

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from joserfc import jwk, jwt
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification import auth_app, commands
from mypost.verification import auth_app_provider as provider
from mypost.verification.auth_app import Errand
from mypost.verification.errors import AppAnswerForeign, AppDeclined, AppTokenInvalid
from tests.auth_app import HANAKO, RETURN_TO, running_app
from tests.conftest import NOW
from tests.verification.publisher import Publisher

A_MOMENT = timedelta(microseconds=1)
ERRAND = Errand("sign_in", "state", "nonce", "verifier", RETURN_TO, NOW.isoformat())


def test_an_errand_lasts_ten_minutes() -> None:
    ten = NOW + timedelta(minutes=10)
    with pytest.raises(AppDeclined):  # in time, with nothing in hand
        auth_app.finish(ERRAND, {"state": "state"}, at=ten)
    with pytest.raises(AppAnswerForeign):
        auth_app.finish(ERRAND, {"state": "state"}, at=ten + A_MOMENT)


@pytest.mark.parametrize(
    ("claim", "seconds", "counts"),
    [("exp", -59, True), ("exp", -60, False), ("iat", 60, True), ("iat", 61, False)],
)
def test_the_providers_clock_may_be_a_minute_off(
    settings: Settings, tmp_path: Path, claim: str, seconds: int, counts: bool
) -> None:
    with running_app(settings, tmp_path) as app:
        at = now()
        app.provider.forge = {claim: int(at.timestamp()) + seconds}
        errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=at)
        answer = app.visit(address, HANAKO)
        if counts:
            assert auth_app.finish(errand, answer, at=at).subject
        else:
            with pytest.raises(AppTokenInvalid):
                auth_app.finish(errand, answer, at=at)


def test_our_word_for_ourselves_lasts_a_minute(settings: Settings, tmp_path: Path) -> None:
    with running_app(settings, tmp_path):
        said = provider._assertion("https://provider.example/token", at=NOW)
        key = jwk.import_key((tmp_path / "auth_app.key").read_bytes(), "EC")
        claims = jwt.decode(said, key, algorithms=["ES256"]).claims
    assert (claims["iat"], claims["exp"]) == (1795309200, 1795309260)  # NOW, and a minute


def test_what_the_provider_says_of_itself_is_asked_for_anew_after_ten_minutes(
    publisher: Publisher, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AUTH_APP_URL = publisher.address
    told = json.dumps({"token_endpoint": f"{publisher.address}/token"}).encode()
    publisher.answer = lambda path: told
    monkeypatch.setattr(provider, "_known", {})
    for seconds, asked in ((1000, 1), (1600, 1), (1601, 2), (2201, 2), (2202, 3)):
        clock = SimpleNamespace(monotonic=lambda seconds=seconds: seconds)
        monkeypatch.setattr(provider, "time", clock)
        provider.endpoint("token_endpoint")
        assert len(publisher.asked) == asked


def test_what_no_test_waits_for() -> None:
    """Two seconds for a check (ARCHITECTURE.md), four for each answer of the app's provider."""
    assert commands.BUDGET == 2
    assert httpx.Timeout(4) == provider.PATIENCE
