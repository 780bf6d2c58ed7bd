"""Asking once more who it is, before something that matters."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

from allauth.account.decorators import reauthentication_required

P = ParamSpec("P")
R = TypeVar("R")


def confirmed_again(view: Callable[P, R]) -> Callable[P, R]:
    """Let in whoever has confirmed within five minutes that it is they; others confirm first.

    allauth's page for it comes in between, and a form that was sent is taken up behind it.
    """
    return cast(Callable[P, R], reauthentication_required(view))
