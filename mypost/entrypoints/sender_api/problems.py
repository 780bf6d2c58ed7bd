"""How a failure is told: a problem document in the caller's language. Source: RFC 9457 §3."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from mypost.common.problems import Refusal
from mypost.entrypoints.sender_api.catalogue import PROBLEMS
from mypost.entrypoints.sender_api.errors import BodyUnreadable
from mypost.intake.errors import FieldError, ItemsInvalid

MEDIA_TYPE = "application/problem+json"
EXPLAINED = (BodyUnreadable, ItemsInvalid)  # their sentences were written for the sender


def problem(
    request: HttpRequest, code: str, detail: str = "", errors: Sequence[FieldError] = ()
) -> HttpResponse:
    """Return one problem document. detail: in English, told in the caller's language."""
    kind = PROBLEMS[code]
    body: dict[str, object] = {
        "type": reverse("api_problem", args=[code]),
        "code": code,
        "status": kind.status,
        "title": str(kind.title),
        "detail": gettext(detail) if detail else str(kind.title),
        "instance": request.path,
    }
    if errors:
        body["errors"] = [_told(error) for error in errors]
    response = JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)
    if kind.retry_after is not None:
        response["Retry-After"] = str(kind.retry_after)
    if kind.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="mypost"'
    return response


def _told(error: FieldError) -> dict[str, str]:
    return {"pointer": error.pointer, "code": error.code, "detail": gettext(error.detail)}


def refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Return the problem that a room's refusal is, seen from outside."""
    code = error.code
    if code not in PROBLEMS:
        code = "internal_error" if error.permanent else "unavailable"
    errors = getattr(error, "errors", ())
    if code == "field_invalid" and {e.code for e in errors} == {"subject_missing"}:
        code = "subject_missing"
    detail = error.detail if isinstance(error, EXPLAINED) else ""
    return problem(request, code, detail, errors)
