"""The console: the city's staff at it, and others who try the door."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.intake import delivery
from mypost.intake.models import Chunk, Consignment
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW, make_account
from tests.entrypoints.signed_in import confirmed_again, signed_in_by_passkey
from tests.pdf_makers import blank
from tests.scanner import scanner, scanners

__all__ = ["scanner", "scanners"]  # fixtures

GOOD_PDF = blank(2)
BAD_PDF = b"no paper at all"


def pdf(name: str = "notice.pdf", content: bytes = GOOD_PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def csv(text: str, name: str = "letters.csv", encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(encoding), content_type="text/csv")


@dataclass
class Person:
    """Somebody who is signed in at the console, by passkey, and has confirmed it just now."""

    account: Account
    http: Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = confirmed_again(signed_in_by_passkey(self.account), self.account)

    def get(self, path: str, status: int = 200, **asked: Any) -> str:
        """The text of a page that must answer so."""
        answer = self.http.get(path, asked)
        assert answer.status_code == status, path
        return text_of(answer)

    def post(self, path: str, **posted: Any) -> Any:
        return self.http.post(path, posted)

    def posted(self, path: str, status: int = 302, **posted: Any) -> str:
        """What a form answers that must answer so: the address it leads to, or the page's text."""
        answer = self.post(path, **posted)
        assert answer.status_code == status, path
        return str(answer["Location"]) if status == 302 else text_of(answer)


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    text: str = content.decode()
    return text


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.sender"
    settings.DOOR = "sender"


@pytest.fixture
def console(clerk: Staff) -> Person:
    """The city's administrator."""
    return Person(clerk.account)


@pytest.fixture
def other_console(power_clerk: Staff) -> Person:
    """The stranger: another sender's administrator."""
    return Person(power_clerk.account)


@pytest.fixture
def plain_console(city: Sender) -> Person:
    """Somebody who composes and sends for the city, and is no administrator."""
    account = make_account("plain@example.jp", "市の係")
    senders.add_staff(city, account, Staff.Role.CLERK, at=NOW)
    return Person(account)


@pytest.fixture
def outsider(hanako: Member) -> Person:
    """A member, who is nobody's staff."""
    return Person(hanako.account)


@pytest.fixture
def draft(console: Person, chosen: Subscription) -> UUID:
    """A letter from the city to Hanako, written and not yet sent."""
    return write_letter(console, chosen.pseudonym)


def words(**other: Any) -> dict[str, Any]:
    """What a person types for a letter; any field may be given another value."""
    typed = {
        "subject": "防災訓練のお知らせ",
        "body": "## 日時\n\n12月1日の**9時**です。",
        "topic": "news",
        "language": "ja",
        "required_assurance": "0",
        "required_aal": "1",
        "reference": "BOSAI-1",
    }
    return {**typed, **other}


def write_letter(console: Person, *recipients: str, **other: Any) -> UUID:
    """Write a letter up to the check; return its consignment."""
    written = console.posted("/letters/new", **words(**other))
    draft_id = id_in(written)
    typed = "\n".join(recipients)
    console.posted(f"/letters/new/{draft_id}/recipients", recipients=typed, check="1")
    return draft_id


def id_in(address: str) -> UUID:
    found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", address)
    assert found, address
    return UUID(found.group())


Deliver = Callable[[UUID], Consignment]


@pytest.fixture
def deliver() -> Deliver:
    """Do the worker's night work on a consignment."""

    def work(consignment_id: UUID) -> Consignment:
        delivery.examine_consignment(consignment_id, at=LATER)
        for number in Chunk.objects.filter(consignment=consignment_id).values_list("number"):
            delivery.deliver_chunk(consignment_id, *number, at=LATER)
        return Consignment.objects.get(id=consignment_id)

    return work
