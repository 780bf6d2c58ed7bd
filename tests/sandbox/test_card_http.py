"""The card office is spoken to as everybody speaks to it: HTTP over real sockets."""

import json
import subprocess
import sys
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp

from sandbox.card_office.card import Kind
from sandbox.card_office.office import Holder, Office
from tests.patience import PATIENCE

from .card_scene import HANAKO, RETURN_TO, TOKEN, CardOffice, open_authority, running_card_office

NUMBER = "0192d2a8-aaaa-7000-8000-000000000001"
TEXT = f"MyPost card challenge v1\npurpose: sign_in\nnumber: {NUMBER}\n<script>署名"
ATTACK = "<script>alert(1)</script>\"'"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardOffice]:
    with running_card_office(tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture
def office(running: CardOffice) -> Office:
    return Office(open_authority(running.folder))


@pytest.fixture
def mari(office: Office) -> Holder:
    """Somebody new for each test, so that tests do not share a card."""
    number = len(office.holders())
    person = type(HANAKO)(**{**vars(HANAKO), "id": f"mari{number}", "name": "森　まり"})
    return office.enter(person, at=datetime.now(UTC))


class Page(HTMLParser):
    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def every(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def hidden(self) -> dict[str, str]:
        fields = [each for each in self.every("input") if each.get("type") == "hidden"]
        return {str(each["name"]): str(each["value"]) for each in fields}


def question(**changes: str) -> dict[str, str]:
    challenge = urlsafe_b64encode(TEXT.encode()).decode().rstrip("=")
    asked = {"challenge": challenge, "purpose": "sign_in", "return_to": f"{RETURN_TO}/card/answer/"}
    return {**asked, **changes}


def use_card(running: CardOffice, holder: Holder, pin: str, **changes: str) -> httpx.Response:
    form = {**question(**changes), "card": holder.resident.id, "pin": pin}
    return httpx.post(f"{running.page}/card", data=form)


def status_of(running: CardOffice, office: Office, holder: Holder, kind: Kind) -> dict[str, Any]:
    issuer, serial = holder.card.issuer_and_serial(kind)
    answer = ask_platform(running, {"issuer": issuer, "serial": serial})
    facts: dict[str, Any] = answer.json()
    return facts


def ask_platform(running: CardOffice, asked: object, token: str = TOKEN) -> httpx.Response:
    return httpx.post(
        f"{running.page}/platform/v1/status",
        json=asked,
        headers={"Authorization": f"Bearer {token}"},
    )


def get_list(running: CardOffice, office: Office, city: str = "Minato") -> httpx.Response:
    key_id = office.authority.root("sign").key_id
    points = office.authority.revocations.crl_points(key_id)
    named = sha256(next(point for point in points if city in point).encode()).hexdigest()
    return httpx.get(f"{running.page}/crl/{key_id}/{named}.crl")


def ask_ocsp(running: CardOffice, office: Office, holder: Holder) -> httpx.Response:
    issuer = office.authority.root("sign").certificate
    certificate = x509.load_der_x509_certificate(holder.card.certificate("sign"))
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    return httpx.post(f"{running.page}/ocsp", content=builder.build().public_bytes(Encoding.DER))


@contextmanager
def disturbed(running: CardOffice, name: str) -> Iterator[None]:
    httpx.post(f"{running.page}/disturbances/{name}", data={"on": "1"})
    try:
        yield
    finally:
        httpx.post(f"{running.page}/disturbances/{name}", data={"on": ""})


def test_list_ocsp_and_platform_tell_of_a_loss_at_once(
    running: CardOffice, office: Office, mari: Holder
) -> None:
    assert status_of(running, office, mari, "sign")["state"] == "good"
    done = httpx.post(f"{running.page}/residents/{mari.resident.id}/lose")
    assert (done.status_code, done.headers["Location"]) == (303, f"/residents/{mari.resident.id}")
    told = status_of(running, office, mari, "sign")
    assert (told["state"], told["reason"], told["cause"]) == ("revoked", "key_compromise", "loss")
    assert told["person"] == office.authority.person_of(mari.card.file().auth_serial)
    serial = int(mari.card.file().sign_serial, 16)
    crl = x509.load_der_x509_crl(get_list(running, office).content)
    entry = crl.get_revoked_certificate_by_serial_number(serial)
    assert entry
    answer = ocsp.load_der_ocsp_response(ask_ocsp(running, office, mari).content)
    assert answer.certificate_status == ocsp.OCSPCertStatus.REVOKED
    assert datetime.fromisoformat(told["revoked_at"]) == entry.revocation_date_utc
    assert answer.revocation_time_utc == entry.revocation_date_utc


@pytest.mark.parametrize("token", ["", "only-for-test", "only-for-testsx", "ü"], ids=ascii)
def test_the_platform_tells_nobody_without_its_token(running: CardOffice, token: str) -> None:
    answer = httpx.post(
        f"{running.page}/platform/v1/status",
        json={"issuer": "", "serial": ""},
        headers=[(b"Authorization", f"Bearer {token}".strip().encode())],
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "asked",
    [{}, [], "x", {"issuer": 1, "serial": 2}, {"issuer": "x"}],
    ids=["empty", "list", "text", "numbers", "half"],
)
def test_the_platform_refuses_a_malformed_question(running: CardOffice, asked: object) -> None:
    assert ask_platform(running, asked).status_code == 400


def test_a_question_without_a_bottom_is_malformed_too(running: CardOffice) -> None:
    answer = httpx.post(
        f"{running.page}/platform/v1/status",
        content=b"[" * 60000,
        headers={"Authorization": f"Bearer {TOKEN}"},
    )
    assert answer.status_code == 400


def test_the_platform_knows_an_authority_by_either_name(
    running: CardOffice, office: Office, mari: Holder
) -> None:
    key = office.authority.root("sign").certificate.public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    serial = mari.card.file().sign_serial.upper()
    told = ask_platform(running, {"issuer": sha256(spki).hexdigest(), "serial": f"00{serial}"})
    assert told.json()["state"] == "good"
    assert ask_platform(running, {"issuer": "00", "serial": serial}).json()["state"] == "unknown"


def test_a_list_that_does_not_exist_is_not_found(running: CardOffice, office: Office) -> None:
    key_id = office.authority.root("sign").key_id
    for path in (f"{key_id}/{'0' * 64}.crl", f"zz/{'0' * 64}.crl", f"{key_id}/x", "../../etc"):
        assert httpx.get(f"{running.page}/crl/{path}").status_code == 404


def test_silence_is_an_end_without_an_answer(running: CardOffice, office: Office) -> None:
    with disturbed(running, "silent"), pytest.raises(httpx.RemoteProtocolError):
        ask_platform(running, {})
    assert ask_platform(running, {}).status_code == 400


def test_slow_is_slow(running: CardOffice, office: Office, mari: Holder) -> None:
    began = time.monotonic()
    with disturbed(running, "slow"):
        assert ask_ocsp(running, office, mari).status_code == 200
    assert time.monotonic() - began >= 0.4


def test_a_broken_answer_can_be_read_by_nobody(
    running: CardOffice, office: Office, mari: Holder
) -> None:
    with disturbed(running, "broken"):
        for answer in (get_list(running, office), ask_ocsp(running, office, mari)):
            with pytest.raises(ValueError):
                x509.load_der_x509_crl(answer.content)


def test_people_are_served_while_programs_are_disturbed(running: CardOffice) -> None:
    with disturbed(running, "silent"):
        assert "止める" in httpx.get(f"{running.page}/").text


@pytest.mark.parametrize("purpose", ["sign_in", "step_up", "link", "prove"])
def test_the_reader_signs_what_it_showed_with_the_key_that_the_purpose_needs(
    running: CardOffice, mari: Holder, purpose: str
) -> None:
    kind: Kind = "sign" if purpose == "prove" else "auth"
    asked = httpx.get(f"{running.page}/card", params=question(purpose=purpose))
    assert "&lt;script&gt;署名" in asked.text
    answer = use_card(running, mari, "abc123" if kind == "sign" else "1234", purpose=purpose)
    page = Page(answer)
    (form,) = page.every("form")
    assert (form["method"], form["action"]) == ("post", f"{RETURN_TO}/card/answer/")
    fields = page.hidden()
    assert fields["challenge_id"] == NUMBER
    certificate = b64decode(fields["certificate"], validate=True)
    assert certificate == mari.card.certificate(kind)
    key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(b64decode(fields["signature"]), TEXT.encode(), padding.PKCS1v15(), hashes.SHA256())
    assert f"form-action 'self' {RETURN_TO};" in answer.headers["Content-Security-Policy"]


def test_a_wrong_pin_shows_how_many_tries_are_left_and_then_that_it_is_locked(
    running: CardOffice, mari: Holder
) -> None:
    shown = []
    for _ in range(4):
        answer = use_card(running, mari, "0000")
        assert answer.status_code == 422
        shown.append(answer.text)
    assert "残り2回" in shown[0]
    assert "Tries left: 1" in shown[1]
    assert all("ロックされました" in text for text in shown[2:])
    assert "certificate" not in Page(answer).hidden()


def test_a_pin_of_another_shape_costs_no_try(running: CardOffice, mari: Holder) -> None:
    for pin in ("", "12", "ABC123", "１２３４"):
        assert use_card(running, mari, pin).status_code == 422
    assert mari.card.tries_left("auth") == 3


def test_a_locked_card_cannot_be_chosen_and_a_child_cannot_prove(
    running: CardOffice, mari: Holder
) -> None:
    for _ in range(3):
        use_card(running, mari, "0000")
    page = Page(httpx.get(f"{running.page}/card", params=question()))
    chosen = {each["value"]: each for each in page.every("input") if each.get("name") == "card"}
    assert "disabled" in chosen[mari.resident.id]
    assert "disabled" not in chosen["hina"]
    page = Page(httpx.get(f"{running.page}/card", params=question(purpose="prove")))
    chosen = {each["value"]: each for each in page.every("input") if each.get("name") == "card"}
    assert "disabled" in chosen["hina"]


def test_the_way_back_leads_to_the_service(running: CardOffice) -> None:
    page = Page(httpx.get(f"{running.page}/card", params=question()))
    assert {"href": f"{RETURN_TO}/card/answer/"} in page.every("a")


@pytest.mark.parametrize(
    "changes",
    [
        {"return_to": "http://localhost:8000.evil.example/"},
        {"return_to": "http://localhost:8000@evil.example/"},
        {"return_to": "http://localhost:80/"},
        {"return_to": "https://localhost:8000/"},
        {"return_to": "javascript:alert(1)"},
        {"return_to": "http://[localhost:8000/"},
        {"return_to": "http://localhost:99999/"},
        {"return_to": ""},
        {"purpose": "pay"},
        {"purpose": ""},
        {"challenge": ""},
        {"challenge": "%%%"},
        {"challenge": "ü"},
        {"challenge": "A" * 6000},
    ],
    ids=str,
)
def test_the_reader_answers_nobody_else(
    running: CardOffice, mari: Holder, changes: dict[str, str]
) -> None:
    asked = question(**changes)
    shown = httpx.get(f"{running.page}/card", params=asked)
    signed = use_card(running, mari, "1234", **changes)
    for answer in (shown, signed):
        assert answer.status_code == 400
        assert not Page(answer).every("form")


@pytest.mark.parametrize("path", ["/card", "/residents/misaki/lose", "/disturbances/silent"])
def test_another_sites_page_cannot_use_the_office(running: CardOffice, path: str) -> None:
    answer = httpx.post(
        running.page + path, data=question(), headers={"Origin": "http://evil.example"}
    )
    assert answer.status_code == 403


def test_it_comes_from_its_own_page(running: CardOffice, mari: Holder) -> None:
    path = f"{running.page}/residents/{mari.resident.id}/rename"
    done = httpx.post(path, data={"name": ATTACK}, headers={"Origin": running.page})
    assert done.status_code == 303
    for shown in ("/", f"/residents/{mari.resident.id}", "/card"):
        answer = httpx.get(running.page + shown, params=question())
        assert not Page(answer).every("script")
        assert "&lt;script&gt;" in answer.text


def test_a_form_that_is_filled_in_badly_is_shown_again(running: CardOffice, mari: Holder) -> None:
    path = f"{running.page}/residents/{mari.resident.id}"
    answer = httpx.post(f"{path}/move", data={"address": "", "city": "月"})
    assert answer.status_code == 422
    assert {"id": "trouble", "role": "alert", "class": "trouble"} in Page(answer).every("p")
    assert httpx.post(f"{path}/fly").status_code == 422
    assert httpx.post(f"{running.page}/residents/nobody/die").status_code == 404


@pytest.mark.parametrize("path", ["/", "/residents/sakura", "/card", "/office.css", "/favicon.ico"])
def test_every_page_has_a_policy_without_scripts_and_no_style_of_its_own(
    running: CardOffice, path: str
) -> None:
    answer = httpx.get(running.page + path, params=question())
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith(
        "default-src 'none'; style-src 'self'"
    )
    assert "style=" not in answer.text
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_first_page_prints_the_pins_and_everybody(running: CardOffice) -> None:
    text = httpx.get(f"{running.page}/").text
    for printed in ("1234", "ABC123", "佐藤　花子", "鈴木　美咲", "渡邉　健一", "辻\U000e0100"):
        assert printed in text


@pytest.mark.parametrize(
    "path", ["/nowhere", "/residents/nobody", "/residents/..%2f..", "/ocsp", "//[x"]
)
def test_an_address_that_leads_nowhere_gives_404(running: CardOffice, path: str) -> None:
    assert httpx.get(running.page + path).status_code == 404


def test_a_body_that_is_too_large_is_not_read(running: CardOffice) -> None:
    assert httpx.post(f"{running.page}/ocsp", content=b"x" * 65537).status_code == 413


def test_the_command_line_and_the_pages_use_one_register(
    running: CardOffice, office: Office, mari: Holder
) -> None:
    def run(*words: str, text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "sandbox.card_office.cli", "--folder", str(running.folder)]
        return subprocess.run([*command, *words], input=text, capture_output=True, timeout=PATIENCE)

    name = mari.resident.id
    signed = json.loads(run("sign", name, "--kind", "auth", "--pin", "1234", text=b"text").stdout)
    assert b64decode(signed["certificate"]) == mari.card.certificate("auth")
    wrong = run("sign", name, "--kind", "auth", "--pin", "0000", text=b"text")
    assert (wrong.returncode, wrong.stderr) == (1, b"card office: wrong PIN, tries left: 2\n")
    assert run("move", name, "--address", "風見市１", "--city", "風見市").returncode == 0
    assert status_of(running, office, mari, "sign")["cause"] == "move"
    listed = {each["id"]: each for each in json.loads(run("list").stdout)}
    assert listed[name]["sign"]["state"] == "revoked"
    assert listed[name]["auth"]["tries_left"] == 2
    assert run("die", "nobody").stderr == b"card office: there is no 'nobody'\n"
