"""Who may call: keys, their scopes, ends and networks, and how often."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mypost.entrypoints.sender_api import auth, limits
from mypost.entrypoints.sender_api.limits import Limiter
from mypost.intake.models import Consignment
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Staff
from tests.conftest import NOW
from tests.entrypoints.sender_api.conftest import Fields, Program, problem_of, program_of

NOBODY = "019a0b0c-7d3e-7f00-8000-2a5d9c31e7f4"
CALLS = [
    ("post", "/letters", Scope.LETTERS_WRITE),
    ("get", f"/letters/{NOBODY}", Scope.LETTERS_READ),
    ("get", f"/letters/{NOBODY}/receipt", Scope.LETTERS_READ),
    ("post", "/consignments", Scope.LETTERS_WRITE),
    ("get", f"/consignments/{NOBODY}", Scope.LETTERS_READ),
    ("put", f"/consignments/{NOBODY}/documents/a.pdf", Scope.LETTERS_WRITE),
    ("put", f"/consignments/{NOBODY}/items", Scope.LETTERS_WRITE),
    ("get", f"/consignments/{NOBODY}/items", Scope.LETTERS_READ),
    ("post", f"/consignments/{NOBODY}/submit", Scope.LETTERS_WRITE),
    ("get", "/events", Scope.EVENTS_READ),
]


def unauthorized(answer: Any) -> None:
    problem_of(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path", "_scope"), CALLS)
def test_every_call_needs_a_key(program: Program, method: str, path: str, _scope: Scope) -> None:
    unauthorized(getattr(program.http, method)(f"/api/v1{path}"))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer mp_live_wrong", "Basic YTpi", "Bearer 鍵"]
)
def test_what_is_no_key_is_unauthorized(program: Program, header: str) -> None:
    raw = header.encode().decode("latin-1")
    unauthorized(program.http.get("/api/v1/events", headers={"Authorization": raw}))


def test_spaces_around_a_key_are_none_of_it(program: Program) -> None:
    header = {"Authorization": f"Bearer  {program.secret} "}
    assert program.http.get("/api/v1/events", headers=header).status_code == 200


def test_a_revoked_key_is_unauthorized(program: Program) -> None:
    senders.revoke_api_key(program.key.sender, program.key.id, at=NOW)
    unauthorized(program.get("/events"))


def test_an_expired_key_is_unauthorized(clerk: Staff) -> None:
    a_second_ago = datetime.now(UTC) - timedelta(seconds=1)
    unauthorized(program_of(clerk, expires_at=a_second_ago).get("/events"))


def test_a_key_works_until_it_expires(clerk: Staff) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=1)
    assert program_of(clerk, expires_at=soon).get("/events").status_code == 200


@pytest.mark.parametrize(
    ("network", "address", "status"),
    [
        ("192.0.2.0/24", "192.0.2.7", 200),
        ("192.0.2.0/24", "::ffff:192.0.2.7", 200),
        ("192.0.2.0/24", "198.51.100.7", 401),
        ("2001:db8::/32", "2001:db8::1", 200),
        ("2001:db8::/32", "192.0.2.7", 401),
        ("192.0.2.0/24", "unix:", 401),
    ],
)
def test_a_key_works_from_its_networks_alone(
    clerk: Staff, network: str, address: str, status: int
) -> None:
    answer = program_of(clerk, networks=[network]).get("/events", REMOTE_ADDR=address)
    assert answer.status_code == status


def test_a_key_has_these_scopes_to_choose_from() -> None:
    """API.md names two more, for calls that are not there yet."""
    assert Scope.values == ["letters:write", "letters:read", "events:read"]


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_a_key_without_the_scope_is_forbidden(
    clerk: Staff, method: str, path: str, scope: Scope
) -> None:
    others = [other for other in Scope if other != scope]
    problem_of(program_of(clerk, scopes=others).call(method, path), 403, "scope_missing")


@pytest.mark.parametrize(("method", "path", "scope"), CALLS)
def test_the_scope_alone_is_enough(clerk: Staff, method: str, path: str, scope: Scope) -> None:
    answer = program_of(clerk, scopes=[scope]).call(method, path)
    assert answer.status_code not in (401, 403)


# How often


@pytest.fixture
def _exhausted(program: Program) -> None:
    """The key has made all its calls, and its bucket fills again in an hour."""
    in_an_hour = time.monotonic() + 3600
    for _ in range(1_001):
        auth.limiter.take(program.key.id, at=in_an_hour)


def test_the_thousandth_call_is_answered_and_the_next_is_not(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_SECOND", 0.0)
    for _ in range(999):
        auth.limiter.take(program.key.id, at=time.monotonic())
    last, beyond = program.get("/events"), program.get("/events")
    assert last["RateLimit"].startswith('"key";r=0;')
    assert (last.status_code, beyond.status_code) == (200, 429)


def test_each_answer_announces_the_limit(program: Program) -> None:
    answer = program.get("/events")
    assert answer["RateLimit-Policy"] == '"key";q=1000;w=5'
    assert answer["RateLimit"].startswith('"key";r=999;')


@pytest.mark.usefixtures("_exhausted")
def test_a_call_beyond_the_limit_is_told_when_to_come_back(program: Program) -> None:
    answer = program.get("/events")
    problem_of(answer, 429, "rate_limited")
    assert answer["Retry-After"] == "1"
    assert answer["RateLimit"].startswith('"key";r=0;')


@pytest.mark.usefixtures("_exhausted")
def test_a_call_beyond_the_limit_has_done_nothing(program: Program, fields: Fields) -> None:
    problem_of(program.letter(fields, Idempotency_Key="k"), 429, "rate_limited")
    assert not Consignment.objects.exists()


@pytest.mark.usefixtures("_exhausted")
def test_one_key_does_not_use_up_another(clerk: Staff) -> None:
    assert program_of(clerk).get("/events").status_code == 200


def test_a_bucket_fills_again(program: Program) -> None:
    limiter = Limiter()
    left = [limiter.take(program.key.id, at=0.0) for _ in range(1_001)]
    assert left == [*range(999, -2, -1)]  # as the policy says, a thousand in five seconds
    assert limiter.take(program.key.id, at=1.0) == 199
    assert limiter.take(program.key.id, at=6.0) == 999
