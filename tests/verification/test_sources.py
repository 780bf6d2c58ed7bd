"""Lists, OCSP and the platform: one interface, and what nobody proves is never VALID."""

import time
from datetime import timedelta

import pytest
from cryptography.x509 import OCSPNonce
from cryptography.x509.ocsp import load_der_ocsp_request
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification.commands import status_of
from mypost.verification.verdicts import Outcome, RevocationStatus, Verdict
from sandbox.card_office.authority import Authority
from sandbox.card_office.card import CardFile
from sandbox.card_office.disturbances import Disturbance
from tests.draws import TIMES, bits_of_chance
from tests.kernel.jpki.office import certificate, certificate_der
from tests.verification.conftest import CardOffice, Disturb, prove
from tests.verification.publisher import Publisher

BUDGET = 2.0  # seconds for one check, everything included: ARCHITECTURE.md, the way of a proof
REASONS = ["unspecified", "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
           "cessation_of_operation"]  # fmt: skip


def asked_again(card: CardFile) -> RevocationStatus:
    """What the nightly watch learns, without the certificate at hand."""
    verdict = prove(card.sign_certificate)
    assert verdict.certificate is not None
    facts = verdict.certificate
    return status_of(facts.issuer_key_id, facts.serial, facts.crl_point, at=now())


@pytest.mark.parametrize("reason", REASONS)
def test_a_revoked_certificate_is_told_with_its_reason(asking: CardOffice, reason: str) -> None:
    card = asking.card()
    asking.revoke_sign(card, reason)
    verdict = prove(card.sign_certificate)
    assert (verdict.outcome, verdict.reasons) == (Outcome.INVALID, ("certificate_revoked",))
    assert verdict.status is not None
    assert (verdict.status.state, verdict.status.reason) == ("revoked", reason)
    assert verdict.status.revoked_at is not None
    assert now() - verdict.status.revoked_at < timedelta(minutes=1)


def test_a_certificate_on_hold_has_its_own_code(asking: CardOffice) -> None:
    card = asking.card()
    asking.revoke_sign(card, "certificate_hold")
    verdict = prove(card.sign_certificate)
    assert (verdict.outcome, verdict.reasons) == (Outcome.INVALID, ("certificate_on_hold",))


def test_the_other_certificate_of_the_card_is_not_touched(asking: CardOffice) -> None:
    card = asking.card()
    asking.authority.revoke(card.auth_serial, "auth", "key_compromise", at=now())
    assert prove(card.sign_certificate).outcome is Outcome.VALID


def test_only_the_platform_tells_the_cause(asking: CardOffice, settings: Settings) -> None:
    card = asking.card()
    asking.revoke_sign(card, "affiliation_changed", "move")
    status = prove(card.sign_certificate).status
    assert status is not None
    assert status.cause == ("move" if settings.JPKI_REVOCATION == "platform" else "")


def test_the_night_watch_learns_the_same_without_the_certificate(asking: CardOffice) -> None:
    card = asking.card()
    assert asked_again(card).state == "good"
    asking.revoke_sign(card, "superseded")
    again = asked_again(card)
    assert (again.state, again.reason) == ("revoked", "superseded")
    assert again.proof is not None


def test_the_night_watch_knows_nothing_of_an_authority_that_is_gone(asking: CardOffice) -> None:
    status = status_of("00" * 20, "1", "CN=Kiyose-shi", at=now())
    assert (status.state, status.proof) == ("unknown", None)


def assert_unknown(verdict: Verdict) -> None:
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.reasons == ("revocation_unknown",)
    assert verdict.basic_four is None


@pytest.mark.parametrize("what", ["silent", "broken"])
def test_without_an_answer_that_can_be_read_it_stays_unknown(
    asking: CardOffice, disturb: Disturb, what: Disturbance
) -> None:
    card = asking.card()
    disturb(what)
    assert_unknown(prove(card.sign_certificate))


@pytest.mark.parametrize("source", ["crl", "ocsp"])
@pytest.mark.parametrize("what", ["stale", "wrong_signer"])
def test_an_old_word_and_a_strangers_word_prove_nothing(
    trusting: CardOffice, settings: Settings, disturb: Disturb, what: Disturbance, source: str
) -> None:
    settings.JPKI_REVOCATION = source
    card = trusting.card()
    disturb(what)
    assert_unknown(prove(card.sign_certificate))


def test_a_slow_answer_ends_the_check_within_its_budget(
    asking: CardOffice, disturb: Disturb
) -> None:
    card = asking.card()
    disturb("slow")
    began = time.monotonic()
    verdict = prove(card.sign_certificate)
    assert BUDGET - 0.1 < time.monotonic() - began < BUDGET + 0.3
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.reasons == ("check_timed_out",)


def test_the_night_watch_waits_no_longer_either(asking: CardOffice, disturb: Disturb) -> None:
    facts = certificate(asking.authority, at=now())
    disturb("slow")
    began = time.monotonic()
    status = status_of(facts.issuer_key_id, facts.serial, facts.crl_point, at=now())
    assert time.monotonic() - began < BUDGET + 0.3
    assert status.state == "unknown"


def test_a_certificate_that_the_source_has_never_heard_of_stays_unknown(
    trusting: CardOffice, settings: Settings, other_office: Authority
) -> None:
    root = trusting.authority.root("sign")
    key_id = bytes.fromhex(root.key_id)
    unheard_of = certificate_der(
        other_office, signed_by=root.key, authority_key_id=key_id, serial=0x7FFFFFFF
    )
    for source in ("ocsp", "platform"):
        settings.JPKI_REVOCATION = source
        assert_unknown(prove(unheard_of))


@pytest.mark.parametrize("url", ["", "not an address", "ftp://127.0.0.1/", "http://127.0.0.1:1"])
def test_an_address_that_leads_nowhere_leaves_it_unknown(
    asking: CardOffice, settings: Settings, url: str
) -> None:
    settings.JPKI_REVOCATION_URL = url
    assert_unknown(prove(asking.card().sign_certificate))


@pytest.mark.parametrize("status", [204, 301, 302, 404, 500])
def test_only_the_status_200_is_an_answer(
    asking: CardOffice, settings: Settings, publisher: Publisher, status: int
) -> None:
    publisher.status, publisher.headers = status, {"Location": asking.address}
    settings.JPKI_REVOCATION_URL = publisher.address
    assert_unknown(prove(asking.card().sign_certificate))
    assert len(publisher.asked) == 1


def test_the_platform_refuses_who_has_no_token(
    asking_platform: CardOffice, settings: Settings
) -> None:
    settings.JPKI_PLATFORM_TOKEN = "a-guess"
    assert_unknown(prove(asking_platform.card().sign_certificate))


def test_each_question_to_the_responder_has_a_nonce_of_its_own(
    trusting: CardOffice, publisher: Publisher, settings: Settings
) -> None:
    """RFC 9654 §2.1: 32 bytes, so that no old answer fits."""
    facts = prove(trusting.card().sign_certificate).certificate
    assert facts is not None
    settings.JPKI_REVOCATION, settings.JPKI_REVOCATION_URL = "ocsp", publisher.address
    for _ in range(TIMES):
        assert status_of(facts.issuer_key_id, facts.serial, "", at=now()).state == "unknown"
    asked = [load_der_ocsp_request(body) for body in publisher.bodies]
    nonces = [one.extensions.get_extension_for_class(OCSPNonce).value.nonce for one in asked]
    assert bits_of_chance(nonces) == 256
