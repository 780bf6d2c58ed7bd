"""Lists are kept while they may be relied on: not longer than they say, than a day, than told."""

from datetime import timedelta
from hashlib import sha256

import pytest
from pytest_django import Settings

from mypost.common.clock import now
from mypost.verification.sources import lists
from mypost.verification.verdicts import Outcome
from sandbox.card_office.card import CardFile
from sandbox.card_office.roots import crl_name
from tests.kernel.jpki.office import HANAKO, JIRO, KIYOSE
from tests.verification.conftest import CardOffice, prove
from tests.verification.publisher import Publisher

KIYOSE_LIST = crl_name("sign", KIYOSE.prefecture, KIYOSE.city)


@pytest.fixture
def publishing(trusting: CardOffice, publisher: Publisher, settings: Settings) -> Publisher:
    """Gives the office's lists with headers of the test's own, and counts who asks."""
    authority = trusting.authority

    def list_at(path: str) -> bytes:
        issuer, digest = path.removesuffix(".crl").split("/")[-2:]
        points = authority.revocations.crl_points(issuer)
        (point,) = [one for one in points if sha256(one.encode()).hexdigest() == digest]
        return authority.crl(issuer, point, now())

    publisher.answer = list_at
    settings.JPKI_REVOCATION, settings.JPKI_REVOCATION_URL = "crl", publisher.address
    return publisher


@pytest.fixture
def card(trusting: CardOffice) -> CardFile:
    return trusting.authority.issue(HANAKO, now() - timedelta(hours=2))


def test_a_list_is_fetched_once_for_all_of_its_municipality(
    publishing: Publisher, trusting: CardOffice
) -> None:
    for _ in range(3):
        assert prove(trusting.card().sign_certificate).outcome is Outcome.VALID
    assert len(publishing.asked) == 1


def test_another_municipality_and_the_other_authority_have_their_own(
    publishing: Publisher, trusting: CardOffice
) -> None:
    prove(trusting.card().sign_certificate)
    prove(trusting.authority.issue(JIRO, now()).sign_certificate)
    assert len(set(publishing.asked)) == 2


@pytest.mark.parametrize(
    ("cache_control", "after", "asked"),
    [
        pytest.param(None, timedelta(seconds=299), 1, id="unsaid: five minutes"),
        pytest.param(None, timedelta(seconds=300), 2, id="unsaid: no more than five minutes"),
        pytest.param("max-age=3600", timedelta(minutes=59), 1, id="an hour"),
        pytest.param("public, max-age=3600", timedelta(minutes=61), 2, id="an hour is over"),
        pytest.param("max-age=60, max-age=9999", timedelta(minutes=2), 2, id="the shorter word"),
        pytest.param("no-store", timedelta(0), 2, id="not at all"),
        pytest.param("no-cache, max-age=3600", timedelta(0), 2, id="not unasked"),
        # two seconds less than a day: a list writes its own beginning in whole seconds
        pytest.param("max-age=999999999", timedelta(seconds=86_398), 1, id="a day"),
        pytest.param("max-age=999999999", timedelta(hours=-1), 2, id="time that ran back"),
        pytest.param("max-age=soon", timedelta(minutes=4), 1, id="nonsense is no word"),
    ],
)
def test_it_is_kept_as_long_as_its_publisher_allows(
    publishing: Publisher, card: CardFile, cache_control: str | None, after: timedelta, asked: int
) -> None:
    publishing.headers = {"Cache-Control": cache_control} if cache_control else {}
    begin = now()
    prove(card.sign_certificate, begin)
    prove(card.sign_certificate, begin + after)
    assert len(publishing.asked) == asked


def test_no_list_is_kept_for_more_than_a_day_whatever_its_publisher_allows(
    publishing: Publisher, card: CardFile
) -> None:
    publishing.headers = {"Cache-Control": "max-age=999999999"}
    prove(card.sign_certificate)
    (kept,) = lists._kept.values()
    assert kept.until - kept.since == timedelta(days=1)


def test_a_list_is_never_kept_beyond_its_own_end(publishing: Publisher, card: CardFile) -> None:
    publishing.headers = {"Cache-Control": "max-age=999999999"}
    begin = now()
    assert prove(card.sign_certificate, begin).outcome is Outcome.VALID
    late = prove(card.sign_certificate, begin + timedelta(hours=25))
    assert late.reasons == ("revocation_unknown",)
    assert len(publishing.asked) == 2


def test_a_revocation_is_seen_as_soon_as_the_list_is_fetched_again(
    publishing: Publisher, card: CardFile, trusting: CardOffice
) -> None:
    begin = now()
    prove(card.sign_certificate, begin)
    trusting.revoke_sign(card, "key_compromise")
    later = prove(card.sign_certificate, begin + timedelta(minutes=6))
    assert later.reasons == ("certificate_revoked",)


def test_the_list_of_another_municipality_proves_nothing(
    publishing: Publisher, card: CardFile, trusting: CardOffice
) -> None:
    his = trusting.authority.issue(JIRO, now())
    point = prove(his.sign_certificate).certificate
    assert point is not None
    other = trusting.authority.crl(point.issuer_key_id, point.crl_point, now())
    publishing.answer = lambda path: other
    assert prove(card.sign_certificate).reasons == ("revocation_unknown",)


def test_the_list_of_another_generation_proves_nothing(
    publishing: Publisher, card: CardFile, trusting: CardOffice
) -> None:
    trusting.authority.issue(JIRO, now(), generation=2, crl_point=KIYOSE_LIST)
    key_id = trusting.authority.root("sign", 2).key_id
    elder = trusting.authority.crl(key_id, KIYOSE_LIST.rfc4514_string(), now())
    publishing.answer = lambda path: elder
    assert prove(card.sign_certificate).reasons == ("revocation_unknown",)


def test_no_more_lists_are_kept_than_there_is_room_for(
    publishing: Publisher, card: CardFile, trusting: CardOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_KEPT", 1)
    his = trusting.authority.issue(JIRO, now())
    for one in (card, his, card):
        assert prove(one.sign_certificate).outcome is Outcome.VALID
    assert len(publishing.asked) == 3


def test_the_list_that_was_fetched_longest_ago_goes_first(
    publishing: Publisher, card: CardFile, trusting: CardOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_KEPT", 2)
    begin = now()
    his = trusting.authority.issue(JIRO, begin - timedelta(hours=2))
    older = trusting.authority.issue(JIRO, begin - timedelta(days=500), generation=2)
    earlier = begin - timedelta(seconds=1)  # what was fetched at begin does not serve then
    for one, at, asked in (
        (card, begin, 1), (his, begin, 2), (his, earlier, 3), (card, begin, 3), (older, begin, 4),
        (his, begin, 4), (card, begin, 5),
    ):  # fmt: skip
        prove(one.sign_certificate, at)
        assert len(publishing.asked) == asked
