"""The API as one object: its parts, and how each failure becomes a problem document."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_noop as _
from ninja.errors import AuthenticationError, HttpError, ValidationError

from mypost.common.problems import Refusal
from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.sender_api import consignments, events, letters
from mypost.entrypoints.sender_api.openapi import SenderApi
from mypost.entrypoints.sender_api.parser import StrictJson
from mypost.entrypoints.sender_api.problems import problem, refusal
from mypost.intake.errors import FieldError

log = logging.getLogger("mypost.sender_api")


def _anybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return public(reads(view))


api = SenderApi(
    title="MyPost sender API",
    version="1",
    description="Submit letters, one or a million, and learn when each was opened.",
    openapi_url="/openapi.json",
    docs_url=None,
    docs_decorator=_anybody,
    parser=StrictJson(),
    urls_namespace="sender_api",
)
api.add_router("", letters.router)
api.add_router("", consignments.router)
api.add_router("", events.router)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return refusal(request, error)


@api.exception_handler(AuthenticationError)
def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, "unauthorized")


WRONG = {  # what pydantic finds wrong, in our words
    "missing": _("This field is required."),
    "extra_forbidden": _("There is no such field."),
    "string_type": _("This must be text."),
    "string_unicode": _("Control characters are not allowed."),
    "string_pattern_mismatch": _("Control characters are not allowed."),
    "string_too_short": _("This field is required."),
    "int_parsing": _("This must be a whole number."),
    "literal_error": _("This is none of the values that are allowed here."),
}
NOT_RIGHT = _("This value is not right.")
TOO_LONG = {
    50: _("At most 50 characters are allowed."),
    100: _("At most 100 characters are allowed."),
}


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_field_error(found) for found in error.errors]
    if any(not found.pointer for found in errors):  # the body as a whole
        return problem(request, "body_unreadable")
    return problem(request, "field_invalid", "", errors)


def _field_error(found: dict[str, Any]) -> FieldError:
    # location: ("body", "body", "reference"), ("query", "limit"): the last parts name the field
    parts = [str(part) for part in found["loc"] if part not in ("body", "query", "path")]
    pointer = "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in parts)
    detail = WRONG.get(found["type"]) or TOO_LONG.get(found.get("ctx", {}).get("max_length"))
    return FieldError(pointer, "field_invalid", detail or NOT_RIGHT)


@api.exception_handler(HttpError)
def _not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    # Ninja wraps what its parser raises.
    cause = error.__cause__
    if isinstance(cause, Refusal):
        return refusal(request, cause)
    return problem(request, "body_unreadable")


@api.exception_handler(MultiPartParserError)
@api.exception_handler(SuspiciousOperation)  # more parts than allowed
@api.exception_handler(UnreadablePostError)  # the line broke
def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, "body_unreadable")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, "request_too_large")


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    # The database is away, or has ended this transaction for another's sake.
    _note(request, error)
    return problem(request, "unavailable")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    _note(request, error)
    return problem(request, "internal_error")


def _note(request: HttpRequest, error: Exception) -> None:
    # The message may quote what was sent, so only its kind and place are logged.
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else ""
    log.error("%s %s: %s at %s", request.method, request.path, type(error).__name__, place)
