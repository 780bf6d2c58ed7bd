"""The print shop opens only what is sealed to it, prints it once, and hands on what is printed."""

import hashlib
import signal
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.error import HTTPError

import pytest

from mypost.kernel.identifiers import mail_piece_number
from mypost.kernel.sealing import generate_key_pair, seal_mail_piece
from mypost.kernel.typesetting import typeset
from sandbox.print_shop.key import public_key_of
from tests.kernel.test_typesetting import AT, PAPERS
from tests.patience import PATIENCE, await_it

from .parties import Party, open_carrier, open_print_shop, start_party

NUMBER = mail_piece_number(b"hanako's")
PIECE = f"/pieces/{NUMBER}"
CODE = "7K2M-9QXR-04TV"
SERVICE = "restricted_delivery"
NOBODY = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return typeset("passcode", PAPERS["passcode"], at=AT)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Party]:
    with open_print_shop(tmp_path / "shop", NOBODY) as party:
        yield party


def sealed(folder: Path, paper: bytes) -> bytes:
    return seal_mail_piece(b64decode(public_key_of(folder)), paper, number=NUMBER)


def digest_of(body: bytes) -> str:
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def order(shop: Party, body: bytes, *, service: str = SERVICE, digest: str = "") -> dict[str, str]:
    return shop.put(PIECE, body, Repr_Digest=digest or digest_of(body), Mail_Service=service)


def refusal(shop: Party, body: bytes, **more: str) -> int:
    with pytest.raises(HTTPError) as refused:
        order(shop, body, **more)
    with refused.value:
        return refused.value.code


def test_a_sealed_piece_is_printed_once_however_often_it_comes(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    body = sealed(tmp_path / "shop", paper)
    answer = order(shop, body)
    assert answer == {"number": NUMBER, "sha256": hashlib.sha256(body).hexdigest()}
    assert order(shop, body) == answer
    assert [event["kind"] for event in shop.events()] == ["printed"]


def test_people_see_the_envelope_and_open_the_letter(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    order(shop, sealed(tmp_path / "shop", paper))
    page = shop.page("/")
    assert "佐藤" in page
    assert CODE not in page
    assert "<script" not in page
    assert shop.get(f"{PIECE}/window.png").startswith(b"\x89PNG")
    assert shop.get(f"{PIECE}/paper.pdf") == paper
    assert "Open the letter" in shop.page("/", language="en")


def test_the_carrier_sees_the_window_and_nothing_of_the_code(tmp_path: Path, paper: bytes) -> None:
    with (
        open_carrier(tmp_path / "carrier") as carrier,
        open_print_shop(tmp_path / "shop", carrier.url) as shop,
    ):
        order(shop, sealed(tmp_path / "shop", paper))
        await_it(carrier.events, "the piece at the carrier's")
        page = carrier.page(PIECE)
        assert "佐藤" in page
        assert "本人限定受取（特定事項伝達型）" in page
        held = b"".join(p.read_bytes() for p in (tmp_path / "carrier").rglob("*") if p.is_file())
        assert CODE.encode() not in held
        assert CODE not in page


def test_a_carrier_that_is_away_gets_it_later(tmp_path: Path, paper: bytes) -> None:
    refused = Event()
    with open_carrier(tmp_path / "carrier", refused) as carrier:
        carrier.press("/trouble", trouble="away")
        with open_print_shop(tmp_path / "shop", carrier.url) as shop:
            refused.clear()
            order(shop, sealed(tmp_path / "shop", paper))
            assert refused.wait(PATIENCE)
            assert "これから渡します" in shop.page("/")
            carrier.press("/trouble", trouble="none")
            await_it(carrier.events, "the piece at the carrier's")
            await_it(lambda: "渡しました" in shop.page("/"), "the shop's own note of it")


def test_it_refuses_what_is_sealed_to_another(shop: Party, paper: bytes) -> None:
    body = seal_mail_piece(generate_key_pair().public, paper, number=NUMBER)
    assert refusal(shop, body) == 422
    assert shop.events() == []


def test_it_refuses_what_is_sealed_under_another_number(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    public = b64decode(public_key_of(tmp_path / "shop"))
    body = seal_mail_piece(public, paper, number=mail_piece_number(b"jiro'spc"))
    assert refusal(shop, body) == 422


def test_it_refuses_another_paper_under_a_used_number(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    order(shop, sealed(tmp_path / "shop", paper))
    assert refusal(shop, sealed(tmp_path / "shop", paper)) == 409  # sealed anew, so other bytes


def test_it_refuses_bytes_that_were_changed_on_the_way(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    assert refusal(shop, sealed(tmp_path / "shop", paper), digest=digest_of(b"other")) == 400


def test_it_refuses_a_service_that_it_does_not_offer(
    shop: Party, tmp_path: Path, paper: bytes
) -> None:
    assert refusal(shop, sealed(tmp_path / "shop", paper), service="pigeon") == 422


def test_a_wrong_token_prints_nothing(shop: Party, tmp_path: Path, paper: bytes) -> None:
    body = sealed(tmp_path / "shop", paper)
    with pytest.raises(HTTPError) as refused:
        shop.put(PIECE, body, token="x", Repr_Digest=digest_of(body), Mail_Service=SERVICE)
    with refused.value:
        assert refused.value.status == 401
    assert shop.events() == []


def test_papers_and_key_outlive_a_kill(tmp_path: Path, paper: bytes) -> None:
    folder = tmp_path / "shop"
    public = public_key_of(folder)
    with start_party("print_shop", folder, "--carrier", NOBODY) as first:
        order(first, sealed(folder, paper))
        first.stop(signal.SIGKILL)
    with start_party("print_shop", folder, "--carrier", NOBODY) as second:
        assert public_key_of(folder) == public
        assert len(second.events()) == 1
        assert "佐藤" in second.page("/")
        assert second.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    "path", ["/nowhere", f"{PIECE}/paper.pdf", "/pieces/../shop.key", f"{PIECE}/shop.key"]
)
def test_an_address_that_leads_nowhere_gives_404(shop: Party, path: str) -> None:
    with pytest.raises(HTTPError) as lost:
        shop.page(path)
    with lost.value:
        assert lost.value.status == 404
