"""Recognising one person in two accounts, by keyed hashes: the attributes are not kept for it."""

import hmac
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from mypost.kernel.spellings import folded
from mypost.members.models import DeclaredAttributes, Member
from mypost.proofing.errors import CardNotYours, PersonKeyAbsent, SamePersonElsewhere
from mypost.proofing.models import PersonKey

ATTRIBUTES = "attributes"  # name, birth date and address together
PLATFORM = "platform"  # the platform's own id of a person
AUTH_APP = "auth_app"  # デジタル認証アプリ's subject


def hold(member: Member) -> None:
    """Let nobody else prove, merge or close this account until we commit.

    Raises CardNotYours for one that was closed or merged meanwhile.
    """
    held = Member.objects.select_for_update().get(id=member.id)
    if held.closed_at is not None or held.merged_into_id is not None:
        raise CardNotYours


@transaction.atomic
def claim(member: Member, keys: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Note by which keys a member is recognised. Doing it twice adds nothing.

    keys: (kind, value) as this module's constants and `attributes_key` name them.
    An account that is closed or merged gives its keys up. Raises SamePersonElsewhere when
    another open account holds one of them; then nothing is noted. Raises PersonKeyAbsent.
    """
    hashed = sorted((kind, _hash(kind, value)) for kind, value in keys)
    PersonKey.objects.bulk_create(
        [PersonKey(kind=kind, key=key, member=member, noted_at=at) for kind, key in hashed],
        ignore_conflicts=True,  # two accounts at once: the second waits here for the first
    )
    for kind, key in hashed:
        # Without a join: a row that gets another member while we wait for it would not be found.
        held = PersonKey.objects.select_for_update()
        _take(held.get(kind=kind, key=key), member, at=at)


def _take(held: PersonKey, member: Member, *, at: datetime) -> None:
    if held.member_id == member.id:
        return
    if held.member.closed_at is None and held.member.merged_into_id is None:
        raise SamePersonElsewhere
    PersonKey.objects.filter(kind=held.kind, key=held.key).update(member=member, noted_at=at)


def member_of(kind: str, value: str) -> Member | None:
    """Return who is recognised by a key, None when nobody open is. Raises PersonKeyAbsent."""
    holders = Member.objects.filter(closed_at=None, merged_into=None).select_related("account")
    held = PersonKey.objects.filter(kind=kind, key=_hash(kind, value)).first()
    return None if held is None else holders.filter(id=held.member_id).first()


def attributes_key(name: str, birth_date: str, address: str) -> tuple[str, str]:
    """Return the key of a person who has nothing but attributes.

    birth_date: ISO 8601. address: with the building. Spelling makes no difference. It is weaker
    than a platform's id: somebody who moves gets another one.
    """
    return ATTRIBUTES, "\n".join((folded(name), birth_date, folded(address)))


def declared_key(declared: DeclaredAttributes) -> tuple[str, str]:
    """Return the key of the person whom a declaration names."""
    address = declared.address + declared.building
    return attributes_key(declared.name, declared.birth_date, address)


def _hash(kind: str, value: str) -> str:
    if settings.PERSON_KEY_FILE is None:
        raise PersonKeyAbsent
    return hmac.digest(_key(settings.PERSON_KEY_FILE), f"{kind}\n{value}".encode(), "sha256").hex()


@cache
def _key(file: Path) -> bytes:
    key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    if len(key) != 32:
        raise ValueError(f"{file} must hold 32 bytes in hex.")
    return key
