"""The cast, and the ground they stand on: a real PostgreSQL, real keys, a store of their own.

花子 Hanako is a verified member, 太郎 Taro a verified one too, 次郎 Jiro the stranger who must see
nothing. The city and the power company are senders.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import TransactionTestCase
from django.test.signals import root_urlconf_changed, setting_changed
from django.utils import translation
from pytest_django import DjangoDbBlocker, Settings

from mypost.accounts.models import Account
from mypost.intake import commands as intake
from mypost.intake.commands import HandedDocument, Origin
from mypost.intake.drafts import read_draft
from mypost.intake.models import Item
from mypost.kernel import passcodes as kernel_passcodes
from mypost.letters.models import Letter
from mypost.members import commands as members
from mypost.members.models import AssuranceLevel, Member
from mypost.operators import commands as operators
from mypost.operators.models import Operator
from mypost.proofing import merging
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff, Topic
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests import databases
from tests.emptying import empty_tables
from tests.memory import Memory

# The resolver of each door is kept by its name: building it anew for every test costs 15 ms.
setting_changed.disconnect(root_urlconf_changed)
TransactionTestCase._fixture_teardown = empty_tables  # type: ignore[attr-defined]

# A run tries the same few examples each time, a night many new ones: MYPOST_TEST_LONG=1.
LONG = os.environ.get("MYPOST_TEST_LONG") == "1"
hypothesis.settings.register_profile("run", max_examples=30, deadline=None, derandomize=True)
hypothesis.settings.register_profile("night", max_examples=1_000, deadline=None)
hypothesis.settings.load_profile("night" if LONG else "run")

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PASSWORD = "a-quiet-morning-by-the-sea"


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Give this process a database of its own, as `mypost migrate` leaves one."""
    with django_db_blocker.unblock():
        name = databases.own_database()
    yield
    with django_db_blocker.unblock():
        databases.give_back(name)


@pytest.fixture(scope="session")
def memory() -> Memory:
    return Memory()


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hash costs in earnest is the subject of tests/kernel/test_passcodes.py alone."""
    monkeypatch.setattr(kernel_passcodes, "COST", 2)
    monkeypatch.setattr(merging, "_COST", 2)


@pytest.fixture(autouse=True)
def _forgetful(memory: Memory) -> Iterator[None]:
    """No test meets what an earlier one made this process remember."""
    yield
    memory.forget()
    translation.deactivate()


@pytest.fixture(autouse=True)
def _own_ground(settings: Settings, tmp_path: Path) -> None:
    settings.STORE_FOLDER = tmp_path / "store"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert django_settings.TEST_MODE


def make_account(email: str, name: str, language: str = "ja") -> Account:
    account = Account.objects.create_user(email, PASSWORD, name=name, language=language)
    EmailAddress.objects.create(user=account, email=email, primary=True, verified=True)
    return account


def make_member(email: str, name: str, level: int) -> Member:
    member = members.open_mailbox(make_account(email, name), at=NOW)
    if level:
        level_is = AssuranceLevel(level)
        members.set_level(member.id, level_is, source="operator", reason="test", at=NOW)
        member.level = level
    return member


def make_sender(name: str, code: str, kind: Sender.Kind) -> Sender:
    sender = senders.apply_for_contract(Sender(name=name, code=code, kind=kind), at=NOW)
    return senders.move_contract(sender.id, Sender.ContractState.ACTIVE, reason="test", at=NOW)


@pytest.fixture
def hanako(db: None) -> Member:
    return make_member("hanako@example.jp", "花子", 3)


@pytest.fixture
def taro(db: None) -> Member:
    return make_member("taro@example.jp", "太郎", 2)


@pytest.fixture
def jiro(db: None) -> Member:
    """The stranger: a member who has nothing to do with the letter at hand."""
    return make_member("jiro@example.jp", "次郎", 0)


@pytest.fixture
def city(db: None) -> Sender:
    city = make_sender("みなと市", "072991", Sender.Kind.MUNICIPALITY)
    for slug, level in (("news", 0), ("tax", 2)):
        topic = Topic(
            sender=city, slug=slug, name=slug, category="living", required_assurance=level
        )
        senders.add_topic(topic, at=NOW)
    return city


@pytest.fixture
def power(db: None) -> Sender:
    """Another sender: the stranger among senders."""
    return make_sender("しおかぜ電力", "2380001999001", Sender.Kind.COMPANY)


@pytest.fixture
def clerk(city: Sender) -> Staff:
    """Works for the city, as its administrator."""
    account = make_account("clerk@example.jp", "市の職員")
    return senders.add_staff(city, account, Staff.Role.ADMINISTRATOR, at=NOW)


@pytest.fixture
def power_clerk(power: Sender) -> Staff:
    """Works for the other sender."""
    account = make_account("power-clerk@example.jp", "電力の社員")
    return senders.add_staff(power, account, Staff.Role.ADMINISTRATOR, at=NOW)


@pytest.fixture
def operator(db: None) -> Operator:
    return operators.add_operator(make_account("operator@example.jp", "運営"), at=NOW)


@pytest.fixture
def chosen(hanako: Member, city: Sender) -> Subscription:
    """Hanako has chosen the city."""
    return subscriptions.choose(hanako, city.id, at=NOW)


SendLetter = Callable[..., Item]


@pytest.fixture
def send_letter(city: Sender, clerk: Staff, chosen: Subscription) -> SendLetter:
    """Send one letter from the city to Hanako; any field may be given another value."""

    def send(
        documents: Sequence[HandedDocument] = (), *, live: bool = True, **fields: object
    ) -> Item:
        written: dict[str, object] = {
            "recipient": chosen.pseudonym,
            "reference": "R-1",
            "subject": "国民健康保険税のお知らせ",
            "body": "納期限は11月30日です。",
            "documents": [document.name for document in documents],
        }
        origin = Origin(city, live=live, staff=clerk)
        reading = read_draft({**written, **fields})
        return intake.submit_letter(origin, reading, documents, at=NOW)

    return send


@pytest.fixture
def letter(send_letter: SendLetter) -> Letter:
    """One letter from the city, unopened in Hanako's mailbox."""
    return Letter.objects.get(id=send_letter().letter_id)
