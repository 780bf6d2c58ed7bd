"""The API's description for programs: what ninja cannot read off a view is said here."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, TypeAlias

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from mypost.entrypoints.sender_api.auth import KeyWith
from mypost.entrypoints.sender_api.catalogue import PROBLEMS
from mypost.entrypoints.sender_api.problems import MEDIA_TYPE
from mypost.entrypoints.sender_api.schemas import LetterFields, ProblemDocument
from mypost.senders.models import Scope

Media: TypeAlias = Mapping[str, Mapping[str, object]]  # media type to media object

ALWAYS = ("unauthorized", "scope_missing", "rate_limited", "internal_error", "unavailable")
_places = count()  # calls are explained in the order in which they are written here
BINARY = {"schema": {"type": "string", "format": "binary"}}
IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}


def described(
    scope: Scope,
    *,
    problems: Sequence[str] = (),
    headers: Sequence[dict[str, object]] = (),
    body: Media | None = None,
    answers: Mapping[int, Media] | None = None,
    sample: str,
) -> dict[str, Any]:
    """Return the arguments of a route: whom it lets in, and its part of the description.

    problems: codes beyond those that every call may meet. answers: by status, beside JSON.
    sample: the end of a curl command, after the key.
    """
    responses = _problem_responses([*ALWAYS, *problems])
    for status, content in (answers or {}).items():
        responses[status] = {"content": content}
    extra: dict[str, object] = {
        "responses": responses,
        "parameters": list(headers),
        "x-place": next(_places),
        "x-scope": scope.value,
        "x-problems": sorted([*ALWAYS, *problems], key=lambda code: PROBLEMS[code].status),
        "x-codeSamples": [{"lang": "Shell", "label": "curl", "source": sample}],
    }
    if body is not None:
        extra["requestBody"] = {"required": True, "content": body}
    return {"auth": KeyWith(scope), "openapi_extra": extra}


def _problem_responses(codes: Sequence[str]) -> dict[int, dict[str, object]]:
    by_status = defaultdict(list)
    for code in codes:
        by_status[PROBLEMS[code].status].append(code)
    shape = {"$ref": "#/components/schemas/ProblemDocument"}
    return {
        status: {"description": ", ".join(found), "content": {MEDIA_TYPE: {"schema": shape}}}
        for status, found in sorted(by_status.items())
    }


class SenderApi(NinjaAPI):
    """Ninja's API with short operation names, and with shapes that no view's signature names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**where)
        for shape in (LetterFields, ProblemDocument):
            _add_shape(schema, shape)
        return schema


def _add_shape(schema: OpenAPISchema, shape: type[Schema]) -> None:
    written = shape.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = written.pop("$defs", {})
    schema.add_schema_definitions({**inner, shape.__name__: written})
