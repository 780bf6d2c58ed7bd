"""What every answer of every door tells the browser to refuse, written out."""

import pytest
from django.test import Client
from pytest_django import Settings

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
POLICY = {
    "default-src": {"'none'"},
    "script-src": {"'self'"},
    "style-src": {"'self'"},
    "img-src": {"'self'", "data:"},
    "font-src": {"'self'"},
    "connect-src": {"'self'"},
    "frame-src": {"'self'"},
    "form-action": {"'self'"},
    "base-uri": {"'none'"},
    "frame-ancestors": {"'none'"},
}
DOORS = {
    "member_web": ["/", "/help/", "/account/login/", "/letters/", "/box/", "/nowhere/"],
    "sender": ["/", "/account/login/", "/nowhere", "/api/v1/docs", "/api/v1/events"],
    "operator_web": ["/", "/account/login/", "/ledger/", "/nowhere/"],
}


def policy_of(written: str) -> dict[str, set[str]]:
    rules = (rule.split() for rule in written.split(";"))
    return {name: set(sources) for name, *sources in rules}


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_every_answer_says_what_nobody_may_do(door: str, settings: Settings) -> None:
    settings.DOOR, settings.ROOT_URLCONF = door, f"config.urls.{door}"
    http = Client()
    for path in DOORS[door]:
        told = http.get(path).headers
        assert {name: told.get(name) for name in HEADERS} == HEADERS, path
        assert {"no-store", "private"} <= set(told["Cache-Control"].split(", ")), path
        assert policy_of(told["Content-Security-Policy"]) == POLICY, path


@pytest.mark.django_db
def test_what_everybody_may_keep_says_it_too(settings: Settings) -> None:
    settings.DOOR, settings.ROOT_URLCONF = "member_web", "config.urls.member_web"
    told = Client().get("/log/vkey").headers
    assert {name: told.get(name) for name in HEADERS} == HEADERS
