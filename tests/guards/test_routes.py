"""Every route of every door lets in whom the table names, and writes only where it says so."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver
from pytest_django import Settings

from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff
from tests.conftest import NOW, make_account
from tests.entrypoints.signed_in import signed_in_by_passkey
from tests.guards.catalogue import differences
from tests.guards.routes import DOORS

FIRST_PAGE = "(first page)"
ZERO = "00000000-0000-0000-0000-000000000000"
FILLED_IN = {  # what no table holds, whatever it is
    "<uuid:": ZERO, "<uuidstr:": ZERO, "<int:": "1", "<slug:": "active", "<path:": "nowhere",
    "<tile_index:": "000", "<tile_level:": "0", "<tile_width:": "1", "<name>": "a.pdf",
}  # fmt: skip


def written(door: str) -> dict[str, tuple[str, str]]:
    """The table of one door: address to access and whether it writes."""
    rows = [line.split(maxsplit=2) for line in DOORS[door].splitlines() if line.strip()]
    return {route: (access, writes) for access, writes, route in rows}


def views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its view; the API's are its operations, with their method."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield from _behind(route, pattern.callback)


def _behind(route: str, view: Any) -> Iterator[tuple[str, Any]]:
    held = inspect.getclosurevars(view).nonlocals if inspect.isfunction(view) else {}
    operations = getattr(held.get("self"), "operations", None)
    if operations is None:
        yield route or FIRST_PAGE, view
        return
    for operation in operations:
        yield f"{' '.join(operation.methods)} {route}", operation


def served(door: str) -> dict[str, Any]:
    """The views of one door; of two at one address the first one answers."""
    found: dict[str, Any] = {}
    for route, view in views(import_module(f"config.urls.{door}").urlpatterns):
        found.setdefault(route, view)
    return found


def declared(view: Any, *, of_the_library: str) -> tuple[str, str]:
    """Whom a view says that it lets in, and whether it writes; allauth's says the second only."""
    body = getattr(view, "view_func", view)
    said = getattr(body, "writes", None)
    writes = "does not say" if said is None else "writes" if said else "reads"
    if hasattr(view, "auth_callbacks"):  # an operation of the API
        return " ".join(key.scope.value for key in view.auth_callbacks) or "no key", writes
    if view.__module__.startswith("allauth."):
        return of_the_library, writes
    return str(getattr(view, "access", "does not say")), writes


@pytest.mark.parametrize("door", DOORS)
def test_the_table_names_every_route_its_access_and_whether_it_writes(door: str) -> None:
    table = written(door)
    routes = {
        route: declared(view, of_the_library=table.get(route, ("?",))[0])
        for route, view in served(door).items()
    }
    wrong = [
        f"{route}: the table says {table.get(route, 'nothing')}, the door {routes.get(route)}"
        for route in sorted(table.keys() | routes.keys())
        if table.get(route) != routes.get(route)
    ]
    assert not wrong, "\n".join(["", *wrong])


def address(route: str) -> tuple[str, str]:
    """A route's method, if it names one, and an address that leads there."""
    method, _, path = route.rpartition(" ") if not route.startswith("(") else ("", "", "")
    for blank, value in FILLED_IN.items():
        while blank in path:
            start = path.index(blank)
            path = path[:start] + value + path[path.index(">", start) + 1 :]
    return method, f"/{path}"


def knock(http: Client, route: str) -> Any:
    method, path = address(route)
    if method:
        return http.generic(method, path, "{}", content_type="application/json")
    if path.endswith("/answer"):  # of a card; whoever comes with a GET has turned round
        return http.post(path)
    answer = http.get(path)
    return http.post(path) if answer.status_code == 405 else answer


def at(door: str, settings: Settings) -> dict[str, str]:
    """Stand before a door; return whom each of its routes is for."""
    settings.ROOT_URLCONF, settings.DOOR = f"config.urls.{door}", door
    return {route: access for route, (access, _) in written(door).items()}


def is_shown_to_the_sign_in(answer: Any) -> bool:
    return str(getattr(answer, "url", "")).startswith("/account/login/?next=")


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_without_a_session_or_key_only_what_is_public_opens(door: str, settings: Settings) -> None:
    routes = at(door, settings)
    nobody = Client()
    nobody.cookies[settings.SESSION_COOKIE_NAME] = "a-session-that-never-was"
    asked = {route: knock(nobody, route) for route in routes}
    turned_away = {
        route
        for route, answer in asked.items()
        if is_shown_to_the_sign_in(answer) or answer.status_code == 401
    }
    wrong = differences(turned_away, {r for r, access in routes.items() if access != "public"})
    assert not wrong, wrong


def test_without_a_mailbox_only_the_account_and_the_way_to_a_mailbox_open(
    settings: Settings, db: None
) -> None:
    http = signed_in_by_passkey(make_account("guest@example.jp", "客"))
    routes = at("member_web", settings)
    asked = {route: knock(http, route) for route in routes}
    to_a_mailbox = {r for r, a in asked.items() if getattr(a, "url", "").startswith("/mailbox/")}
    of_members = {route for route, access in routes.items() if access == "member"}
    # The first page shows everybody where they belong.
    wrong = differences(to_a_mailbox, of_members | {FIRST_PAGE})
    assert not wrong, wrong


@pytest.mark.parametrize(("door", "kind"), [("sender", "staff"), ("operator_web", "operator")])
def test_a_member_has_no_business_at_the_doors_of_staff(
    door: str, kind: str, hanako: Member, settings: Settings
) -> None:
    http = signed_in_by_passkey(hanako.account)
    routes = [r for r, access in at(door, settings).items() if access in (kind, "administrator")]
    asked = {route: knock(http, route).status_code for route in routes}
    assert len(asked) > 10
    assert {route: code for route, code in asked.items() if code not in (403, 404)} == {}


def test_a_clerk_who_is_no_administrator_makes_no_keys_and_topics(
    city: Sender, settings: Settings
) -> None:
    clerk = make_account("plain@example.jp", "市の係")
    senders.add_staff(city, clerk, Staff.Role.CLERK, at=NOW)
    http = signed_in_by_passkey(clerk)
    routes = at("sender", settings)
    asked = {route: knock(http, route).status_code for route in routes}
    refused = {route for route, code in asked.items() if code == 403}
    wrong = differences(refused, {r for r, access in routes.items() if access == "administrator"})
    assert not wrong, wrong
