"""Members who asked for a passcode, and how far the post has come."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import pytest

from mypost.members import commands as members
from mypost.members.attributes import NewAttributes
from mypost.members.models import Member, Sex
from mypost.proofing import passcodes
from tests.conftest import NOW

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


@dataclass(frozen=True)
class Asked:
    """A request whose code is on paper."""

    id: UUID
    code: str


def ask(member: Member, at: datetime = NOW) -> Asked:
    """Ask for a passcode, and let it be composed."""
    request = passcodes.request(member, at=at)
    return Asked(request.id, passcodes.issue(request.id, at=at))


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
