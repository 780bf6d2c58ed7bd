"""API keys: shown once, kept as a hash, recognised as long as they are good."""

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest

from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import commitment, read_entry
from mypost.senders.commands import make_api_key, recognise_api_key, revoke_api_key
from mypost.senders.errors import ApiKeyNotFound, ApiKeyUnknown, NetworkInvalid
from mypost.senders.models import ApiKey, Scope, Sender, Staff
from tests.conftest import LATER, NOW

HERE = "192.0.2.1"


def make(staff: Staff, *, live: bool = True, **more: object) -> tuple[ApiKey, str]:
    scopes = [Scope.LETTERS_READ]
    return make_api_key(staff, name="k", live=live, scopes=scopes, at=NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("live", "start"), [(True, "mp_live_"), (False, "mp_test_")])
def test_a_key_says_what_it_is_for(clerk: Staff, live: bool, start: str) -> None:
    key, secret = make(clerk, live=live)
    assert secret.startswith(start)
    assert key.start == secret[:12]  # enough to recognise it, and 24 of its 256 bits
    assert len(secret) - len(start) == 43  # 256 bits


def test_what_is_kept_does_not_open_the_door(clerk: Staff) -> None:
    key, secret = make(clerk)
    kept = ApiKey.objects.values().get(id=key.id)
    assert secret not in str(kept)
    assert bytes(kept["digest"]) == hashlib.sha256(secret.encode()).digest()
    for found in (key.start, bytes(kept["digest"]).hex()):
        with pytest.raises(ApiKeyUnknown):
            recognise_api_key(found, address=HERE, at=NOW)


def test_a_key_is_recognised_with_its_sender(clerk: Staff, city: Sender) -> None:
    key, secret = make(clerk)
    assert recognise_api_key(secret, address=HERE, at=LATER) == key
    assert key.sender == city


def test_a_key_ends_when_it_was_told_to(clerk: Staff) -> None:
    _key, secret = make(clerk, expires_at=LATER)
    recognise_api_key(secret, address=HERE, at=LATER - timedelta(microseconds=1))
    with pytest.raises(ApiKeyUnknown):
        recognise_api_key(secret, address=HERE, at=LATER)


def test_a_revoked_key_ends_at_once_and_once(clerk: Staff, city: Sender) -> None:
    key, secret = make(clerk)
    for at in (NOW, LATER):
        revoke_api_key(city, key.id, at=at)
    with pytest.raises(ApiKeyUnknown):
        recognise_api_key(secret, address=HERE, at=NOW)
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert [line.event for line in Line.objects.filter(subject_id=key.id)] == ["ApiKeyChanged"] * 2


def test_a_stranger_cannot_revoke_it(clerk: Staff, power: Sender) -> None:
    key, secret = make(clerk)
    for found in (key.id, uuid4()):
        with pytest.raises(ApiKeyNotFound):
            revoke_api_key(power, found, at=NOW)
    assert recognise_api_key(secret, address=HERE, at=NOW) == key


@pytest.mark.parametrize(
    ("written", "kept"),
    [("192.0.2.7", "192.0.2.7/32"), (" 192.0.2.7/24 ", "192.0.2.0/24"), ("::1", "::1/128")],
)
def test_a_network_is_kept_in_one_form(clerk: Staff, written: str, kept: str) -> None:
    key, _secret = make(clerk, networks=[written])
    assert key.networks == [kept]


@pytest.mark.parametrize("written", ["", "here", "192.0.2.0/33", "192.0.2", "300.1.1.1"])
def test_what_is_no_network_is_refused(clerk: Staff, written: str) -> None:
    with pytest.raises(NetworkInvalid):
        make(clerk, networks=[written])
    assert not ApiKey.objects.exists()


# Source: RFC 4632 §3.1; RFC 4291 §2.5.5.2 for an IPv4 address on a listener for both protocols.
@pytest.mark.parametrize(
    ("networks", "address", "may"),
    [
        ([], "203.0.113.7", True),
        ([], "", True),  # no network was named: a socket without an address will do
        (["192.0.2.0/24"], "192.0.2.0", True),
        (["192.0.2.0/24"], "192.0.2.255", True),
        (["192.0.2.0/24"], "192.0.3.0", False),
        (["192.0.2.0/24"], "::ffff:192.0.2.7", True),
        (["192.0.2.0/24"], "::ffff:192.0.3.7", False),
        (["192.0.2.0/24"], "", False),
        (["198.51.100.1", "2001:db8::/32"], "2001:db8::1", True),
        (["198.51.100.1", "2001:db8::/32"], "198.51.100.1", True),
        (["198.51.100.1", "2001:db8::/32"], "198.51.100.2", False),
    ],
)
def test_a_key_is_good_from_its_networks_alone(
    clerk: Staff, networks: list[str], address: str, may: bool
) -> None:
    key, secret = make(clerk, networks=networks)
    if may:
        assert recognise_api_key(secret, address=address, at=NOW) == key
    else:
        with pytest.raises(ApiKeyUnknown):
            recognise_api_key(secret, address=address, at=NOW)


def test_a_key_is_kept_with_what_it_may_do_and_who_made_it(clerk: Staff, city: Sender) -> None:
    scopes = [Scope.LETTERS_WRITE, Scope.EVENTS_READ]
    key, secret = make_api_key(
        clerk, name="基幹系", live=False, scopes=scopes, at=NOW, expires_at=LATER
    )
    kept = ApiKey.objects.values().get(id=key.id)
    assert kept == {
        "id": key.id, "sender_id": city.id, "name": "基幹系", "live": False, "start": secret[:12],
        "digest": kept["digest"], "scopes": ["letters:write", "events:read"], "networks": [],
        "created_by_id": clerk.id, "created_at": NOW, "expires_at": LATER, "revoked_at": None,
    }  # fmt: skip


def test_making_and_revoking_are_evidence_in_the_senders_story(clerk: Staff, city: Sender) -> None:
    key, _secret = make(clerk)
    revoke_api_key(city, key.id, at=LATER)
    lines = Line.objects.filter(subject_id=key.id).order_by("seq")
    assert [(line.mailbox_id, line.at) for line in lines] == [(city.id, NOW), (city.id, LATER)]
    for line, act in zip(lines, ("made", "revoked"), strict=True):
        assert read_entry(line.entry.encode()).facts == {
            "act": commitment(bytes(line.salt), "act", act),
            "sender": commitment(bytes(line.salt), "sender", str(city.id)),
        }
