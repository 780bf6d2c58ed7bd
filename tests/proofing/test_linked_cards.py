"""Which row of the table a certificate stands in, and whose story each answer is part of."""

from datetime import timedelta

import pytest

from mypost.common.clock import new_id, now
from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.proofing import queries
from mypost.proofing.errors import CardNotYours, CardStopped, CardUnknown
from mypost.proofing.models import CardChallenge, LinkedCard
from mypost.verification.models import RecordedVerdict
from tests.proofing.offices import RunningOffice
from tests.proofing.test_cards import link, prove, sign_in, step_up
from tests.told import commits_to


def stories() -> list[tuple[str, str]]:
    """Of each answer its purpose and whose story it is part of, the first one first."""
    names = {member.mailbox_id: member.account.name for member in Member.objects.all()}
    asked = dict(CardChallenge.objects.values_list("id", "purpose"))
    rows = RecordedVerdict.objects.order_by("recorded_at")
    return [(asked[row.subject_id], names.get(row.mailbox_id, "nobody")) for row in rows]


def test_each_answer_is_part_of_the_story_of_who_gave_it(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    link(office, hanako, "hanako")
    sign_in(office, "hanako")
    with pytest.raises(CardNotYours):
        step_up(office, jiro, "hanako")
    with pytest.raises(CardUnknown):
        sign_in(office, "taro")
    assert stories() == [
        ("link", "花子"), ("sign_in", "花子"), ("step_up", "次郎"), ("sign_in", "nobody"),
    ]  # fmt: skip


def test_each_certificate_that_is_linked_is_evidence(office: RunningOffice, hanako: Member) -> None:
    prove(office, hanako, "hanako")
    card = link(office, hanako, "hanako")
    lines = Line.objects.filter(event="CardLinked").order_by("at")
    assert {(line.subject_id, line.mailbox_id) for line in lines} == {(card.id, hanako.mailbox_id)}
    for line, kind in zip(lines, ("sign", "auth"), strict=True):
        assert commits_to(line, certificate=kind, serial=getattr(card, f"{kind}_serial"))


def test_what_is_kept_of_a_certificate_is_enough_to_ask_after_it(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    card = link(office, hanako, "hanako")
    for half, place in (("sign", "signature"), ("auth", "authentication")):
        assert len(getattr(card, f"{half}_issuer")) == 40  # SHA-1 of the authority's key, in hex
        assert "Minato-shi" in getattr(card, f"{half}_crl_point"), place
        assert getattr(card, f"{half}_expires_at") > now() + timedelta(days=4 * 365)
    assert card.sign_issuer != card.auth_issuer
    assert now() - timedelta(minutes=1) < card.linked_at == card.checked_at <= now()


def test_a_card_finds_its_place_among_its_holders_own(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    """Hers has room for a certificate for signing in; his is another card."""
    hers, his = prove(office, hanako, "hanako"), link(office, jiro, "jiro")
    assert his.id != hers.id
    assert his.member_id == jiro.id
    hers.refresh_from_db()
    assert hers.auth_serial == ""


def test_a_linked_card_that_is_stopped_does_not_make_a_session_stronger(
    office: RunningOffice, hanako: Member
) -> None:
    link(office, hanako, "hanako")
    LinkedCard.objects.update(auth_stopped_at=now(), auth_stop_reason="loss")
    with pytest.raises(CardStopped):
        step_up(office, hanako, "hanako")


def test_a_proof_asks_after_the_certificate_for_signing_in_too(
    office: RunningOffice, hanako: Member
) -> None:
    prove(office, hanako, "hanako")
    card = link(office, hanako, "hanako")
    office.revoke("hanako", "auth", "affiliation_changed")
    prove(office, hanako, "hanako")
    card.refresh_from_db()
    assert (card.sign_stop_reason, card.auth_stop_reason) == ("", "affiliation_changed")


def test_linked_on_the_new_card_it_leaves_the_one_that_was_replaced(
    office: RunningOffice, hanako: Member
) -> None:
    """While the new card proved itself, nobody could say whether the other certificate is good."""
    prove(office, hanako, "hanako")
    old = link(office, hanako, "hanako")
    office.office.move("hanako", "福島県風見市丘の上１番", "風見市", at=now())
    office.office.issue("hanako", at=now())
    new = prove(office, hanako, "hanako")
    kept = {name: getattr(new, f"auth_{name}") for name in ("issuer", "serial", "crl_point")}
    LinkedCard.objects.filter(id=new.id).update(auth_serial="")
    back = {f"auth_{name}": value for name, value in kept.items()}
    LinkedCard.objects.filter(id=old.id).update(auth_expires_at=new.auth_expires_at, **back)
    assert link(office, hanako, "hanako").id == new.id
    old.refresh_from_db()
    assert (old.auth_serial, old.auth_expires_at, old.replaced_by_id) == ("", None, new.id)


def test_a_proof_replaces_cards_that_proved_and_no_others(
    office: RunningOffice, hanako: Member, taro: Member
) -> None:
    his = prove(office, taro, "taro")
    signs_in_only = link(office, hanako, "hanako")
    office.office.renew("hanako", at=now())
    signs_in_now = link(office, hanako, "hanako")
    assert signs_in_now.id != signs_in_only.id
    assert prove(office, hanako, "hanako").id == signs_in_now.id
    for other in (signs_in_only, his):
        other.refresh_from_db()
        assert (other.replaced_by_id, other.auth_stopped_at, other.sign_stopped_at) == (None,) * 3


def test_a_card_proves_itself_again_after_another_took_its_place(
    office: RunningOffice, hanako: Member
) -> None:
    first = prove(office, hanako, "hanako")
    LinkedCard.objects.update(replaced_by=first, sign_stopped_at=now(), sign_stop_reason="loss")
    again = prove(office, hanako, "hanako")
    again.refresh_from_db()
    assert (again.id, again.replaced_by_id) == (first.id, None)
    assert (again.sign_stopped_at, again.sign_stop_reason) == (None, "")


def test_an_account_that_was_closed_meanwhile_links_no_card(
    office: RunningOffice, hanako: Member
) -> None:
    Member.objects.filter(id=hanako.id).update(closing_at=now(), closed_at=now())
    with pytest.raises(CardNotYours):
        link(office, hanako, "hanako")
    assert not LinkedCard.objects.exists()


# What may be asked


def test_the_newest_card_comes_first_and_the_replaced_ones_last(taro: Member) -> None:
    def card(name: str, *, days: int, replaced_by: LinkedCard | None = None) -> LinkedCard:
        at = now() - timedelta(days=days)
        return LinkedCard.objects.create(
            id=new_id(at), member=taro, auth_serial=name, linked_at=at, checked_at=at,
            replaced_by=replaced_by,
        )  # fmt: skip

    old, new = card("old", days=9), card("new", days=5)
    card("replaced", days=1, replaced_by=new)
    assert [one.auth_serial for one in queries.cards_of(taro)] == ["new", "old", "replaced"]
    assert old.member == taro


def test_who_signs_in_with_a_card_has_one_that_counts(
    office: RunningOffice, hanako: Member, jiro: Member
) -> None:
    prove(office, hanako, "hanako")
    assert not queries.signs_in_with_card(hanako)
    link(office, hanako, "hanako")
    assert queries.signs_in_with_card(hanako)
    assert not queries.signs_in_with_card(jiro)
    LinkedCard.objects.update(auth_stopped_at=now(), auth_stop_reason="loss")
    assert not queries.signs_in_with_card(hanako)
