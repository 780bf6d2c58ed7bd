"""Pages about the API for people: the calls, and the list of problems."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.sender_api.api import api
from mypost.entrypoints.sender_api.problems import PROBLEMS, REFUSALS, problem


@public
@require_GET
@reads
def reference(request: HttpRequest) -> HttpResponse:
    """Show every call, from the same schema that programs read."""
    schema = api.get_openapi_schema()
    calls = [
        {"method": method.upper(), "path": path, **operation}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    shapes = schema["components"]["schemas"]
    return render(request, "sender_api/reference.html", {"calls": calls, "shapes": shapes})


@public
@require_GET
@reads
def problems(request: HttpRequest) -> HttpResponse:
    """List every code."""
    facts = {"problems": PROBLEMS, "refusals": REFUSALS}
    return render(request, "sender_api/problems.html", facts)


@public
@require_GET
@reads
def one_problem(request: HttpRequest, code: str) -> HttpResponse:
    """Explain one code."""
    if code not in PROBLEMS and code not in REFUSALS:
        raise Http404
    facts = {"code": code, "problem": PROBLEMS.get(code), "refusal": REFUSALS.get(code)}
    return render(request, "sender_api/problem.html", facts)


@public
@reads
def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
    """Answer an unknown address as a program expects it."""
    return problem(request, "not_found")
