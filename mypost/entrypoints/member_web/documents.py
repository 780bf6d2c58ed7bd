"""A letter's documents, as bytes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.member_web.auth import MemberRequest, members_only
from mypost.entrypoints.member_web.downloads import as_download
from mypost.entrypoints.member_web.letters import cannot_show, own_letter
from mypost.entrypoints.session_level import session_aal
from mypost.letters import queries
from mypost.letters.errors import AssuranceTooLow, NotOpenedYet, SignInTooWeak
from mypost.vault import commands as vault
from mypost.vault.errors import VaultError


@require_safe
@reads
@members_only
def document(request: MemberRequest, letter_id: UUID, position: int) -> HttpResponse:
    """Give one document of an opened letter, counted from 1, checked against its digest."""
    letter = own_letter(request.member, letter_id)
    try:
        documents = queries.content_of(request.member, letter, aal=session_aal(request)).documents
        if not 1 <= position <= len(documents):
            raise Http404
        asked = documents[position - 1]
        content = vault.open_document(asked)
    except (NotOpenedYet, AssuranceTooLow, SignInTooWeak):
        raise Http404 from None
    except VaultError as refusal:
        return cannot_show(request, letter, refusal)
    return as_download(content, name=asked.name, media_type=asked.media_type)
