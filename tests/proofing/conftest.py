"""Members who asked for a passcode, and how far the post has come."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from pytest_django import Settings

from mypost.members import commands as members
from mypost.members.attributes import NewAttributes
from mypost.members.models import Member, Sex
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from tests.conftest import NOW
from tests.proofing.offices import RunningOffice, found, running_office

SHE_SAYS = NewAttributes(
    name="港　花子",
    kana="ミナト　ハナコ",
    postal_code="1050011",
    address="東京都港区芝公園４－２－８",
    building="みなとハイツ２０２",
    birth_date="1980-02-17",
    sex=Sex.FEMALE,
)
HE_SAYS = replace(SHE_SAYS, name="芝　次郎", kana="シバ　ジロウ", sex=Sex.MALE)
WRONG = "0000-0000-0000"


@dataclass(frozen=True)
class Asked:
    """A request whose code is on paper."""

    id: UUID
    code: str

    def now(self) -> PasscodeRequest:
        """Return the request as it is kept now."""
        return PasscodeRequest.objects.get(id=self.id)


def ask(member: Member, at: datetime = NOW) -> Asked:
    """Ask for a passcode, and let it be composed."""
    request = passcodes.request(member, at=at)
    return Asked(request.id, passcodes.issue(request.id, at=at))


def level(member: Member) -> int:
    member.refresh_from_db()
    return member.level


@pytest.fixture
def jiro(jiro: Member) -> Member:
    """Jiro has told us who he is."""
    members.declare(jiro, HE_SAYS, at=NOW)
    jiro.refresh_from_db()
    return jiro


@pytest.fixture
def asked(jiro: Member) -> Asked:
    """Jiro's code lies in the sealed mail piece."""
    return ask(jiro)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authorities of all card offices of this run."""
    folder = tmp_path_factory.mktemp("cards") / "office"
    found(folder)
    return folder


@pytest.fixture
def office(founded: Path, tmp_path: Path, settings: Settings) -> Iterator[RunningOffice]:
    """花子, 太郎 and 次郎 each have a card."""
    with running_office(founded, tmp_path / "office", settings) as running:
        yield running
