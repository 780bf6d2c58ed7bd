"""Each card that must not count gets its own coded page, in both languages, and changes nothing."""

import html
import re
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.utils import translation

from mypost.common.clock import now
from mypost.members.models import Member
from mypost.proofing import challenges
from mypost.proofing.challenges import Purpose
from mypost.proofing.models import CardChallenge, LinkedCard, PersonKey
from mypost.verification.models import RecordedVerdict
from mypost.verification.reasons import SENTENCES
from sandbox.card_office.card import Card
from sandbox.card_office.roots import name_of
from tests.conftest import LONG, NOW
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.card_use import LINK, PROVE, SIGN_IN, STEP_UP, question_of
from tests.proofing.offices import JIRO, PINS, RunningOffice

Answer = dict[str, str]
ELSEWHERE = name_of(("O", "Another Authority"), ("OU", "JPKI for digital signature"))
REVOCATIONS = (
    "key_compromise", "ca_compromise", "affiliation_changed", "superseded",
    "cessation_of_operation", "unspecified",
)  # fmt: skip


def asked(http: Client, purpose: Purpose = Purpose.PROVE) -> CardChallenge:
    """A question to this browser."""
    return challenges.make(purpose, session=str(http.session.session_key), at=now())


def answered(http: Client, card: Card, *, text: bytes = b"") -> Answer:
    """What the reader posts back for a card, to a new question to this browser."""
    challenge = asked(http)
    signed = card.sign("sign", PINS.sign, text or challenges.text_of(challenge))
    return written(challenge, signed.certificate_der, signed.signature)


def written(challenge: CardChallenge, certificate: bytes, signature: bytes = b"x" * 256) -> Answer:
    return {
        "challenge_id": str(challenge.id),
        "certificate": b64encode(certificate).decode(),
        "signature": b64encode(signature).decode(),
    }


def issued(office: RunningOffice, **changes: object) -> Card:
    """Another card of Jiro's, which breaks a rule."""
    since = now() + changes.pop("later", timedelta())  # type: ignore[operator]
    return Card(office.office.authority.issue(JIRO, since, **changes).path)  # type: ignore[arg-type]


def homemade() -> bytes:
    """A certificate that somebody signed themselves."""
    key = rsa.generate_private_key(65537, 2048)
    name = name_of(("CN", "Jiro"))
    paper = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    paper = paper.not_valid_before(now()).not_valid_after(now() + timedelta(days=1))
    return paper.sign(key, SHA256()).public_bytes(Encoding.DER)


Spoiled = Callable[[Client, RunningOffice], Answer]


def _hers(http: Client, office: RunningOffice) -> Answer:
    """Hanako's certificate, which lies open somewhere, and Jiro's signature."""
    answer = answered(http, office.card("jiro"))
    return {**answer, "certificate": b64encode(office.card("hanako").certificate("sign")).decode()}


def _stopped(reason: str) -> Spoiled:
    def spoil(http: Client, office: RunningOffice) -> Answer:
        office.revoke("jiro", "sign", reason)
        return answered(http, office.card("jiro"))

    return spoil


def _in_production(http: Client, office: RunningOffice) -> Answer:
    answer = answered(http, office.card("jiro"))
    office.settings.JPKI_WORLD = "production"
    return answer


def _other_key(http: Client, office: RunningOffice) -> Answer:
    key = rsa.generate_private_key(65537, 2048)
    return answered(http, issued(office, signed_by=key))


def _wrong_kind(http: Client, office: RunningOffice) -> Answer:
    challenge = asked(http)
    signed = office.card("jiro").sign("auth", PINS.auth, challenges.text_of(challenge))
    return written(challenge, signed.certificate_der, signed.signature)


def _nobody_answers(http: Client, office: RunningOffice) -> Answer:
    answer = answered(http, office.card("jiro"))
    office.go_away()
    return answer


def _nothing_trusted(http: Client, office: RunningOffice) -> Answer:
    answer = answered(http, office.card("jiro"))
    office.settings.JPKI_TRUST_FOLDER = None
    return answer


def _posts(certificate: bytes) -> Spoiled:
    return lambda http, _office: written(asked(http), certificate)


REFUSED: dict[str, tuple[Spoiled, str]] = {
    "expired": (
        lambda h, o: answered(h, issued(o, later=-timedelta(days=6 * 365), generation=2)),
        "certificate_expired",
    ),
    "not-yet": (
        lambda h, o: answered(h, issued(o, later=timedelta(days=2))), "certificate_not_yet_valid",
    ),
    **{f"revoked-{reason}": (_stopped(reason), "certificate_revoked") for reason in REVOCATIONS},
    "on-hold": (_stopped("certificate_hold"), "certificate_on_hold"),
    "forged": (_other_key, "certificate_forged"),
    "for-tests": (_in_production, "certificate_for_tests"),
    "foreign": (
        lambda h, o: answered(h, issued(o, issuer=ELSEWHERE)), "certificate_foreign",
    ),
    "self-signed": (lambda h, _: written(asked(h), homemade()), "certificate_foreign"),
    "profile": (
        lambda h, o: answered(h, issued(o, policy_critical=False)), "certificate_profile",
    ),
    "wrong-kind": (_wrong_kind, "certificate_wrong_kind"),
    "other-text": (
        lambda h, o: answered(h, o.card("jiro"), text=b"I owe you"), "signature_wrong",
    ),
    "somebody-elses": (_hers, "signature_wrong"),
    "nobody-answers": (_nobody_answers, "revocation_unknown"),
    "nothing-trusted": (_nothing_trusted, "trust_store_empty"),
    "empty": (_posts(b""), "certificate_malformed"),
    "text": (_posts("証明書".encode() * 99), "certificate_malformed"),
    "longer-than-16-kib": (
        _posts(b"\x30\x83\x00\x60\x00" + b"\x00" * 24_576), "certificate_malformed",
    ),
    "deep": (_posts(b"\x30\x80" * 4_000), "certificate_malformed"),
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("name", REFUSED)
def test_a_card_that_does_not_count_has_its_page_and_changes_nothing(
    his: Client, jiro: Member, office: RunningOffice, name: str, language: str
) -> None:
    spoil, code = REFUSED[name]
    his.cookies["mypost_language"] = language
    before = standing(his, jiro)
    answer = his.post(f"{PROVE}answer", spoil(his, office))
    shown = answer.content.decode()
    nobody_knows = code in ("revocation_unknown", "trust_store_empty")
    assert answer.status_code == (503 if nobody_knows else 422)
    assert code in shown, re.findall(r"<code>\w+", shown)
    with translation.override(language):
        assert html.escape(str(SENTENCES[code])) in shown
    assert active_in(shown) == []
    assert standing(his, jiro) == before
    assert RecordedVerdict.objects.get().reasons == [code]


def standing(http: Client, member: Member) -> tuple[object, ...]:
    """What no refused card may change."""
    level = Member.objects.get(id=member.id).level
    session = {k: v for k, v in http.session.items() if k != "card_afterwards"}
    linked = LinkedCard.objects.count(), PersonKey.objects.count(), member.certifications.count()
    return level, http.session.session_key, session, linked


def test_each_code_has_words_of_its_own_in_both_languages() -> None:
    for language in ("ja", "en"):
        with translation.override(language):
            assert len({str(sentence) for sentence in SENTENCES.values()}) == len(SENTENCES)


def test_a_wrong_pin_is_told_by_the_reader_with_the_tries_that_are_left(
    his: Client, jiro: Member, office: RunningOffice
) -> None:
    url = question_of(his, PROVE)
    asked_of_reader = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    for left in (4, 3):
        given = {**asked_of_reader, "card": "jiro", "pin": "WRONG99"}
        shown = httpx.post(url.split("?")[0], data=given, timeout=10)
        assert shown.status_code == 422
        assert str(left) in re.sub(r"<[^>]*>", "", shown.text)
        assert 'name="signature"' not in shown.text
        assert "WRONG99" not in shown.text
    assert not RecordedVerdict.objects.exists()


def test_a_certificate_cut_off_anywhere_is_malformed(
    his: Client, jiro: Member, office: RunningOffice
) -> None:
    whole = office.card("jiro").certificate("sign")
    for length in range(1, len(whole), 1 if LONG else 60):
        answer = his.post(f"{PROVE}answer", written(asked(his), whole[:length]))
        assert (answer.status_code, length) == (422, length)
        assert "certificate_malformed" in answer.content.decode(), length
    assert Member.objects.get(id=jiro.id).level == 0


def test_a_certificate_with_any_byte_changed_never_counts_nor_breaks_a_page(
    his: Client, jiro: Member, office: RunningOffice
) -> None:
    challenge = asked(his)
    signed = office.card("jiro").sign("sign", PINS.sign, challenges.text_of(challenge))
    whole = signed.certificate_der
    for place in range(0, len(whole), 1 if LONG else 60):
        bent = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        CardChallenge.objects.filter(id=challenge.id).update(used_at=None)
        answer = his.post(f"{PROVE}answer", written(challenge, bent, signed.signature))
        assert (answer.status_code, place) == (422, place)
    assert Member.objects.get(id=jiro.id).level == 0


# The form


ODD: dict[str, Callable[[Answer], dict[str, object]]] = {
    "nothing": lambda a: {},
    "no-certificate": lambda a: {**a, "certificate": ""},
    "no-signature": lambda a: {"challenge_id": a["challenge_id"], "certificate": a["certificate"]},
    "no-base64": lambda a: {**a, "certificate": "☃" * 99},
    "zero-bytes": lambda a: {**a, "certificate": "\x00", "signature": "\x00"},
    "number-twice": lambda a: {**a, "challenge_id": [a["challenge_id"], "x"]},
    "certificate-twice": lambda a: {**a, "certificate": [a["certificate"], "AAAA"]},
    "surrogates": lambda a: {**a, "challenge_id": "\\ud800", "answer": "signature: \\ud800"},
    "long-number": lambda a: {**a, "challenge_id": "0" * 100_000},
    "many-fields": lambda a: {**a, **{f"f{n}": "x" for n in range(5_000)}},
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("path", [PROVE, LINK, STEP_UP])
def test_odd_forms_are_answered_with_a_page(
    his: Client, jiro: Member, office: RunningOffice, name: str, path: str
) -> None:
    posted = ODD[name](written(asked(his), office.card("jiro").certificate("sign")))
    answer = his.post(f"{path}answer", posted)
    assert answer.status_code == 422
    assert re.search(r"(certificate|challenge|signature)_\w+", answer.content.decode())
    assert not LinkedCard.objects.exists()


@pytest.mark.parametrize("path", [PROVE, LINK, STEP_UP, SIGN_IN])
@pytest.mark.parametrize("name", ["ten-megabytes", "too-many-fields", "broken-multipart"])
def test_forms_beyond_all_bounds_are_refused_before_they_are_read(
    his: Client, nobodys: Client, office: RunningOffice, path: str, name: str
) -> None:
    http = nobodys if path == SIGN_IN else his
    bodies = {
        "ten-megabytes": ("application/x-www-form-urlencoded", b"certificate=" + b"A" * 10_000_000),
        "too-many-fields": ("application/x-www-form-urlencoded", b"a=&" * 20_001),
        "broken-multipart": ("multipart/form-data", b"--x"),
    }
    kind, body = bodies[name]
    http.raise_request_exception = False
    answer = http.generic("POST", f"{path}answer", body, content_type=kind)
    assert 400 <= answer.status_code < 500
    assert not RecordedVerdict.objects.exists()


# The question


def _spent(http: Client, challenge: CardChallenge) -> None:
    CardChallenge.objects.filter(id=challenge.id).update(used_at=now())


def _late(http: Client, challenge: CardChallenge) -> None:
    CardChallenge.objects.filter(id=challenge.id).update(created_at=NOW, expires_at=NOW)


def _of_another_browser(http: Client, challenge: CardChallenge) -> None:
    other = challenges.make(Purpose.PROVE, session="the-browser-of-hanako", at=now())
    CardChallenge.objects.filter(id=challenge.id).update(session=other.session)


def _for_another_purpose(http: Client, challenge: CardChallenge) -> None:
    CardChallenge.objects.filter(id=challenge.id).update(purpose=Purpose.STEP_UP)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_spent, "challenge_spent"), (_late, "challenge_expired"),
        (_of_another_browser, "challenge_foreign"), (_for_another_purpose, "challenge_foreign"),
    ],
    ids=["spent", "late", "another-browser", "another-purpose"],
)  # fmt: skip
def test_an_answer_to_no_open_question_changes_nothing(
    his: Client,
    jiro: Member,
    office: RunningOffice,
    spoil: Callable[[Client, CardChallenge], None],
    code: str,
    language: str,
) -> None:
    his.cookies["mypost_language"] = language
    before = standing(his, jiro)
    answer = answered(his, office.card("jiro"))
    spoil(his, CardChallenge.objects.get(id=answer["challenge_id"]))
    shown = his.post(f"{PROVE}answer", answer)
    assert (shown.status_code, code in shown.content.decode()) == (422, True)
    assert standing(his, jiro) == before
    assert not RecordedVerdict.objects.exists()
