"""Every problem the API can tell: code, status, and one sentence in both languages."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mypost.common.problems import Refusal
from mypost.intake.errors import FieldError

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """A kind of problem. retry_after: seconds after which the same request may succeed."""

    status: int
    title: str | Promise
    retry_after: int | None = None


PROBLEMS = {
    "unauthorized": Problem(401, _("The API key is missing, unknown, expired or revoked.")),
    "scope_missing": Problem(403, _("The key may not do this.")),
    "sender_suspended": Problem(403, _("The sender's contract is not in force.")),
    "not_found": Problem(404, _("There is no such thing here.")),
    "letter_not_found": Problem(404, _("There is no such letter.")),
    "consignment_not_found": Problem(404, _("There is no such consignment.")),
    "method_not_allowed": Problem(405, _("This address does not take this method.")),
    "consignment_closed": Problem(409, _("The consignment was submitted and takes no more.")),
    "items_missing": Problem(409, _("The consignment has no items yet.")),
    "document_too_large": Problem(413, _("The document is larger than allowed.")),
    "request_too_large": Problem(413, _("The request is larger than allowed.")),
    "media_type_unsupported": Problem(415, _("This media type is not taken here.")),
    "body_unreadable": Problem(400, _("The body of the request cannot be read.")),
    "digest_mismatch": Problem(422, _("The bytes that arrived are not those that were sent.")),
    "field_invalid": Problem(422, _("A field is missing or wrong.")),
    "subject_missing": Problem(422, _("The letter has no subject.")),
    "items_invalid": Problem(422, _("The file of items cannot be read.")),
    "topic_unknown": Problem(422, _("The sender has no such topic.")),
    "idempotency_key_reused": Problem(
        422, _("The idempotency key was used for another request.")
    ),
    "rate_limited": Problem(429, _("Too many requests; this one has cost nothing."), 1),
    "receipt_not_ready": Problem(503, _("The log has not taken this letter in yet."), 3),
    "examiner_unavailable": Problem(503, _("Documents cannot be examined right now."), 10),
    "antivirus_unavailable": Problem(503, _("Documents cannot be examined right now."), 10),
    "content_gone": Problem(503, _("The content cannot be reached right now."), 10),
    "internal_error": Problem(500, _("Something failed on our side.")),
}

# Why an item is refused; told in verdicts and results, with status 201.
REFUSALS = {
    "recipient_unknown": _("No member who chose this sender has this pseudonym."),
    "topic_declined": _("The member does not want this topic."),
    "assurance_too_low": _("The member's identity is not proved well enough for this letter."),
    "reference_repeated": _("A letter with this reference was accepted before."),
    "document_missing": _("No document of this name was handed in."),
    "document_invalid": _("The document is not a readable PDF."),
    "document_too_large": _("The document is larger than allowed."),
    "document_active_content": _("The document has active content."),
    "document_encrypted": _("The document is encrypted."),
    "document_infected": _("The document holds a known virus."),
    "contains_my_number": _("The letter contains a My Number, which may not be kept here."),
    "subject_missing": _("The letter has no subject."),
    "field_invalid": _("A field is missing or wrong."),
    "mailbox_full": _("The member's mailbox is full."),
    "sender_suspended": _("The sender's contract is not in force."),
}


def problem(
    request: HttpRequest, code: str, detail: str = "", errors: Sequence[FieldError] = ()
) -> HttpResponse:
    """Return one RFC 9457 problem document."""
    kind = PROBLEMS[code]
    body: dict[str, object] = {
        "type": f"/api/v1/problems/{code}",
        "code": code,
        "status": kind.status,
        "title": str(kind.title),
        "detail": gettext(detail) if detail else str(kind.title),
        "instance": request.path,
    }
    if errors:
        body["errors"] = [{**asdict(e), "detail": gettext(e.detail)} for e in errors]
    response = JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)
    if kind.retry_after is not None:
        response["Retry-After"] = str(kind.retry_after)
    if kind.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="mypost"'
    return response


def refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Return the problem that a room's refusal is, seen from outside."""
    code = error.code if error.code in PROBLEMS else "internal_error"
    errors = getattr(error, "errors", ())
    if code == "field_invalid" and {e.code for e in errors} == {"subject_missing"}:
        code = "subject_missing"
    return problem(request, code, error.detail, errors)
