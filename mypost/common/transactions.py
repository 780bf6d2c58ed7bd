"""A view says whether it writes. One view, one transaction; act, evidence and job go together."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def writes(view: Callable[P, R]) -> Callable[P, R]:
    """Run the view in one durable transaction."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            return view(*args, **kwargs)

    wrapped.writes = True  # type: ignore[attr-defined]
    return wrapped


def reads(view: Callable[P, R]) -> Callable[P, R]:
    """Run the view in a transaction that the database itself keeps read-only."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            return view(*args, **kwargs)

    wrapped.writes = False  # type: ignore[attr-defined]
    return wrapped


def writes_in_steps(view: Callable[P, R]) -> Callable[P, R]:
    """The view writes through commands that are transactions of their own.

    For views that look at documents first: no lock may wait for a child process.
    """

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        return view(*args, **kwargs)

    wrapped.writes = True  # type: ignore[attr-defined]
    return wrapped
