"""Write the demo world into an empty installation, through the rooms' own commands."""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import django
from django.db import transaction

if __name__ == "__main__":
    django.setup()

from allauth.account.models import EmailAddress

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.entrypoints.cli import operations
from mypost.members import commands as members
from mypost.members.models import VERIFIED, Member
from mypost.operators import commands as operators
from mypost.senders import commands as senders
from mypost.senders.models import Sender, Staff, Topic
from mypost.subscriptions import commands as subscriptions
from sandbox import demo
from sandbox.demo.proving import prove
from sandbox.demo.sending import Sending, is_newsletter
from sandbox.demo.world import World

JOINED = timedelta(days=120)  # the world began this long ago


class Seeder:
    """Knows whom it has made, by the keys of the demo's data."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world = world
        self.at = at
        self.senders: dict[str, Sender] = {}
        self.staff: dict[str, Staff] = {}
        self.members: dict[str, Member] = {}

    @transaction.atomic
    def seed(self) -> None:
        """Write everything, or nothing at all."""
        self._seed_senders()
        self._seed_members()
        self._seed_operators()
        sending = Sending(self.senders, self.staff, self.members, self.at)
        for letter in self.world.letters:
            if not is_newsletter(letter):
                sending.send(letter)
        sending.send_together([one for one in self.world.letters if is_newsletter(one)])

    def _account(self, email: str, name: str, language: str = "ja") -> Account:
        account = Account.objects.create_user(
            email, self.world.password, name=name, language=language
        )
        EmailAddress.objects.create(user=account, email=email, primary=True, verified=True)
        return account

    def _seed_senders(self) -> None:
        began = self.at - JOINED
        for told in self.world.senders:
            sender = Sender(
                kind=told.kind, code=told.municipality_code or told.corporate_number,
                name=told.name, name_en=told.name_en, description=told.description,
                description_en=told.description_en, website=told.website, support=told.phone,
                required_assurance=VERIFIED if told.verified_only else 0,
            )  # fmt: skip
            senders.apply_for_contract(sender, at=began)
            state = Sender.ContractState.ACTIVE
            self.senders[told.key] = senders.move_contract(
                sender.id, state, reason="demo", at=began
            )
            for topic in told.topics:
                self._add_topic(sender, topic, at=began)
            for person in told.staff:
                self._add_staff(told.key, person, at=began)
        self._seed_applicant()

    def _add_topic(self, sender: Sender, told: demo.Topic, *, at: datetime) -> None:
        level = VERIFIED if told.verified_only else 0
        topic = Topic(
            sender=sender, slug=told.key, name=told.name, name_en=told.name_en,
            category=told.category, required_assurance=level,
        )  # fmt: skip
        senders.add_topic(topic, at=at)

    def _add_staff(self, sender_key: str, told: demo.Staff, *, at: datetime) -> None:
        is_administrator = told.role == "administrator"
        role = Staff.Role.ADMINISTRATOR if is_administrator else Staff.Role.CLERK
        account = self._account(told.email, told.name)
        staff = senders.add_staff(self.senders[sender_key], account, role, at=at)
        self.staff.setdefault(sender_key, staff)

    def _seed_applicant(self) -> None:
        """One sender waits for the operator's approval."""
        applicant = Sender(
            kind=Sender.Kind.COMPANY, code="9380001999003", name="みどりガス株式会社",
            name_en="Midori Gas Co., Ltd.",
            description="みなと市とその周辺に都市ガスをお届けしています。",
            description_en="Town gas for Minato City and around.",
            website="https://gas.example.jp/", support="0299-00-0300",
        )  # fmt: skip
        senders.apply_for_contract(applicant, at=self.at - timedelta(days=2))
        topic = Topic(
            sender=applicant, slug="bills", name="ガス料金のお知らせ", name_en="Gas bills",
            category="infrastructure",
        )  # fmt: skip
        senders.add_topic(topic, at=self.at - timedelta(days=2))

    def _seed_members(self) -> None:
        for told in self.world.members:
            began = self.at - JOINED
            account = self._account(told.email, told.name, told.language)
            member = members.open_mailbox(account, at=began)
            member = prove(member, told, joined_at=began, at=self.at)
            self.members[told.key] = member
            for sender_key, topics in told.choices.items():
                self._choose(member, sender_key, topics, at=began)

    def _choose(
        self, member: Member, sender_key: str, topics: Sequence[str], *, at: datetime
    ) -> None:
        sender = self.senders[sender_key]
        subscriptions.choose(member, sender.id, at=at)
        declined = Topic.objects.filter(sender=sender).exclude(slug__in=topics)
        declined_ids = list(declined.values_list("id", flat=True))
        subscriptions.decline_topics(member, sender.id, declined_ids)

    def _seed_operators(self) -> None:
        for told in self.world.operators:
            account = self._account(told.email, told.name)
            operators.add_operator(account, at=self.at - JOINED)


def main() -> int:
    """Bring the database up to date, and seed when nobody is there yet."""
    operations.migrate()
    if not Account.objects.exists():
        at = now()
        Seeder(demo.load(at.date()), at).seed()
    return 0


if __name__ == "__main__":
    sys.exit(main())
