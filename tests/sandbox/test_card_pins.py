"""A card counts wrong PINs for good: whoever restarts, or pulls the card out, wins no try."""

import multiprocessing
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.card_office.authority import Authority, Pins
from sandbox.card_office.card import Card, Kind, NoCertificate, PinLocked, PinWrong, pin_fits

from .card_scene import AT, HANAKO, HINA, JIRO, open_authority

RIGHT = {"sign": "ABC123", "auth": "1234"}
WRONG = {"sign": "WRONG99", "auth": "0000"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return open_authority(tmp_path_factory.mktemp("office"))


@pytest.fixture
def card(authority: Authority) -> Card:
    return Card(authority.issue(HANAKO, AT).path)


def lock(card: Card, kind: Kind) -> None:
    while card.tries_left(kind) > 1:
        try_wrong(card, kind)
    with pytest.raises(PinLocked):
        card.sign(kind, WRONG[kind], b"text")


def try_wrong(card: Card, kind: Kind) -> int:
    try:
        card.sign(kind, WRONG[kind], b"text")
    except PinWrong as wrong:
        return wrong.tries_left
    raise AssertionError("it signed")


@pytest.mark.parametrize("kind", ["sign", "auth"])
def test_the_right_pin_signs_what_the_certificate_verifies(card: Card, kind: Kind) -> None:
    answer = card.sign(kind, RIGHT[kind], "署名する文".encode())
    key = x509.load_der_x509_certificate(answer.certificate_der).public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(answer.signature, "署名する文".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert answer.certificate_der == card.certificate(kind)


@pytest.mark.parametrize(("kind", "steps"), [("sign", [4, 3, 2, 1]), ("auth", [2, 1])])
def test_each_wrong_pin_costs_a_try_and_the_last_one_locks(
    card: Card, kind: Kind, steps: list[int]
) -> None:
    assert [try_wrong(card, kind) for _ in steps] == steps
    for pin in (WRONG[kind], RIGHT[kind]):  # now the right one is no help either
        with pytest.raises(PinLocked):
            card.sign(kind, pin, b"text")
    assert card.tries_left(kind) == 0


def test_the_two_pins_are_counted_apart(card: Card) -> None:
    lock(card, "auth")
    assert card.sign("sign", RIGHT["sign"], b"text").signature


def test_the_right_pin_gives_all_tries_back(card: Card) -> None:
    try_wrong(card, "auth")
    card.sign("auth", RIGHT["auth"], b"text")
    assert card.tries_left("auth") == 3


def test_the_count_survives_a_restart(card: Card) -> None:
    try_wrong(card, "sign")
    assert try_wrong(Card(card.path), "sign") == 3
    assert Card(card.path).tries_left("sign") == 3


def _guess(path: Path) -> None:
    try_wrong(Card(path), "sign")


def test_the_count_survives_a_kill(card: Card) -> None:
    guesser = multiprocessing.get_context("spawn").Process(target=_guess, args=(card.path,))
    guesser.start()
    while card.tries_left("sign") == 5:
        assert guesser.is_alive() or card.tries_left("sign") < 5
        time.sleep(0.01)
    guesser.kill()
    guesser.join()
    assert try_wrong(card, "sign") == 3
    assert card.sign("sign", RIGHT["sign"], b"text").signature


def test_guessing_at_once_wins_no_try(card: Card) -> None:
    def guess(_: int) -> str:
        try:
            card.sign("sign", WRONG["sign"], b"text")
        except (PinWrong, PinLocked) as refusal:
            return type(refusal).__name__
        return "signed"

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(guess, range(20)))
    assert (answers.count("PinWrong"), answers.count("PinLocked")) == (4, 16)


def test_the_office_unlocks_with_another_pin(card: Card) -> None:
    lock(card, "auth")
    card.unlock("auth", "5678")
    with pytest.raises(PinWrong):
        card.sign("auth", RIGHT["auth"], b"text")
    assert card.sign("auth", "5678", b"text").signature


def test_another_persons_card_keeps_its_tries(authority: Authority, card: Card) -> None:
    jiro = Card(authority.issue(JIRO, AT).path)
    lock(card, "auth")
    assert jiro.tries_left("auth") == 3


def test_a_child_has_no_certificate_to_sign_with(authority: Authority) -> None:
    child = Card(authority.issue(HINA, AT).path)
    for ask in (
        lambda: child.sign("sign", RIGHT["sign"], b"text"),
        lambda: child.unlock("sign", ""),
    ):
        with pytest.raises(NoCertificate):
            ask()
    assert child.sign("auth", RIGHT["auth"], b"text").signature


@pytest.mark.parametrize(
    ("kind", "pin", "fits"),
    [
        ("auth", "1234", True), ("auth", "123", False), ("auth", "12345", False),
        ("auth", "12a4", False), ("auth", "１２３４", False), ("auth", "1234\n", False),
        ("sign", "ABC123", True), ("sign", "A1B2C3D4E5F6G7H8", True), ("sign", "ABC12", False),
        ("sign", "A1B2C3D4E5F6G7H8I", False), ("sign", "abc123", False), ("sign", "ABC-12", False),
    ],
)  # fmt: skip
def test_a_pin_has_a_shape(authority: Authority, kind: Kind, pin: str, fits: bool) -> None:
    assert pin_fits(kind, pin) is fits
    if not fits:
        with pytest.raises(ValueError):
            authority.issue(HANAKO, AT, pins=Pins(**{**RIGHT, kind: pin}))


def test_a_new_certificate_keeps_the_pin_and_gives_the_tries_back(
    authority: Authority, card: Card
) -> None:
    card.unlock("sign", "HANAKO7")
    lock(card, "sign")
    before = card.file()
    after = authority.issue(HANAKO, AT, card=card, kinds=("sign",))
    assert after.auth_certificate == before.auth_certificate
    assert after.sign_certificate != before.sign_certificate
    assert card.sign("sign", "HANAKO7", b"text").signature
