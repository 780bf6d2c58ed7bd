"""Answering: JSON as it is stored and repeated, cursors, and the same answer once more."""

import hashlib
import re
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Schema

from mypost.common.clock import now
from mypost.entrypoints.sender_api.auth import KeyRequest
from mypost.intake import answers as intake
from mypost.intake.answers import GivenAnswer
from mypost.intake.errors import FieldError, FieldsInvalid

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,255}")
CURSOR = re.compile(r"-?[0-9]{1,18}")


def answer(schema: Schema, status: int = 200) -> GivenAnswer:
    """Return an answer's status and JSON body."""
    return GivenAnswer(status, schema.model_dump_json(exclude_none=True))


def respond(given: GivenAnswer) -> HttpResponse:
    """Return the HTTP response of an answer."""
    return HttpResponse(given.body, status=given.status, content_type="application/json")


def once(
    request: KeyRequest, parts: Sequence[bytes], act: Callable[[], GivenAnswer]
) -> HttpResponse:
    """Act once under the request's idempotency key, and give the same answer every time.

    parts: what makes two requests the same one. Raises KeyReused, FieldsInvalid.
    """
    key = _idempotency_key(request)
    if key is None:
        return respond(act())
    digest = _digest(request, parts)
    return respond(intake.answer_once(request.sender.id, key, digest, act, at=now()))


def earlier(request: KeyRequest, parts: Sequence[bytes]) -> GivenAnswer | None:
    """Return the answer that the same request got before. Raises KeyReused, FieldsInvalid."""
    key = _idempotency_key(request)
    if key is None:
        return None
    return intake.earlier_answer(request.sender.id, key, _digest(request, parts))


def _idempotency_key(request: HttpRequest) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        detail = _("The Idempotency-Key must be 1 to 255 visible ASCII characters.")
        raise FieldsInvalid([FieldError("/Idempotency-Key", "field_invalid", detail)])
    return key


def _digest(request: KeyRequest, parts: Sequence[bytes]) -> bytes:
    asked = hashlib.sha256()
    mode = b"live" if request.key.live else b"test"
    for part in (mode, (request.method or "").encode(), request.path.encode(), *parts):
        asked.update(hashlib.sha256(part).digest())
    return asked.digest()


def cursor(text: str | None, *, first: int) -> int:
    """Read a cursor that we gave out. Raises FieldsInvalid."""
    if not text:
        return first
    if not CURSOR.fullmatch(text):
        raise FieldsInvalid([FieldError("/after", "field_invalid", _("This is not our cursor."))])
    return int(text)
