"""What may be done with certificates: judge one, keep the verdict, ask again in the night."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.errors import CertificateMalformed
from mypost.kernel.evidence_entry import Event
from mypost.kernel.jpki.authorities import Authority, TrustStore
from mypost.kernel.jpki.basic_four import BasicFour
from mypost.kernel.jpki.certificate import CardCertificate, read_certificate
from mypost.kernel.jpki.profile import Examined, examine
from mypost.kernel.jpki.revocation import HOLD, RevocationStatus
from mypost.kernel.jpki.worlds import Kind, World
from mypost.kernel.signatures import verify_rsa_pkcs1_sha256
from mypost.verification import revocation, trust
from mypost.verification.exchange import Deadline, TooLate
from mypost.verification.models import RecordedVerdict
from mypost.verification.reasons import INDETERMINATE
from mypost.verification.sources.inquiry import Inquiry
from mypost.verification.verdicts import Outcome, Purpose, Verdict

BUDGET = 2.0  # seconds for one check, everything included
KIND_FOR = {Purpose.SIGN_IN: Kind.AUTH, Purpose.PROVE: Kind.SIGN}


def judge(der: bytes, *, purpose: Purpose, at: datetime) -> Verdict:
    """Return what may be thought of a certificate. It never raises, whatever the bytes are.

    der: as the card gave it; nobody keeps it. at: aware. Asks the configured source of revocation
    over the network, for at most two seconds in all: call it outside a transaction that locks.
    Source: RFC 5280 §6.1; JPKI profile.
    """
    return _check(der, None, purpose=purpose, at=at)


def judge_answer(
    der: bytes, *, signature: bytes, message: bytes, purpose: Purpose, at: datetime
) -> Verdict:
    """Return what may be thought of a card's answer: its certificate, and that it signed this.

    signature: RSASSA-PKCS1-v1_5 with SHA-256 over the message. As judge, and `signature_wrong`.
    Source: RFC 8017 §8.2.2.
    """
    return _check(der, (signature, message), purpose=purpose, at=at)


def _check(
    der: bytes, signed: tuple[bytes, bytes] | None, *, purpose: Purpose, at: datetime
) -> Verdict:
    """1. Read it. 2. Find who issued it. 3. Hold it to its purpose, profile and dates.
    4. See that its key signed. 5. Ask whether it was revoked, and only now: nobody learns from us
    which certificates are shown here, unless all else holds.
    """
    deadline = Deadline(BUDGET)
    try:
        certificate = read_certificate(der)  # 1
    except CertificateMalformed:
        return _verdict(["certificate_malformed"], purpose=purpose, at=at)
    authority, unproved = _issuer_of(certificate, trust.store())  # 2
    if authority is None:
        return _verdict([unproved], purpose=purpose, at=at, certificate=certificate)
    faults, four = _examined(certificate, authority)
    reasons = _reasons(certificate, faults, purpose, at)  # 3
    if signed is not None and not _is_signed(certificate, *signed):  # 4
        reasons.append("signature_wrong")
    if reasons:
        return _verdict(reasons, purpose=purpose, at=at, certificate=certificate, faults=faults)
    inquiry = Inquiry(authority, certificate.serial, certificate.crl_point, at)
    status, reasons = _revocation(inquiry, deadline)  # 5
    return _verdict(
        reasons, purpose=purpose, at=at, certificate=certificate, status=status, four=four
    )


def _issuer_of(certificate: CardCertificate, store: TrustStore) -> tuple[Authority | None, str]:
    """Return who issued it, or why nobody we trust did."""
    if certificate.world is not store.world:
        is_test = certificate.world is World.SANDBOX
        return None, "certificate_for_tests" if is_test else "certificate_foreign"
    if not any(authority.kind is certificate.kind for authority in store.authorities):
        return None, "trust_store_empty"
    return store.issuer_of(certificate), "certificate_forged"


def _examined(certificate: CardCertificate, authority: Authority) -> Examined:
    """The profile's rules, and one that needs to know who signed: it names that key."""
    examined = examine(certificate)
    if certificate.issuer_key_id == authority.key_id:
        return examined
    return Examined((*examined.faults, "authority_key"), examined.basic_four)


def _reasons(
    certificate: CardCertificate, faults: tuple[str, ...], purpose: Purpose, at: datetime
) -> list[str]:
    found = {
        "certificate_wrong_kind": certificate.kind is not KIND_FOR[purpose],
        "certificate_profile": bool(faults),
        "certificate_not_yet_valid": at < certificate.not_before,
        "certificate_expired": at > certificate.not_after,
    }
    return [code for code, stands in found.items() if stands]


def _is_signed(certificate: CardCertificate, signature: bytes, message: bytes) -> bool:
    key = certificate.paper.public_key()
    return isinstance(key, RSAPublicKey) and verify_rsa_pkcs1_sha256(key, signature, message)


def _revocation(inquiry: Inquiry, deadline: Deadline) -> tuple[RevocationStatus | None, list[str]]:
    try:
        status = revocation.learn(inquiry, deadline=deadline)
    except TooLate:
        return None, ["check_timed_out"]
    if status.state == "good":
        return status, []
    if status.state == "unknown":
        return status, ["revocation_unknown"]
    return status, ["certificate_on_hold" if status.reason == HOLD else "certificate_revoked"]


def _verdict(
    reasons: Sequence[str],
    *,
    purpose: Purpose,
    at: datetime,
    certificate: CardCertificate | None = None,
    faults: tuple[str, ...] = (),
    status: RevocationStatus | None = None,
    four: BasicFour | None = None,
) -> Verdict:
    outcome = Outcome.VALID
    if reasons:
        outcome, four = Outcome.INVALID, None  # whoever is not believed is not named
        if set(reasons) <= INDETERMINATE:
            outcome = Outcome.INDETERMINATE
    return Verdict(outcome, purpose, at, tuple(reasons), faults, certificate, four, status)


def record(verdict: Verdict, *, subject_id: UUID, mailbox_id: UUID, at: datetime) -> UUID:
    """Keep a verdict, with its evidence, and return the row's id.

    subject_id: what it was about: a card, a member, a challenge. mailbox_id: whose story it is
    part of; the subject's id where there is no mailbox. at: aware, UTC.
    Neither the certificate nor anything personal in it is kept. Raises OutsideTransaction.
    """
    certificate, proof = verdict.certificate, verdict.revocation
    row = RecordedVerdict(
        id=new_id(at),
        subject_id=subject_id,
        mailbox_id=mailbox_id,
        purpose=verdict.purpose,
        outcome=verdict.outcome,
        reasons=list(verdict.reasons),
        faults=list(verdict.faults),
        # A stranger's certificate may tell more digits than an authority's ever would.
        issuer=certificate.issuer_key_id[:64] if certificate else "",
        serial=certificate.serial[:40] if certificate else "",
        proof_kind=proof.kind if proof else "",
        proof_digest=proof.digest if proof else "",
        proof_at=proof.at if proof else None,
        judged_at=verdict.at,
        recorded_at=at,
    )
    row.save(force_insert=True)
    evidence.record(
        Event.CERTIFICATE_JUDGED,
        subject_id=subject_id,
        mailbox_id=mailbox_id,
        at=at,
        facts=row.as_facts(),
        reasons=verdict.reasons,
    )
    return row.id


def status_of(issuer: str, serial: str, crl_point: str, *, at: datetime) -> RevocationStatus:
    """Return whether a certificate that was judged before still counts, without having it at hand.

    issuer: the authority's key identifier, serial: both hex. crl_point: RFC 4514. at: aware.
    "unknown" when the authority is not ours any more, when nobody says anything that counts, or
    when that took more than two seconds. Source: RFC 5280 §6.3.3; RFC 6960 §3.2.
    """
    authority = trust.store().called(issuer)
    if authority is None:
        return revocation.UNKNOWN
    inquiry = Inquiry(authority, serial, crl_point, at)
    try:
        return revocation.learn(inquiry, deadline=Deadline(BUDGET))
    except TooLate:
        return revocation.UNKNOWN
