"""The OpenAPI description as people read it: calls, their bodies and answers, in tables.

One source for programs and people: whatever stands on the page stands in /openapi.json too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_noop as _

from mypost.entrypoints.sender_api.catalogue import PROBLEMS, Problem

TAGS = {
    "letters": pgettext_lazy("API", "Letters"),
    "consignments": pgettext_lazy("API", "Consignments"),
    "events": pgettext_lazy("API", "Events"),
}
Written: TypeAlias = Mapping[str, Any]  # a part of the OpenAPI description

FORMATS = {
    "uuid": "UUID",
    "date": pgettext_lazy("API", "date"),
    "date-time": pgettext_lazy("API", "time in UTC"),
    "binary": pgettext_lazy("API", "file"),
}
TYPES = {
    "string": pgettext_lazy("API", "text"),
    "integer": pgettext_lazy("API", "whole number"),
    "boolean": pgettext_lazy("API", "true or false"),
    "object": pgettext_lazy("API", "object"),
}
PARAMETERS = {
    "name": _("The document's name, as items will ask for it."),
    "consignment_id": _("The consignment's identifier."),
    "letter_id": _("The letter's identifier."),
    "after": _("A cursor: what follows it is told."),
    "limit": _("How many at most, up to 1,000."),
    "Idempotency-Key": _("Makes it safe to send the same request again."),
    "Repr-Digest": _("The digest of the bytes you mean to send."),
}


@dataclass(frozen=True)
class Row:
    """One field of a shape, or one parameter of a call. kind: its type in words."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True)
class Shape:
    """A table of fields. name: as in the description for programs; "" for what has no fields."""

    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Body:
    """A body or an answer: its media types, and the tables of what is in it, outermost first."""

    status: str
    media_types: list[str]
    shapes: list[Shape]


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    anchor: str
    method: str
    path: str
    scope: str
    summary: str
    description: str
    parameters: list[Row]
    body: Body | None
    answers: list[Body]
    problems: list[tuple[str, Problem]]
    sample: str

    @property
    def sample_id(self) -> str:
        return f"{self.anchor}-sample"


def calls_in_groups(schema: Written, *, base: str) -> dict[str, list[Call]]:
    """Return the calls of the API by what they are about, in the reader's language.

    base: the address in the examples, such as https://sender.mypost.example/api/v1.
    """
    operations = [
        (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    groups: dict[str, list[Call]] = {tag: [] for tag in TAGS}
    for method, path, operation in sorted(operations, key=lambda found: found[2]["x-place"]):
        call = _call(method, path, operation, schema["components"]["schemas"], base)
        groups[operation["tags"][0]].append(call)
    return {str(TAGS[tag]): calls for tag, calls in groups.items()}


def _call(method: str, path: str, operation: Written, shapes: Written, base: str) -> Call:
    sample = operation["x-codeSamples"][0]["source"].replace("{base}", base)
    body = operation.get("requestBody")
    summary, description = operation["summary"], operation["description"]
    return Call(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        scope=operation["x-scope"],
        summary=gettext(summary),
        description=gettext(description),
        parameters=[_parameter(written) for written in operation["parameters"]],
        body=_body("", body, shapes) if body else None,
        answers=[
            _body(str(status), answer, shapes)
            for status, answer in operation["responses"].items()
            if int(status) < 300
        ],
        problems=[(code, PROBLEMS[code]) for code in operation["x-problems"]],
        sample=f'curl -H "Authorization: Bearer $MYPOST_KEY" \\\n{sample}',
    )


def _parameter(written: Written) -> Row:
    name = written["name"]
    return Row(name, _kind(written["schema"]), written["required"], gettext(PARAMETERS[name]))


def _body(status: str, written: Written, shapes: Written) -> Body:
    content = written.get("content", {})
    found: dict[str, Shape] = {}
    for media in content.values():
        for name in _names(media["schema"], shapes):
            found.setdefault(name, Shape(name, _rows(shapes[name])))
    return Body(status, list(content), list(found.values()))


def _names(schema: Written, shapes: Written) -> Iterator[str]:
    """Yield the names of the shapes in a schema, the outermost first."""
    if "$ref" in schema:
        name = _name(schema)
        yield name
        yield from _names(shapes[name], shapes)
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ())]
    for part in [*inner, *([schema["items"]] if "items" in schema else [])]:
        yield from _names(part, shapes)


def _name(schema: Written) -> str:
    return str(schema["$ref"].rsplit("/", 1)[1])


def _rows(shape: Written) -> list[Row]:
    required = shape.get("required", [])
    return [
        Row(name, _kind(field), name in required, _told(field))
        for name, field in shape["properties"].items()
    ]


def _told(field: Written) -> str:
    description: str = field["description"]
    return gettext(description)


def _kind(schema: Written) -> str:
    """Say in words what values a field takes."""
    if "anyOf" in schema:  # this or null; null is said by not being required
        return _kind(schema["anyOf"][0])
    if "$ref" in schema:
        return _name(schema)
    if "enum" in schema or "const" in schema:
        return " | ".join(schema.get("enum") or [schema["const"]])
    if schema.get("type") == "array":
        inner = _kind(schema["items"])
        return gettext("list of %(kind)s") % {"kind": inner}
    if "maximum" in schema:
        return f"{schema['minimum']}–{schema['maximum']}"
    kind = str(FORMATS.get(schema.get("format", "")) or TYPES[schema["type"]])
    if "maxLength" not in schema:
        return kind
    facts = {"kind": kind, "most": f"{schema['maxLength']:,}"}
    return gettext("%(kind)s, at most %(most)s characters") % facts
