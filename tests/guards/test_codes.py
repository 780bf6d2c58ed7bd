"""Every refusal has one code, told to programs and people, and never another one.

"try again": the same thing may succeed later. A code is given, or taken away, here and in the code.
"""

import importlib
import pkgutil

import mypost
from mypost.common.problems import Refusal
from tests.guards.catalogue import differences

CODES = """
    entrypoints.sender_api.errors
        ApiRefusal: refused
        BodyUnreadable: body_unreadable
        MediaTypeUnsupported: media_type_unsupported
        RateLimited: rate_limited, try again
        ReceiptAbsent: receipt_absent
        ScopeMissing: scope_missing
    evidence.errors
        EvidenceError: refused
        LogKeyAbsent: log_key_absent
        OutsideTransaction: evidence_outside_transaction
        ReceiptNotReady: receipt_not_ready, try again
    intake.antivirus
        AntivirusUnavailable: antivirus_unavailable, try again
    intake.errors
        ConsignmentClosed: consignment_closed
        ConsignmentNotFound: consignment_not_found
        DigestMismatch: digest_mismatch, try again
        DocumentTooLarge: document_too_large
        FieldsInvalid: field_invalid
        IntakeError: refused
        ItemsInvalid: items_invalid
        ItemsMissing: items_missing
        KeyReused: idempotency_key_reused
        SenderSuspended: sender_suspended
        TopicUnknown: topic_unknown
    intake.examiner
        ExaminerUnavailable: examiner_unavailable, try again
    letters.errors
        AssuranceTooLow: assurance_too_low
        LetterError: refused
        LetterNotFound: letter_not_found
        NotOpenedYet: letter_not_opened
        SignInTooWeak: sign_in_too_weak
    members.errors
        AttributesMalformed: attributes_malformed
        MemberError: refused
        MemberNotFound: member_not_found
        ReasonMissing: reason_missing
    printing.errors
        AnswerUnreadable: answer_unreadable, try again
        PaperKeyAbsent: paper_key_absent
        PartyAway: party_away, try again
        PartyRefuses: party_refuses, try again
        PrintingError: refused
    printing.reading
        EventMalformed: event_malformed
        EventUnknown: event_unknown
        EventUnusable: refused
        PieceUnknown: piece_unknown
    proofing.errors
        AddressNotDeclared: address_not_declared
        CardNotYours: card_not_yours
        CardRefused: card_refused
        CardStopped: card_stopped
        CardUnknown: card_unknown
        ChallengeExpired: challenge_expired
        ChallengeForeign: challenge_foreign
        ChallengeSpent: challenge_spent
        DifferentPersons: merge_different_persons
        MergeCodeWrong: merge_code_wrong
        MergeNotPossible: merge_not_possible
        NoPasscodeAwaited: no_passcode_awaited
        PasscodeExpired: passcode_expired
        PasscodeLocked: passcode_locked
        PasscodeMalformed: passcode_malformed, try again
        PasscodeNotDue: passcode_not_due
        PasscodeNotNeeded: passcode_not_needed
        PasscodeUnderWay: passcode_under_way
        PasscodeWrong: passcode_wrong, try again
        PersonKeyAbsent: person_key_absent
        ProofingError: refused
        SamePersonElsewhere: same_person_elsewhere
        TooManyPasscodes: too_many_passcodes, try again
    senders.errors
        ApiKeyNotFound: api_key_not_found
        ApiKeyUnknown: unauthorized
        ContractStepForbidden: contract_step_forbidden
        NetworkInvalid: network_invalid
        SenderError: refused
        SenderNotFound: sender_not_found
        TopicNotFound: topic_not_found
    subscriptions.errors
        NotSubscribed: not_subscribed
        SenderNotChoosable: sender_not_found
        SubscriptionError: refused
        VerificationNeeded: assurance_too_low
    vault.errors
        ContentDamaged: content_damaged
        ContentGone: content_gone
        CustodianAbsent: custodian_absent
        IntakeKeyAbsent: intake_key_absent
        VaultError: refused
    verification.errors
        AppAnswerForeign: app_answer_foreign
        AppDeclined: app_declined
        AppError: refused
        AppSignInTooWeak: app_sign_in_too_weak
        AppTokenInvalid: app_token_invalid
        AppUnavailable: app_unavailable, try again
"""


def written() -> set[str]:
    """Each code on one line, behind the place of its class."""
    found, place = set(), ""
    for line in filter(None, CODES.splitlines()):
        if line.startswith(" " * 8):
            found.add(f"{place}.{line.strip()}")
        else:
            place = line.strip()
    return found


def refusals(kind: type[Refusal] = Refusal) -> set[type[Refusal]]:
    return {kind}.union(*(refusals(inner) for inner in kind.__subclasses__()))


def told(kind: type[Refusal]) -> str:
    place = kind.__module__.removeprefix("mypost.")
    return f"{place}.{kind.__name__}: {kind.code}" + ("" if kind.permanent else ", try again")


def test_every_refusal_has_its_code_and_says_whether_to_try_again() -> None:
    for module in pkgutil.walk_packages(mypost.__path__, "mypost."):
        if "migrations" not in module.name and "__main__" not in module.name:
            importlib.import_module(module.name)
    ours = {kind for kind in refusals() - {Refusal} if kind.__module__.startswith("mypost.")}
    wrong = differences({told(kind) for kind in ours}, written())
    assert not wrong, wrong
