"""Who was at the Digital Authentication App, and everything that must not pass for it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification import auth_app
from mypost.verification.errors import (
    AppAnswerForeign,
    AppDeclined,
    AppSignInTooWeak,
    AppTokenInvalid,
    AppUnavailable,
)
from tests.auth_app import HANAKO, JIRO, RETURN_TO, RunningApp, running_app

UNSIGNED = "eyJhbGciOiJub25lIn0.e30."  # {"alg": "none"}, {}


@pytest.fixture
def app(settings: Settings, tmp_path: Path) -> Iterator[RunningApp]:
    with running_app(settings, tmp_path) as running:
        yield running


def test_it_tells_that_the_same_person_came_again_and_nothing_else(app: RunningApp) -> None:
    found = []
    for _visit in range(2):
        errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
        found.append(auth_app.finish(errand, app.visit(address, HANAKO), at=now()))
    assert found[0].subject == found[1].subject
    assert found[0].attributes is None


def test_it_tells_the_basic_four_byte_for_byte_when_asked_to_prove(app: RunningApp) -> None:
    errand, address = auth_app.begin("prove", redirect_uri=RETURN_TO, at=now())
    told = auth_app.finish(errand, app.visit(address, JIRO), at=now()).attributes
    assert told == auth_app.AppAttributes(JIRO.name, JIRO.address, "1996-07-25", "1")


def test_two_people_have_two_names(app: RunningApp) -> None:
    subjects = set()
    for person in (HANAKO, JIRO):
        errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
        subjects.add(auth_app.finish(errand, app.visit(address, person), at=now()).subject)
    assert len(subjects) == 2


def test_the_request_is_as_the_agency_describes_it(app: RunningApp) -> None:
    _errand, address = auth_app.begin("prove", redirect_uri=RETURN_TO, at=now())
    for part in (
        "response_type=code", "scope=openid+name+address+birthdate+gender",
        "code_challenge_method=S256", "acr_values=aal3+crl", "client_id=mypost",
    ):  # fmt: skip
        assert part in address


def test_an_answer_without_an_errand_of_this_session_counts_for_nothing(app: RunningApp) -> None:
    _errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    with pytest.raises(AppAnswerForeign):
        auth_app.finish(None, app.visit(address, HANAKO), at=now())


def test_an_answer_to_another_errand_is_refused(app: RunningApp) -> None:
    mine, _address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    _other, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    with pytest.raises(AppAnswerForeign):
        auth_app.finish(mine, app.visit(address, HANAKO), at=now())


def test_an_errand_that_took_too_long_is_refused(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    answer = app.visit(address, HANAKO)
    with pytest.raises(AppAnswerForeign):
        auth_app.finish(errand, answer, at=now() + timedelta(minutes=11))


def test_a_replayed_code_is_refused(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    answer = app.visit(address, HANAKO)
    auth_app.finish(errand, answer, at=now())
    with pytest.raises(AppTokenInvalid):
        auth_app.finish(errand, answer, at=now())


def test_a_code_is_worth_nothing_without_its_verifier(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    stolen = replace(errand, verifier="guessed")
    with pytest.raises(AppTokenInvalid):
        auth_app.finish(stolen, app.visit(address, HANAKO), at=now())


def test_an_answer_of_another_issuer_is_refused(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    answer = app.visit(address, HANAKO) | {"iss": "https://elsewhere.example"}
    with pytest.raises(AppAnswerForeign):
        auth_app.finish(errand, answer, at=now())


def test_a_person_who_declines_is_told_so(app: RunningApp) -> None:
    errand, _address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    with pytest.raises(AppDeclined):
        auth_app.finish(errand, {"error": "access_denied", "state": errand.state}, at=now())


@pytest.mark.parametrize(
    ("forged", "refusal"),
    [
        ({"acr": "aal2"}, AppSignInTooWeak),
        ({"acr": None}, AppSignInTooWeak),
        ({"acr": ["aal3"]}, AppSignInTooWeak),
        ({"nonce": "of-another-session"}, AppTokenInvalid),
        ({"nonce": None}, AppTokenInvalid),
        ({"aud": "another-service"}, AppTokenInvalid),
        ({"iss": "https://elsewhere.example"}, AppTokenInvalid),
        ({"exp": 1_000_000_000}, AppTokenInvalid),
        ({"exp": "soon"}, AppTokenInvalid),
        ({"sub": None}, AppTokenInvalid),
    ],
    ids=lambda value: str(value).replace("'", ""),
)
def test_a_token_that_says_anything_else_is_refused(
    app: RunningApp, forged: dict[str, Any], refusal: type[Exception]
) -> None:
    app.provider.forge = forged
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    with pytest.raises(refusal):
        auth_app.finish(errand, app.visit(address, HANAKO), at=now())


@pytest.mark.parametrize("token", ["", "x", "a.b.c", UNSIGNED])
def test_a_token_signed_by_nobody_is_refused(app: RunningApp, token: str) -> None:
    app.provider.forged_token = token
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    with pytest.raises(AppTokenInvalid):
        auth_app.finish(errand, app.visit(address, HANAKO), at=now())


def test_a_provider_that_is_away_is_no_sign_in(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    answer = app.visit(address, HANAKO)
    app.web.troubles.away = True
    with pytest.raises(AppUnavailable):
        auth_app.finish(errand, answer, at=now())


def test_an_answer_without_end_is_not_read_to_its_end(app: RunningApp) -> None:
    errand, address = auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
    answer = app.visit(address, HANAKO)
    app.web.troubles.endless = True
    with pytest.raises(AppUnavailable):
        auth_app.finish(errand, answer, at=now())


def test_an_address_elsewhere_in_the_configuration_is_not_followed(
    settings: Settings, app: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = {"token_endpoint": "http://169.254.169.254/latest", "issuer": app.provider.issuer}
    monkeypatch.setattr(app.provider, "configuration", lambda: inside)
    with pytest.raises(AppUnavailable):
        auth_app.begin("sign_in", redirect_uri=RETURN_TO, at=now())
