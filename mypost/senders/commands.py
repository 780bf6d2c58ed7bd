"""What may be done with senders: their contract's steps, topics, staff and API keys."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from mypost.accounts.models import Account
from mypost.common.clock import new_id
from mypost.evidence import commands as evidence
from mypost.kernel.evidence_entry import Event
from mypost.senders.errors import (
    ApiKeyNotFound,
    ApiKeyUnknown,
    ContractStepForbidden,
    NetworkInvalid,
    SenderNotFound,
    TopicNotFound,
)
from mypost.senders.models import ApiKey, ContractChange, Scope, Sender, Staff, Topic

State = Sender.ContractState
STEPS = {
    State.APPLIED: {State.ACTIVE, State.ENDED},
    State.ACTIVE: {State.SUSPENDED, State.ENDED},
    State.SUSPENDED: {State.ACTIVE, State.ENDED},
    State.ENDED: set[State](),
}


@transaction.atomic
def apply_for_contract(sender: Sender, *, at: datetime) -> Sender:
    """Take in a new sender; nobody sees it until its contract is active.

    Raises ValidationError when the code's check digit is wrong or the code is taken.
    """
    sender.id, sender.applied_at = new_id(at), at
    sender.contract_state, sender.contract_since = State.APPLIED, None
    sender.full_clean()
    sender.save(force_insert=True)
    _note_contract(sender, reason="applied", at=at)
    return sender


@transaction.atomic
def move_contract(
    sender_id: UUID,
    state: Sender.ContractState,
    *,
    reason: str,
    at: datetime,
    changed_by: Account | None = None,
) -> Sender:
    """Take one step of a contract, with the reason on record, and as evidence.

    Raises SenderNotFound, ContractStepForbidden.
    """
    sender = Sender.objects.select_for_update().filter(id=sender_id).first()
    if sender is None:
        raise SenderNotFound
    if state not in STEPS[State(sender.contract_state)]:
        raise ContractStepForbidden
    sender.contract_state = state
    sender.contract_since = sender.contract_since or localdate(at)
    sender.save(update_fields=["contract_state", "contract_since"])
    _note_contract(sender, reason=reason, at=at, changed_by=changed_by)
    return sender


def _note_contract(
    sender: Sender, *, reason: str, at: datetime, changed_by: Account | None = None
) -> None:
    ContractChange.objects.create(
        id=new_id(at), sender=sender, state=sender.contract_state, reason=reason,
        changed_by=changed_by, at=at,
    )  # fmt: skip
    evidence.record(
        Event.SENDER_CONTRACT_CHANGED,
        subject_id=sender.id,
        at=at,
        facts={"state": sender.contract_state, "reason": reason},
    )


def add_topic(topic: Topic, *, at: datetime) -> Topic:
    """Give a sender one more thing to write about. Raises ValidationError."""
    topic.id = new_id(at)
    topic.full_clean()
    topic.save(force_insert=True)
    return topic


def change_topic(sender: Sender, topic_id: UUID, **facts: object) -> Topic:
    """Give a topic another name, category or demand; its slug stays, programs know it.

    facts: name, name_en, category, required_assurance. Raises TopicNotFound, ValidationError.
    """
    topic = Topic.objects.filter(sender=sender, id=topic_id).first()
    if topic is None:
        raise TopicNotFound
    for name, value in facts.items():
        setattr(topic, name, value)
    topic.full_clean()
    topic.save(update_fields=list(facts))
    return topic


def add_staff(sender: Sender, account: Account, role: Staff.Role, *, at: datetime) -> Staff:
    """Let a person work for a sender."""
    return Staff.objects.create(id=new_id(at), sender=sender, account=account, role=role)


@transaction.atomic
def make_api_key(
    staff: Staff,
    *,
    name: str,
    live: bool,
    scopes: Sequence[Scope],
    networks: Sequence[str] = (),
    at: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its secret, which is never shown again.

    networks: addresses or CIDR networks that may use it; none = all. Raises NetworkInvalid.
    """
    secret = f"mp_{'live' if live else 'test'}_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        id=new_id(at), sender_id=staff.sender_id, name=name, live=live, start=secret[:12],
        digest=_digest(secret), scopes=list(scopes), networks=[_network(n) for n in networks],
        created_by=staff, created_at=at, expires_at=expires_at,
    )  # fmt: skip
    _record_key(key, act="made", at=at)
    return key, secret


@transaction.atomic
def revoke_api_key(sender: Sender, key_id: UUID, *, at: datetime) -> None:
    """End a key at once; ending it twice is the same as once. Raises ApiKeyNotFound."""
    key = ApiKey.objects.select_for_update().filter(sender=sender, id=key_id).first()
    if key is None:
        raise ApiKeyNotFound
    if key.revoked_at is None:
        key.revoked_at = at
        key.save(update_fields=["revoked_at"])
        _record_key(key, act="revoked", at=at)


def recognise_api_key(secret: str, *, address: str, at: datetime) -> ApiKey:
    """Return the key of a request. Raises ApiKeyUnknown, one answer for every reason."""
    key = ApiKey.objects.select_related("sender").filter(digest=_digest(secret)).first()
    if key is None or not key.is_usable(at=at) or not _may_come_from(key, address):
        raise ApiKeyUnknown
    return key


def _record_key(key: ApiKey, *, act: str, at: datetime) -> None:
    evidence.record(
        Event.API_KEY_CHANGED,
        subject_id=key.id,
        mailbox_id=key.sender_id,
        at=at,
        facts={"act": act, "sender": str(key.sender_id)},
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError:
        raise NetworkInvalid from None


def _may_come_from(key: ApiKey, address: str) -> bool:
    if not key.networks:
        return True
    try:
        come_from = ipaddress.ip_address(address)
    except ValueError:  # a socket without an address
        return False
    # One listener for both protocols sees IPv4 as ::ffff:192.0.2.1.
    come_from = getattr(come_from, "ipv4_mapped", None) or come_from
    return any(come_from in ipaddress.ip_network(network) for network in key.networks)
