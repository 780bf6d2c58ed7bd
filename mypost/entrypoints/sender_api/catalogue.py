"""Every code that a sender can meet: what happened, and what to do."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.intake.decision import DETAILS


@dataclass(frozen=True)
class Problem:
    """Why a request failed. retry_after: seconds after which the same request may succeed."""

    status: int
    title: str | Promise
    advice: str | Promise
    retry_after: int | None = None


@dataclass(frozen=True)
class Explanation:
    """What a code inside an answer means, and what to do."""

    title: str | Promise
    advice: str | Promise


CHECK_ID = _(
    "Check the identifier, and which key you use: a test key sees tests alone, a live key sees"
    " what is live."
)
SEND_AGAIN = _("Send the same request again a little later, with the same idempotency key.")
SEE_ERRORS = _("The list errors names each field with its place and what is wrong there.")

PROBLEMS = {
    "body_unreadable": Problem(
        400,
        _("The body of the request cannot be read."),
        _("Send JSON in UTF-8 that is complete, or multipart/form-data whose boundary is right."),
    ),
    "unauthorized": Problem(
        401,
        _("The API key is missing, unknown, expired or revoked."),
        _(
            "Send “Authorization: Bearer” with a key that the console lists as usable, from an"
            " address that the key allows."
        ),
    ),
    "scope_missing": Problem(
        403,
        _("The key may not do this."),
        _("Make a key that has the scope of this call. The scope stands beside each call."),
    ),
    "sender_suspended": Problem(
        403,
        _("The sender's contract is not in force."),
        _("Ask the operator about your contract. What was delivered before stays delivered."),
    ),
    "not_found": Problem(
        404,
        _("There is no such thing here."),
        _("Compare the address with the list of calls."),
    ),
    "letter_not_found": Problem(404, _("There is no such letter."), CHECK_ID),
    "consignment_not_found": Problem(404, _("There is no such consignment."), CHECK_ID),
    "receipt_absent": Problem(
        404,
        _("There is no receipt of a test."),
        _("A test leaves no evidence. Ask for the receipt of a live letter."),
    ),
    "method_not_allowed": Problem(
        405,
        _("This address does not take this method."),
        _("The header Allow names the methods that it takes."),
    ),
    "consignment_closed": Problem(
        409,
        _("The consignment was submitted and takes no more."),
        _("Open another consignment for what is still to be sent."),
    ),
    "items_missing": Problem(
        409,
        _("The consignment has no items yet."),
        _("Put the file of items in, then submit."),
    ),
    "request_too_large": Problem(
        413,
        _("The request is larger than allowed."),
        _("Put large documents into a consignment, one request each."),
    ),
    "document_too_large": Problem(
        413,
        _("The document is larger than allowed."),
        _("Make the PDF smaller, for instance its pictures, or divide it."),
    ),
    "media_type_unsupported": Problem(
        415,
        _("This media type is not taken here."),
        _("Send the header Content-Type that the call names."),
    ),
    "digest_mismatch": Problem(
        422,
        _("The bytes that arrived are not those that were sent."),
        _("Send them again. Nothing was kept."),
    ),
    "field_invalid": Problem(422, _("A field is missing or wrong."), SEE_ERRORS),
    "subject_missing": Problem(
        422,
        _("The letter has no subject."),
        _("Give the letter a subject of at most 120 characters."),
    ),
    "items_invalid": Problem(
        422,
        _("The file of items cannot be read."),
        _("The detail and the list errors say what is wrong with the file or its head row."),
    ),
    "topic_unknown": Problem(
        422,
        _("The sender has no such topic."),
        _("Use a topic's short name as the console shows it."),
    ),
    "idempotency_key_reused": Problem(
        422,
        _("The idempotency key was used for another request."),
        _("Use a new key for a new request, and the same key only to repeat one."),
    ),
    "rate_limited": Problem(
        429,
        _("Too many requests; this one has cost nothing."),
        _("Wait as long as Retry-After says. The header RateLimit tells how many are left."),
        1,
    ),
    "internal_error": Problem(
        500,
        _("Something failed on our side."),
        _("Send the same request again with the same idempotency key. If it stays, write to us."),
    ),
    "receipt_not_ready": Problem(
        503,
        _("The log has not taken this letter in yet."),
        _("Ask again in a few seconds, as Retry-After says."),
        3,
    ),
    "unavailable": Problem(503, _("The service cannot answer right now."), SEND_AGAIN, 5),
    "examiner_unavailable": Problem(
        503, _("Documents cannot be examined right now."), SEND_AGAIN, 10
    ),
    "antivirus_unavailable": Problem(
        503, _("Documents cannot be examined right now."), SEND_AGAIN, 10
    ),
}

ADVICE = {
    "recipient_unknown": _(
        "The pseudonym is mistyped, or the member has left, or never chose you: we never say"
        " which. Send this one on paper."
    ),
    "topic_declined": _("Respect the member's choice. What must arrive goes on paper."),
    "assurance_too_low": _(
        "The letter, its topic or your contract demands a higher level. The member can raise"
        " theirs; until then send this one on paper."
    ),
    "reference_repeated": _(
        "If this is the same letter, it has arrived before. If it is another one, give it a"
        " reference of its own."
    ),
    "document_missing": _(
        "Hand in the document under exactly the name that the letter gives it, or correct the name."
    ),
    "document_invalid": _("Make the PDF anew. The detail says what readers stumbled over."),
    "document_too_large": _("Make the PDF smaller, for instance its pictures, or divide it."),
    "document_active_content": _(
        "Make the PDF without scripts, films, attachments and links into files; print it into a"
        " new PDF."
    ),
    "document_encrypted": _("Save the PDF without a password. We seal it for the member."),
    "document_infected": _("Check the computer that made the document, then make it anew."),
    "contains_my_number": _(
        "Take the twelve digits out. One in ten other twelve-digit numbers looks the same: write"
        " such a number in other groups."
    ),
    "subject_missing": _("Give the letter a subject of at most 120 characters."),
    "field_invalid": _("The result names the field and what is wrong with it."),
    "mailbox_full": _("Send this one on paper, or again later."),
    "sender_suspended": _(
        "Ask the operator about your contract. What was delivered before stays delivered."
    ),
}

# Why an item is refused: told in verdicts and results, while the request itself succeeds.
# What happened, intake says; what to do, we say.
REFUSALS = {code: Explanation(_(detail), ADVICE[code]) for code, detail in DETAILS.items()}

# What is wrong with a head row: told in the errors of items_invalid.
COLUMNS = {
    "column_unknown": Explanation(
        _("There is no such column."),
        _("Name the column as one of the fields of a letter, or take it out."),
    ),
    "column_missing": Explanation(
        _("This column is required."),
        _("Every file has at least the columns recipient and reference."),
    ),
    "column_repeated": Explanation(
        _("This column stands there twice."),
        _("Take one of the two out; an English and a Japanese name may mean the same field."),
    ),
}
