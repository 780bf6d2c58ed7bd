"""Answers that send the browser on."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


class SeeOther(HttpResponseRedirect):
    """The act is done; look there. Source: RFC 9110 §15.4.4."""

    status_code = 303


def see_other(to: str, *args: object) -> SeeOther:
    """Send the browser to a named page of this door, by GET whatever it came with."""
    return SeeOther(resolve_url(to, *args))


def see_next(request: HttpRequest, *, otherwise: str) -> SeeOther:
    """Send the browser back to the page that it came from, if that page is ours."""
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}):
        return see_other(otherwise)
    return SeeOther(target)
