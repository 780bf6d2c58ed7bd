"""Answers to what people ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.access import public


@public
@require_safe
@reads
def help_page(request: HttpRequest) -> HttpResponse:
    """Answer what people ask."""
    return render(request, "member_web/help/help.html", {"place": "help"})
