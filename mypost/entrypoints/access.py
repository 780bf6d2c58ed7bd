"""Every view says who may come in; a test reads it off each route."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Who may call a view."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"


def declare(view: View, access: Access) -> View:
    """Note on the view who may come in. The door's own decorator enforces it and calls this."""
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody may come in, signed in or not."""
    return declare(view, Access.PUBLIC)
