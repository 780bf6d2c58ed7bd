"""Verdicts: each kind of wrong certificate has its own code, and none ever raises."""

from datetime import timedelta
from random import Random

import pytest
from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification.commands import judge_answer
from mypost.verification.reasons import SENTENCES
from mypost.verification.verdicts import Outcome, Purpose, Verdict
from sandbox.card_office.card import Card, CardFile
from sandbox.card_office.profile import Extension, extension
from sandbox.card_office.roots import name_of
from tests.kernel.jpki.office import JIRO, spare_key
from tests.verification.conftest import CardOffice, prove, sign_in
from tests.verification.publisher import Publisher

MESSAGE = b"MyPost asks this card to sign in. Once."


def refused(verdict: Verdict) -> list[str]:
    """The reasons of a verdict that must not be valid."""
    assert verdict.outcome is not Outcome.VALID
    assert verdict.basic_four is None
    return list(verdict.reasons)


def access_to(address: str) -> Extension:
    """An address for OCSP, and one for the issuer's certificate."""
    where = x509.UniformResourceIdentifier(address)
    kinds = (AuthorityInformationAccessOID.OCSP, AuthorityInformationAccessOID.CA_ISSUERS)
    told = x509.AuthorityInformationAccess([x509.AccessDescription(kind, where) for kind in kinds])
    return extension(told)


def test_a_card_proves_who_its_holder_is(asking: CardOffice) -> None:
    verdict = prove(asking.card().sign_certificate)
    assert (verdict.outcome, verdict.reasons) == (Outcome.VALID, ())
    assert verdict.basic_four is not None
    assert verdict.basic_four.name == "港　花子"
    assert verdict.revocation is not None


def test_a_card_signs_in_and_tells_nothing_of_its_holder(asking: CardOffice) -> None:
    verdict = sign_in(asking.card().auth_certificate)
    assert (verdict.outcome, verdict.basic_four) == (Outcome.VALID, None)


def test_what_is_printed_of_a_verdict_names_nobody(asking: CardOffice) -> None:
    assert "花子" not in repr(prove(asking.card().sign_certificate))


def test_a_platform_tells_the_person_behind_both_certificates(asking_platform: CardOffice) -> None:
    card = asking_platform.card()
    by_sign, by_auth = prove(card.sign_certificate), sign_in(card.auth_certificate)
    assert by_sign.person == by_auth.person != ""


@pytest.mark.parametrize("at", [-timedelta(minutes=1), timedelta(days=6 * 365)])
def test_a_certificate_counts_only_between_its_two_dates(
    trusting: CardOffice, at: timedelta
) -> None:
    codes = {True: "certificate_not_yet_valid", False: "certificate_expired"}
    verdict = prove(trusting.card().sign_certificate, now() + at)
    assert refused(verdict) == [codes[at < timedelta()]]


def test_each_purpose_takes_its_own_certificate(trusting: CardOffice) -> None:
    card = trusting.card()
    assert refused(prove(card.auth_certificate)) == ["certificate_wrong_kind"]
    assert card.sign_certificate
    assert refused(sign_in(card.sign_certificate)) == ["certificate_wrong_kind"]


def test_a_broken_rule_of_the_profile_is_named(trusting: CardOffice) -> None:
    verdict = prove(trusting.card(policy_critical=False).sign_certificate)
    assert refused(verdict) == ["certificate_profile"]
    assert verdict.faults == ("policy",)


def test_a_certificate_that_names_another_generations_key_is_not_as_it_should_be(
    trusting: CardOffice,
) -> None:
    other = bytes.fromhex(trusting.authority.root("sign", 2).key_id)
    verdict = prove(trusting.card(authority_key_id=other).sign_certificate)
    assert (refused(verdict), verdict.faults) == (["certificate_profile"], ("authority_key",))


def test_a_stranger_who_calls_himself_the_authority_is_found_out(trusting: CardOffice) -> None:
    verdict = prove(trusting.card(signed_by=spare_key(7)).sign_certificate)
    assert refused(verdict) == ["certificate_forged"]


def test_the_sign_in_authority_cannot_issue_certificates_for_signatures(
    trusting: CardOffice,
) -> None:
    other = trusting.authority.root("auth").key
    verdict = prove(trusting.card(signed_by=other).sign_certificate)
    assert refused(verdict) == ["certificate_forged"]


@pytest.mark.parametrize("organisation", ["JPKI", "MyPost", "jpki-test"])
def test_a_certificate_from_elsewhere_is_foreign(trusting: CardOffice, organisation: str) -> None:
    issuer = name_of(
        ("O", organisation),
        ("OU", "JPKI for digital signature"),
        ("OU", "Japan Agency for Local Authority Information Systems"),
    )
    verdict = prove(trusting.card(issuer=issuer).sign_certificate)
    assert refused(verdict) == ["certificate_foreign"]


def test_a_card_for_tests_says_so_where_real_ones_count(
    trusting: CardOffice, settings: Settings
) -> None:
    settings.JPKI_WORLD = "production"
    verdict = prove(trusting.card().sign_certificate)
    assert refused(verdict) == ["certificate_for_tests"]


def test_one_verdict_gives_every_reason_there_is(trusting: CardOffice) -> None:
    card = trusting.card(policy_critical=False)
    verdict = prove(card.auth_certificate, now() + timedelta(days=6 * 365))
    assert refused(verdict) == [
        "certificate_wrong_kind", "certificate_profile", "certificate_expired",
    ]  # fmt: skip


@pytest.mark.parametrize("source", ["crl", "platform"])
@pytest.mark.parametrize("generation", [1, 2])
def test_what_an_older_generation_issued_in_its_time_still_counts(
    trusting: CardOffice, settings: Settings, generation: int, source: str
) -> None:
    settings.JPKI_REVOCATION = source
    card = issued_long_ago(trusting, generation)
    verdict = prove(card.sign_certificate)
    assert verdict.reasons == ()
    assert verdict.certificate is not None
    root = trusting.authority.root("sign", generation)
    assert verdict.certificate.issuer_key_id == root.key_id


def test_by_ocsp_nobody_answers_for_an_authority_that_has_expired(
    trusting: CardOffice, settings: Settings
) -> None:
    settings.JPKI_REVOCATION = "ocsp"
    older, oldest = issued_long_ago(trusting, 2), issued_long_ago(trusting, 1)
    assert prove(older.sign_certificate).outcome is Outcome.VALID
    assert refused(prove(oldest.sign_certificate)) == ["revocation_unknown"]


def issued_long_ago(office: CardOffice, generation: int) -> CardFile:
    """500 days ago, or on the last day of a generation that had already ended then."""
    last_day = office.authority.root("sign", generation).certificate.not_valid_after_utc
    at = min(now() - timedelta(days=500), last_day - timedelta(days=1))
    return office.authority.issue(JIRO, at, generation=generation)


def test_an_expired_generation_issues_nothing_any_more(trusting: CardOffice) -> None:
    verdict = prove(trusting.card(generation=1).sign_certificate)
    assert refused(verdict) == ["certificate_forged"]


def test_a_generation_that_was_not_given_is_not_trusted(
    trusting: CardOffice, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("two generations")
    for path in trusting.authority.trust_folder.glob("*-[13].pem"):
        (folder / path.name).write_bytes(path.read_bytes())
    settings.JPKI_TRUST_FOLDER = folder
    assert refused(prove(trusting.card(generation=2).sign_certificate)) == ["certificate_forged"]


def test_a_cards_answer_counts_for_what_it_signed(asking: CardOffice) -> None:
    answer = Card(asking.card().path).sign("auth", "1234", MESSAGE)
    verdict = judge_answer(
        answer.certificate_der,
        signature=answer.signature,
        message=MESSAGE,
        purpose=Purpose.SIGN_IN,
        at=now(),
    )
    assert verdict.outcome is Outcome.VALID


@pytest.mark.parametrize(
    ("signature", "message"),
    [
        pytest.param(None, MESSAGE + b" ", id="another text"),
        pytest.param(b"", MESSAGE, id="no signature"),
        pytest.param(b"\0" * 256, MESSAGE, id="zeros"),
        pytest.param(b"\1" * 5000, MESSAGE, id="too long"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(
    trusting: CardOffice, signature: bytes | None, message: bytes
) -> None:
    answer = Card(trusting.card().path).sign("auth", "1234", MESSAGE)
    verdict = judge_answer(
        answer.certificate_der,
        signature=answer.signature if signature is None else signature,
        message=message,
        purpose=Purpose.SIGN_IN,
        at=now(),
    )
    assert refused(verdict) == ["signature_wrong"]


def test_jiro_cannot_answer_with_hanakos_certificate(trusting: CardOffice) -> None:
    his, hers = trusting.authority.issue(JIRO, now(), key=spare_key(20)), trusting.card()
    answer = Card(his.path).sign("auth", "1234", MESSAGE)
    verdict = judge_answer(
        hers.auth_certificate,
        signature=answer.signature,
        message=MESSAGE,
        purpose=Purpose.SIGN_IN,
        at=now(),
    )
    assert refused(verdict) == ["signature_wrong"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"-----BEGIN CERTIFICATE-----", b"\x30\x80" * 50, b"\xff" * 20_000],
    ids=["nothing", "a zero", "PEM", "indefinite lengths", "too much"],
)
def test_what_is_no_certificate_has_its_code_too(trusting: CardOffice, content: bytes) -> None:
    assert refused(prove(content)) == ["certificate_malformed"]


def test_a_damaged_certificate_gets_a_verdict_and_is_never_valid(trusting: CardOffice) -> None:
    chance, exact = Random(5280), trusting.card().sign_certificate
    assert exact
    for _ in range(300):
        damaged = bytearray(exact)
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        assert set(refused(prove(bytes(damaged)))) <= set(SENTENCES)


def test_without_any_authority_nothing_can_be_said(
    trusting: CardOffice, settings: Settings
) -> None:
    settings.JPKI_TRUST_FOLDER = None
    verdict = prove(trusting.card().sign_certificate)
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.reasons == ("trust_store_empty",)


def test_without_a_source_of_revocation_nothing_is_valid(trusting: CardOffice) -> None:
    verdict = prove(trusting.card().sign_certificate)
    assert verdict.outcome is Outcome.INDETERMINATE
    assert verdict.reasons == ("revocation_unknown",)


def test_nothing_is_fetched_from_an_address_inside_a_certificate(
    asking: CardOffice, publisher: Publisher
) -> None:
    points_to_it = asking.card(crl_point=f"{publisher.address}/own.crl")
    tells_its_own = asking.card(extra=(access_to(publisher.address),))
    assert refused(prove(points_to_it.sign_certificate)) == ["certificate_profile"]
    assert prove(tells_its_own.sign_certificate).outcome is Outcome.VALID
    assert publisher.asked == []


def test_a_certificate_that_is_refused_anyway_is_shown_to_nobody(
    trusting: CardOffice, settings: Settings, publisher: Publisher
) -> None:
    settings.JPKI_REVOCATION, settings.JPKI_REVOCATION_URL = "crl", publisher.address
    prove(trusting.card(policy_critical=False).sign_certificate)
    sign_in(trusting.card(signed_by=spare_key(7)).auth_certificate)
    assert publisher.asked == []
