"""No other site may act through a browser that is signed in here: every door asks for its token."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders.models import Staff
from tests.entrypoints.signed_in import signed_in_by_passkey
from tests.guards.catalogue import differences
from tests.guards.routes import DOORS
from tests.guards.test_routes import address, written

FORM = "application/x-www-form-urlencoded"
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
# Routes that take no token, what they answer to a bare form of somebody who is signed in, and why
# nothing is lost by it.
API = "programs bring a key, no cookie: a session opens nothing here"
CARD = "the reader's answer may come from another site; its challenge is a token, of this session"
EXEMPT = {
    "member_web": {
        "me/card/prove/answer": (422, CARD),
        "me/card/sign-in/answer": (422, CARD),
        "me/card/step-up/answer": (422, CARD),
        "account/card/answer": (303, CARD),  # who is signed in already is led on
    },
    "sender": {
        "api/v1/": (404, "there is nothing, and programs are told so"),
        "api/v1/<path:rest>": (404, "there is nothing, and programs are told so"),
        "POST api/v1/letters": (401, API),
        "GET api/v1/letters/<uuidstr:letter_id>": (405, API),
        "GET api/v1/letters/<uuidstr:letter_id>/receipt": (405, API),
        "POST api/v1/consignments": (401, API),
        "PUT api/v1/consignments/<uuidstr:consignment_id>/documents/<name>": (401, API),
        "PUT api/v1/consignments/<uuidstr:consignment_id>/items": (401, API),
        "GET api/v1/consignments/<uuidstr:consignment_id>/items": (401, API),
        "POST api/v1/consignments/<uuidstr:consignment_id>/submit": (401, API),
        "GET api/v1/consignments/<uuidstr:consignment_id>": (405, API),
        "GET api/v1/events": (405, API),
    },
    "operator_web": {},
}


@pytest.fixture
def accounts(hanako: Member, clerk: Staff, operator: Operator) -> dict[str, Account]:
    """Somebody who may do everything, at each door."""
    return {
        "member_web": hanako.account,
        "sender": clerk.account,
        "operator_web": operator.account,
    }


Browser = Callable[[str], Client]


@pytest.fixture
def browser(accounts: dict[str, Account], settings: Settings) -> Browser:
    """A signed-in browser at a door, on somebody else's page."""

    def at(door: str) -> Client:
        settings.ROOT_URLCONF, settings.DOOR = f"config.urls.{door}", door
        http = signed_in_by_passkey(accounts[door])
        http.handler.enforce_csrf_checks = True
        return http

    return at


def without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Stand in for the page that says so: six hundred of them would take seconds to render."""
    return HttpResponse("no token", status=403)


def refuses(http: Client, method: str, path: str) -> bool:
    answer = http.generic(method, path, "a=b", content_type=FORM)
    return answer.status_code == 403 and getattr(answer, "content", b"") == b"no token"


@pytest.mark.parametrize("door", DOORS)
def test_nothing_is_done_without_a_token(door: str, browser: Browser, settings: Settings) -> None:
    http = browser(door)
    settings.CSRF_FAILURE_VIEW = "tests.guards.test_csrf.without_token"
    asked = [(route, method) for route in written(door) for method in UNSAFE]
    open_to_others = {
        route for route, method in asked if not refuses(http, method, address(route)[1])
    }
    wrong = differences(open_to_others, set(EXEMPT[door]))
    assert not wrong, wrong


@pytest.mark.parametrize("door", DOORS)
def test_what_takes_no_token_does_nothing_for_a_session_alone(door: str, browser: Browser) -> None:
    http = browser(door)
    for route, (status, why) in EXEMPT[door].items():
        methods = {
            http.generic(method, address(route)[1], "a=b", content_type=FORM).status_code
            for method in UNSAFE
        }
        assert methods - {405} == {status} - {405}, f"{route}: {why}"


@pytest.mark.parametrize("door", DOORS)
def test_with_its_token_a_form_is_taken(door: str, browser: Browser) -> None:
    http = browser(door)
    http.get("/account/email/")  # a page with a form
    (token,) = [cookie.value for name, cookie in http.cookies.items() if name.endswith("_csrf")]
    answer = http.post("/language", {"language": "en", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
