"""The pages that say something went wrong: what happened, what was kept, what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell a person whose form is too old what to do; nothing was written."""
    return render(request, "403_csrf.html", status=403)
