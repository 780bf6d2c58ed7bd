"""Members at their own door, each with a browser that is signed in."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import new_id, now
from mypost.entrypoints.cli import messages
from mypost.evidence import commands as evidence
from mypost.evidence.models import Line
from mypost.intake.commands import HandedDocument
from mypost.letters import commands as letters
from mypost.letters.commands import NewLetter
from mypost.letters.models import Letter
from mypost.members import commands as members
from mypost.members.models import DeclaredAttributes, Member
from mypost.proofing.models import PasscodeRequest
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.models import MailboxKey
from sandbox.card_office.reader import Reader
from tests.conftest import LATER, NOW, SendLetter
from tests.entrypoints.member_web.attributes import DECLARED, FAR
from tests.entrypoints.member_web.card_use import DOOR
from tests.pdf_makers import by_hand
from tests.proofing.offices import RunningOffice, found, running_office

PDF = by_hand()


@pytest.fixture(autouse=True, scope="session")
def _translations() -> None:
    messages.compile_all()


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.member_web"
    settings.DOOR = "member_web"


def browser_of(account: Account, language: str = "ja") -> Client:
    """A browser in which somebody is signed in."""
    http = Client()
    http.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    http.cookies["mypost_language"] = language
    return http


@pytest.fixture
def hers(hanako: Member) -> Client:
    """Hanako's browser."""
    return browser_of(hanako.account)


@pytest.fixture
def in_english(hanako: Member) -> Client:
    """Hanako's browser, switched to English."""
    return browser_of(hanako.account, "en")


@pytest.fixture
def his(jiro: Member) -> Client:
    """The stranger's browser."""
    return browser_of(jiro.account)


@pytest.fixture
def nobodys(db: None) -> Client:
    """A browser in which nobody is signed in."""
    http = Client()
    http.cookies["mypost_language"] = "ja"
    return http


def page(http: Client, path: str, status: int = 200) -> str:
    """The text of a page."""
    return text_of(http.get(path), status)


class Answer(Protocol):
    """What a page needs to be read."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...


def text_of(answer: Answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def openings() -> int:
    return Line.objects.filter(event="ContentHandover").count()


Open = Callable[..., Letter]


@pytest.fixture
def opened(send_letter: SendLetter, hanako: Member) -> Open:
    """Send one letter to Hanako, and let her open it; fields as in send_letter."""

    def send_and_open(*documents: HandedDocument, **fields: object) -> Letter:
        item = send_letter(list(documents), **fields)
        assert not item.code, (item.code, item.place, item.detail)
        letters.hand_over(item.letter_id, reader=hanako, aal=1, at=LATER)
        return Letter.objects.get(id=item.letter_id)

    return send_and_open


def a_content(*, subject: str, body: str = "") -> EnvelopeContent:
    return EnvelopeContent(subject=subject, body=body, language="ja", reference="")


Deliver = Callable[..., list[Letter]]


@pytest.fixture
def deliver(hanako: Member, city: Sender, chosen: Subscription) -> Deliver:
    """Put contents into Hanako's mailbox past intake, which would have refused some of them."""
    key = MailboxKey.objects.get(mailbox_id=hanako.mailbox_id)

    def consign(*contents: EnvelopeContent) -> list[Letter]:
        new = [
            NewLetter(
                id=new_id(NOW), mailbox_id=hanako.mailbox_id, public_key=bytes(key.public_key),
                recipient=chosen.pseudonym, content=content, topic_id=None,
                required_assurance=0, required_aal=1, confidential=False, due=None,
            )
            for content in contents
        ]  # fmt: skip
        letters.consign(new, sender_id=city.id, consignment_id=uuid4(), batch_id=uuid4(), at=NOW)
        return list(Letter.objects.filter(id__in=[letter.id for letter in new]))

    return consign


@pytest.fixture
def with_document(opened: Open) -> Letter:
    """An opened letter with one PDF."""
    return opened(HandedDocument("納税通知書.pdf", PDF))


@pytest.fixture
def integrated() -> Callable[[], None]:
    """Take what is on record into the log."""

    def integrate() -> None:
        evidence.integrate(at=LATER)

    return integrate


@pytest.fixture
def as_the_door() -> Callable[[], None]:
    """From here on be the role that this door is in production, and no more."""

    def become() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE mypost_member_web")

    return become


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authorities of all card offices of this run."""
    folder = tmp_path_factory.mktemp("cards-at-the-door") / "office"
    found(folder)
    return folder


@pytest.fixture
def office(founded: Path, tmp_path: Path, settings: Settings) -> Iterator[RunningOffice]:
    """花子, 太郎 and 次郎 each have a card, and a page that reads it."""
    key = tmp_path / "person.key"
    key.write_text("5a" * 32, encoding="ascii")
    settings.PERSON_KEY_FILE = key
    with running_office(founded, tmp_path / "office", settings) as running:
        running.web.reader = Reader(running.office, frozenset({DOOR}))
        settings.CARD_CLIENT_URL = f"http://127.0.0.1:{running.web.server_port}"
        yield running


@pytest.fixture
def known(city: Sender) -> Sender:
    """The city, with all that may be told of a sender."""
    Sender.objects.filter(id=city.id).update(
        name_en="Minato City", description="くらしの手紙", description_en="Letters of daily life",
        website="https://city.example.jp/", support="03-0000-0000",
    )  # fmt: skip
    city.topics.filter(slug="tax").update(name="税", name_en="Taxes", category="tax")
    city.refresh_from_db()
    return city


def in_days(days: int) -> str:
    return (localdate() + timedelta(days=days)).isoformat()


def letter_of(send_letter: SendLetter, **fields: object) -> Letter:
    return Letter.objects.get(id=send_letter(**fields).letter_id)


@pytest.fixture
def told(jiro: Member) -> Member:
    """Jiro has told us who he is."""
    members.declare(jiro, DECLARED, at=NOW)
    jiro.refresh_from_db()
    return jiro


def letter_with_a_passcode(member: Member, state: str, **facts: object) -> PasscodeRequest:
    declared = DeclaredAttributes.objects.filter(member=member).latest("declared_at")
    written_so: dict[str, object] = {"requested_at": now(), "expires_at": FAR, **facts}
    return PasscodeRequest.objects.create(
        id=new_id(now()), member=member, addressed_to=declared, state=state, **written_so
    )
