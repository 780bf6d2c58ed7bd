"""Who the member says they are: name, reading, address, date of birth, sex."""

from collections.abc import Mapping
from dataclasses import asdict

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mypost.common.clock import now
from mypost.common.transactions import reads, writes
from mypost.entrypoints.birth_dates import read_iso
from mypost.entrypoints.member_web.address_lookup import Found, look_up
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.forms import ProfileForm
from mypost.entrypoints.member_web.redirects import see_other
from mypost.entrypoints.postal_codes import seven_digits
from mypost.members import commands as members
from mypost.members import queries
from mypost.members.attributes import NewAttributes, what_changed
from mypost.members.models import AssuranceLevel, DeclaredAttributes, Member, Sex


@require_http_methods(["GET", "HEAD", "POST"])
@writes
@members_only
def profile(request: MemberRequest) -> HttpResponse:
    """Ask for the attributes, look an address up for them, keep them."""
    if request.method != "POST":
        return _page(request, _form(initial=_known_of(request.member)))
    if {"look_up", "town"} & request.POST.keys():
        return _look_up(request)
    form = _form(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _keep(request, form)


@require_POST  # what was typed belongs into no address line
@reads
@members_only
def address(request: MemberRequest) -> HttpResponse:
    """Return the part of the form that a postal code fills; nothing while it is being typed."""
    if "town" not in request.POST and not seven_digits(request.POST.get("postal_code", "")):
        return HttpResponse(status=204)
    typed, found = look_up(request.POST)
    shown = {"form": _form(initial=typed), "found": found}
    return render(request, "member_web/profile/_found.html", shown)


def _look_up(request: MemberRequest) -> HttpResponse:
    typed, found = look_up(request.POST)
    return _page(request, _form(initial=typed), found=found)


def _keep(request: MemberRequest, form: ProfileForm) -> HttpResponse:
    """Keep what was declared; ask first when that would lower the level."""
    attributes = _attributes(form)
    if "confirmed" not in request.POST and _lowers_level(request.member, attributes):
        return _page(request, form, lowers_level=True)
    members.declare(request.member, attributes, at=now())
    messages.success(request, _("Your name and address are saved."))
    return see_other("me")


def _attributes(form: ProfileForm) -> NewAttributes:
    data = form.cleaned_data
    return NewAttributes(
        name=data["name"],
        kana=data["kana"],
        postal_code=data["postal_code"],
        address=data["address"],
        building=data["building"],
        birth_date=data["birth_date"],
        sex=Sex(data["sex"]),
    )


def _lowers_level(member: Member, attributes: NewAttributes) -> bool:
    """Say whether the post has seen somebody else, or another place, than is declared now."""
    former = queries.declared(member)
    if member.level != AssuranceLevel.POSTED_PASSCODE or former is None:
        return False
    return what_changed(former, DeclaredAttributes(**asdict(attributes))) is not None


def _form(posted: Mapping[str, object] | None = None, **facts: object) -> ProfileForm:
    return ProfileForm(posted, today=localdate(now()), **facts)


def _known_of(member: Member) -> dict[str, object]:
    """Return what the form begins with: what was declared last."""
    known = queries.declared(member)
    if known is None:
        return {}
    born = read_iso(known.birth_date)
    fields = ("name", "kana", "postal_code", "address", "building", "sex")
    return {
        **{field: getattr(known, field) for field in fields},
        "birth_year": born.year,
        "birth_month": born.month or "",
        "birth_day": born.day or "",
    }


def _page(
    request: MemberRequest,
    form: ProfileForm,
    *,
    found: Found | None = None,
    lowers_level: bool = False,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "place": "me",
        "form": form,
        "found": found,
        "lowers_level": lowers_level,
        "is_posted": request.member.level == AssuranceLevel.POSTED_PASSCODE,
    }
    return render(request, "member_web/profile/profile.html", shown, status=status)
