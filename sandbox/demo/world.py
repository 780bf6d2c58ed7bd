"""The nouns of the demo world: what `load` gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Category:
    """A subject of the monthly table, as on page 9 of the founding document."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Topic:
    """What a sender writes about; a member takes or declines each one."""

    key: str
    name: str
    name_en: str
    category: str
    verified_only: bool
    description: str
    description_en: str


@dataclass(frozen=True)
class Staff:
    """Somebody who signs in for a sender or for the operator."""

    name: str
    name_en: str
    email: str
    role: str


@dataclass(frozen=True)
class Sender:
    """A municipality or a company. Codes are well-formed and belong to nobody."""

    key: str
    kind: str
    name: str
    name_en: str
    kana: str
    municipality_code: str | None
    corporate_number: str
    verified_only: bool
    description: str
    description_en: str
    postal_code: str
    address: str
    address_en: str
    phone: str
    website: str
    colour: str
    mark: str
    topics: tuple[Topic, ...]
    staff: tuple[Staff, ...]


@dataclass(frozen=True)
class Member:
    """A person with a mailbox.

    level: assurance level, 0 to 3. birth_date: a day. choices: topics by sender, both by key.
    """

    key: str
    name: str
    kana: str
    name_en: str
    email: str
    language: str
    level: int
    birth_date: date
    sex: str
    postal_code: str
    address: str
    choices: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Document:
    """A paper to typeset: `typeset(template, data, at=…)` takes it as it is."""

    name: str
    template: str
    data: Mapping[str, object]


@dataclass(frozen=True)
class Letter:
    """One letter to one member. Days are days in Japan; sent_on is never after today."""

    reference: str
    sender: str
    topic: str
    member: str
    language: str
    subject: str
    safe_subject: str
    body: str
    sent_on: date
    due: date | None
    reply_by: date | None
    required_assurance: int
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class World:
    """Everything that the first start of a demo writes. Every demo login has one password."""

    password: str
    categories: tuple[Category, ...]
    senders: tuple[Sender, ...]
    members: tuple[Member, ...]
    operators: tuple[Staff, ...]
    letters: tuple[Letter, ...]

    def sender(self, key: str) -> Sender:
        """Return one sender by its key. Raises KeyError."""
        return {sender.key: sender for sender in self.senders}[key]

    def member(self, key: str) -> Member:
        """Return one member by key. Raises KeyError."""
        return {member.key: member for member in self.members}[key]
