"""Every route of every door says who may come in, and whether it writes."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from mypost.entrypoints.access import Access

DOORS = ["member_web", "sender", "operator_web"]


def views(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every route with its view; the API's are the functions behind ninja's."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield from _behind(route, pattern.callback)


def _behind(route: str, view: Any) -> Iterator[tuple[str, Any]]:
    operations = getattr(getattr(view, "__self__", None), "operations", None)
    if operations is None:
        yield route, view
        return
    for operation in operations:
        yield f"{operation.methods} {route}", operation


def routes(door: str) -> list[tuple[str, Any]]:
    return list(views(import_module(f"config.urls.{door}").urlpatterns))


def all_routes() -> list[Any]:
    return [
        pytest.param(route, view, id=f"{door} {route}")
        for door in DOORS
        for route, view in routes(door)
    ]


def is_of_the_library(view: Any) -> bool:
    """allauth's own views ask for a session themselves; ninja's schema is public."""
    module: str = getattr(view, "func", view).__module__
    return module.startswith(("allauth.", "ninja.", "django."))


def test_there_are_routes_to_look_at() -> None:
    assert sum(len(routes(door)) for door in DOORS) > 60


@pytest.mark.parametrize(("route", "view"), all_routes())
def test_it_says_who_may_come_in(route: str, view: Any) -> None:
    if hasattr(view, "auth_callbacks"):  # an operation of the API
        assert view.auth_callbacks, f"{route} takes no key"
        return
    assert is_of_the_library(view) or isinstance(getattr(view, "access", None), Access)


@pytest.mark.parametrize(("route", "view"), all_routes())
def test_it_says_whether_it_writes(route: str, view: Any) -> None:
    view = getattr(view, "view_func", view)
    assert is_of_the_library(view) or isinstance(getattr(view, "writes", None), bool)


@pytest.mark.parametrize("door", DOORS)
def test_signing_in_is_one_transaction(door: str) -> None:
    for route, view in routes(door):
        if view.__module__.startswith("allauth."):
            assert getattr(view, "writes", False), route
