"""The pages of this door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.document_viewer import document_viewer
from mypost.entrypoints.member_web.box import box
from mypost.entrypoints.member_web.documents import document
from mypost.entrypoints.member_web.due import due
from mypost.entrypoints.member_web.help import help_page
from mypost.entrypoints.member_web.letters import letter, open_letter
from mypost.entrypoints.member_web.mailboxes import no_mailbox, open_mailbox
from mypost.entrypoints.member_web.me import me, rename
from mypost.entrypoints.member_web.receipts import receipt, receipts
from mypost.entrypoints.member_web.senders import choose, leave, sender, senders, want_topic
from mypost.entrypoints.member_web.start import start
from mypost.entrypoints.specimen import specimen

urlpatterns: list[URLPattern | URLResolver] = [
    path("", start, name="start"),
    path("box/", box, name="box"),
    path("letters/<uuid:letter_id>/", letter, name="letter"),
    path("letters/<uuid:letter_id>/open", open_letter, name="open_letter"),
    path("letters/<uuid:letter_id>/documents/<int:position>", document, name="document"),
    path("letters/<uuid:letter_id>/receipt", receipt, name="receipt"),
    path("viewer/", document_viewer, name="document_viewer"),
    path("receipts/", receipts, name="receipts"),
    path("senders/", senders, name="senders"),
    path("senders/<uuid:sender_id>/", sender, name="sender"),
    path("senders/<uuid:sender_id>/choose", choose, name="choose_sender"),
    path("senders/<uuid:sender_id>/leave", leave, name="leave_sender"),
    path("senders/<uuid:sender_id>/topics/<uuid:topic_id>", want_topic, name="want_topic"),
    path("due/", due, name="due"),
    path("me/", me, name="me"),
    path("me/name", rename, name="rename"),
    path("mailbox/", no_mailbox, name="no_mailbox"),
    path("mailbox/open", open_mailbox, name="open_mailbox"),
    path("help/", help_page, name="help"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("specimen/", public(reads(specimen)), name="specimen"))
