"""The API as one object: its parts, and how each failure becomes a problem document."""

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from mypost.common.problems import Refusal
from mypost.entrypoints.sender_api import consignments, events, letters
from mypost.entrypoints.sender_api.problems import problem, refusal
from mypost.intake.errors import FieldError

log = logging.getLogger("mypost.sender_api")

api = NinjaAPI(
    title="MyPost sender API",
    version="1",
    description="Submit letters, one or a million, and learn when each was opened.",
    openapi_url="/openapi.json",
    docs_url=None,
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


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    errors = [_field_error(found) for found in error.errors]
    return problem(request, "field_invalid", "", errors)


def _field_error(found: dict[str, object]) -> FieldError:
    # location: ("body", "body", "reference"), ("query", "limit"): the last parts name the field
    location = found["loc"]
    assert isinstance(location, tuple | list)
    parts = [str(part) for part in location if part not in ("body", "query", "path")]
    return FieldError("/" + "/".join(parts), "field_invalid", str(found["msg"]))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, "body_unreadable")


@api.exception_handler(MultiPartParserError)
def _not_multipart(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
    return problem(request, "body_unreadable")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, "request_too_large")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    # The message may quote what was sent, so only its kind and place are logged.
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    place = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}" if traceback else ""
    log.error("%s %s: %s at %s", request.method, request.path, type(error).__name__, place)
    return problem(request, "internal_error")
