"""The pages of this door."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, path

from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.entrypoints.document_viewer import document_viewer
from mypost.entrypoints.member_web import auth_app, card, card_sign_in, merging, passcode, profile
from mypost.entrypoints.member_web.box import box
from mypost.entrypoints.member_web.closing import close_mailbox, closing, keep_mailbox
from mypost.entrypoints.member_web.documents import document
from mypost.entrypoints.member_web.due import due
from mypost.entrypoints.member_web.export import download_archive, export
from mypost.entrypoints.member_web.help import help_page
from mypost.entrypoints.member_web.letters import letter, open_letter
from mypost.entrypoints.member_web.mailboxes import no_mailbox, open_mailbox
from mypost.entrypoints.member_web.me import history, me, rename
from mypost.entrypoints.member_web.receipts import receipt, receipts
from mypost.entrypoints.member_web.security import security
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
    path("me/history/", history, name="me_history"),
    path("me/profile/", profile.profile, name="profile"),
    path("me/profile/address", profile.address, name="profile_address"),
    path("me/passcode/", passcode.passcode, name="passcode"),
    path("me/passcode/ask", passcode.ask_passcode, name="ask_passcode"),
    path("me/card/", card.my_cards, name="my_cards"),
    path("me/card/<uuid:card_id>/stop", card.stop_card, name="stop_card"),
    path("me/card/prove/", card.prove, name="card_prove"),
    path("me/card/prove/answer", card.prove_answer, name="card_prove_answer"),
    path("me/card/sign-in/", card.link, name="card_link"),
    path("me/card/sign-in/answer", card.link_answer, name="card_link_answer"),
    path("me/card/step-up/", card_sign_in.step_up, name="card_step_up"),
    path("me/card/step-up/answer", card_sign_in.step_up_answer, name="card_step_up_answer"),
    path("account/card/", card_sign_in.sign_in, name="card_sign_in"),
    path("account/card/answer", card_sign_in.sign_in_answer, name="card_sign_in_answer"),
    path("me/app/", auth_app.app_prove, name="auth_app_prove"),
    path("me/app/step-up/", auth_app.app_step_up, name="auth_app_step_up"),
    path("account/app/sign-in/", auth_app.app_sign_in, name="auth_app_sign_in"),
    path("account/app/", auth_app.app_return, name="auth_app_return"),
    path("me/merge/", merging.merge, name="merge"),
    path("me/merge/ask", merging.ask_to_merge, name="ask_to_merge"),
    path("me/merge/same-person/", merging.same_person, name="same_person"),
    path("me/security/", security, name="security"),
    path("me/export/", export, name="export"),
    path("me/export/archive", download_archive, name="download_archive"),
    path("me/closing/", closing, name="closing"),
    path("me/closing/ask", close_mailbox, name="close_mailbox"),
    path("me/closing/keep", keep_mailbox, name="keep_mailbox"),
    path("mailbox/", no_mailbox, name="no_mailbox"),
    path("mailbox/open", open_mailbox, name="open_mailbox"),
    path("help/", help_page, name="help"),
]
if settings.DEVELOPMENT:
    urlpatterns.append(path("specimen/", public(reads(specimen)), name="specimen"))
