"""A print shop and a carrier of one test, over real sockets, and members who ask for paper."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.members import commands as members
from mypost.members.attributes import NewAttributes
from mypost.members.models import Member, Sex
from mypost.printing import outside as ways_outside
from mypost.printing.models import MailPiece
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from sandbox.carrier.http import CarrierWeb
from sandbox.paper.http import PaperWeb
from sandbox.paper.troubles import Trouble
from sandbox.print_shop.carrying import give_all
from sandbox.print_shop.http import PrintShopWeb
from sandbox.print_shop.key import public_key_of
from tests.conftest import NOW, make_member

TODAY = now()  # the parties' clocks are the machine's
HANAKO_LIVES = NewAttributes(
    name="渡邉\U000e0101　花子",
    kana="ワタナベ　ハナコ",
    postal_code="1050011",
    address="東京都港区芝公園四丁目２番８号",
    building="みなとハイツ２０２",
    birth_date="1980-02-17",
    sex=Sex.FEMALE,
)
TARO_LIVES = replace(HANAKO_LIVES, name="山田　太郎", kana="ヤマダ　タロウ", sex=Sex.MALE)


@dataclass
class Outside:
    """The two parties, and what people do at them."""

    shop: PrintShopWeb
    carrier: CarrierWeb

    def carry(self) -> None:
        """The print shop gives what it has printed to the carrier."""
        give_all(self.shop.press, address(self.carrier), self.carrier.token)

    def trouble(self, trouble: Trouble) -> None:
        """Both are no help, in one way."""
        self.shop.switch.turn(trouble)
        self.carrier.switch.turn(trouble)

    @contextmanager
    def in_trouble(self, trouble: Trouble) -> Iterator[None]:
        """Let them be no help for a while. Only what is slow finds us impatient."""
        self.trouble(trouble)
        with pytest.MonkeyPatch.context() as patch:
            if trouble == Trouble.SLOW:
                patch.setattr(ways_outside, "PATIENCE", 0.3)
            yield
        self.trouble(Trouble.NONE)


def address(web: PaperWeb) -> str:
    return f"http://127.0.0.1:{web.server_port}"


@contextmanager
def serving(web: PaperWeb) -> Iterator[None]:
    with web:
        thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield
        finally:
            web.shutdown()
            thread.join()


@pytest.fixture
def outside(tmp_path: Path, settings: Settings) -> Iterator[Outside]:
    folder = tmp_path / "shop"
    shop = PrintShopWeb(0, token="shop-token", folder=folder)
    carrier = CarrierWeb(0, token="carrier-token", folder=tmp_path / "carrier")
    settings.PRINT_SHOP_URL, settings.PRINT_SHOP_TOKEN = address(shop), shop.token
    settings.CARRIER_URL, settings.CARRIER_TOKEN = address(carrier), carrier.token
    settings.PRINT_SHOP_PUBLIC_KEY = public_key_of(folder)
    with serving(shop), serving(carrier):
        yield Outside(shop, carrier)


@pytest.fixture
def hanako(db: None) -> Member:
    """She has told us where she lives, and nobody has proved it yet."""
    return declared(make_member("hanako@example.jp", "花子", 0), HANAKO_LIVES)


@pytest.fixture
def taro(db: None) -> Member:
    return declared(make_member("taro@example.jp", "太郎", 0), TARO_LIVES)


def declared(member: Member, attributes: NewAttributes) -> Member:
    members.declare(member, attributes, at=NOW)
    member.refresh_from_db()
    return member


@pytest.fixture
def asked(hanako: Member) -> PasscodeRequest:
    """Hanako has asked for a passcode by post."""
    return passcodes.request(hanako, at=NOW)


def piece_of(asked: PasscodeRequest) -> MailPiece:
    return MailPiece.objects.get(subject_id=asked.id)
