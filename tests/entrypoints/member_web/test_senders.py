"""Choosing who may write: one tap to choose, one to leave, and the way back."""

import re
from uuid import uuid4

import pytest
from django.test import Client

from mypost.evidence.models import Line
from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW, make_sender
from tests.entrypoints.member_web.conftest import page, text_of


def counts(shown: str) -> list[int]:
    """What the three tabs say: chosen, selectable, needing verification."""
    return [int(n) for n in re.findall(r'class="tab__count">(\d+)<', shown)]


def choices() -> list[str]:
    lines = Line.objects.filter(event="SenderSelectionChanged")
    return [line.event for line in lines]


def chosen_by(member: Member) -> list[str]:
    mine = Subscription.objects.filter(mailbox_id=member.mailbox_id, ended_at=None)
    return list(mine.values_list("sender__name", flat=True))


def test_a_sender_stands_under_the_tab_of_its_state(
    hers: Client, hanako: Member, city: Sender, power: Sender, chosen: Subscription
) -> None:
    Member.objects.filter(id=hanako.id).update(level=1)
    Sender.objects.filter(id=power.id).update(required_assurance=2)
    make_sender("なぎさストア", "1380001999002", Sender.Kind.COMPANY)
    assert counts(page(hers, "/senders/")) == [1, 1, 1]
    assert "みなと市" in page(hers, "/senders/?tab=chosen")
    assert "なぎさストア" in page(hers, "/senders/?tab=selectable")
    assert "しおかぜ電力" in page(hers, "/senders/?tab=needs_verification")


def test_one_that_needs_verification_says_so_and_where(
    his: Client, power: Sender, jiro: Member
) -> None:
    Sender.objects.filter(id=power.id).update(required_assurance=2)
    for path in ("/senders/?tab=needs_verification", f"/senders/{power.id}/"):
        shown = page(his, path)
        assert "先に本人確認が必要です" in shown
        assert 'href="/me/#level"' in shown
        assert f"/senders/{power.id}/choose" not in shown


def test_its_page_says_which_level_it_and_its_topics_demand(
    hers: Client, city: Sender, power: Sender
) -> None:
    Sender.objects.filter(id=power.id).update(required_assurance=3)
    for sender, level in ((power, "レベル3"), (city, "レベル2")):  # the city: its topic "tax"
        shown = page(hers, f"/senders/{sender.id}/")
        assert level in "".join(re.findall(r'level__words">([^<]*)', shown)).replace(" ", "")


def test_a_forged_form_wants_no_topic_above_the_members_level(
    his: Client, city: Sender, jiro: Member
) -> None:
    his.post(f"/senders/{city.id}/choose")
    tax = city.topics.get(slug="tax")
    his.post(f"/senders/{city.id}/topics/{tax.id}", {"wanted": "no"})
    answer = his.post(f"/senders/{city.id}/topics/{tax.id}", {"wanted": "yes"}, follow=True)
    assert "本人確認が済むと受け取れます。" in text_of(answer)
    assert Subscription.objects.get(mailbox_id=jiro.mailbox_id).declined_topics == [tax.id]


def test_a_forged_form_does_not_get_round_it(his: Client, power: Sender, jiro: Member) -> None:
    Sender.objects.filter(id=power.id).update(required_assurance=2)
    answer = his.post(f"/senders/{power.id}/choose", follow=True)
    assert "しおかぜ電力は、本人確認が済むと選べます。" in text_of(answer)
    assert chosen_by(jiro) == []
    assert choices() == []


def test_a_new_contract_can_be_chosen_at_once(his: Client, db: None) -> None:
    assert counts(page(his, "/senders/")) == [0, 0, 0]
    make_sender("なぎさストア", "1380001999002", Sender.Kind.COMPANY)
    assert counts(page(his, "/senders/")) == [0, 1, 0]


def test_choosing_is_one_tap_and_on_record(his: Client, jiro: Member, city: Sender) -> None:
    answer = his.post(f"/senders/{city.id}/choose")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/senders/")
    assert chosen_by(jiro) == ["みなと市"]
    assert len(choices()) == 1


def test_choosing_twice_is_choosing_once(his: Client, jiro: Member, city: Sender) -> None:
    for _ in range(2):
        his.post(f"/senders/{city.id}/choose")
    assert chosen_by(jiro) == ["みなと市"]
    assert len(choices()) == 1


def test_leaving_is_one_tap_and_offers_the_way_back(
    hers: Client, hanako: Member, city: Sender, chosen: Subscription
) -> None:
    shown = text_of(hers.post(f"/senders/{city.id}/leave", follow=True))
    assert chosen_by(hanako) == []
    assert "みなと市をやめました。" in shown
    (undo,) = re.findall(r'action="(/senders/[^"]*/choose\?next=[^"]*)">', shown.split("<main")[0])
    hers.post(undo)
    assert chosen_by(hanako) == ["みなと市"]


def test_choosing_offers_the_way_back_too(his: Client, jiro: Member, city: Sender) -> None:
    shown = text_of(his.post(f"/senders/{city.id}/choose", follow=True))
    assert f'action="/senders/{city.id}/leave?next=' in shown.split("<main")[0]


def test_one_that_cannot_be_chosen_again_offers_no_way_back(
    hers: Client, city: Sender, chosen: Subscription
) -> None:
    Sender.objects.filter(id=city.id).update(contract_state="suspended")
    shown = text_of(hers.post(f"/senders/{city.id}/leave", follow=True))
    assert "みなと市をやめました。" in shown
    assert f"/senders/{city.id}/choose" not in shown


@pytest.mark.parametrize("act", ["choose", "leave"])
def test_a_sender_that_never_was_is_not_found(his: Client, act: str) -> None:
    assert his.post(f"/senders/{uuid4()}/{act}").status_code == 404


@pytest.mark.parametrize("act", ["choose", "leave", "topics/00000000-0000-7000-8000-000000000001"])
def test_no_get_chooses_or_leaves(his: Client, city: Sender, act: str) -> None:
    assert his.get(f"/senders/{city.id}/{act}").status_code == 405


def test_it_comes_back_to_the_page_it_was_on(his: Client, city: Sender) -> None:
    here = "/senders/?tab=selectable&name=%E3%81%BF"
    (choose,) = re.findall(r'action="(/senders/[^"]*/choose[^"]*)"', page(his, here))
    assert his.post(choose).headers["Location"] == here


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:x", "\\\\e"]
)
def test_it_goes_nowhere_else(his: Client, city: Sender, target: str) -> None:
    answer = his.post(f"/senders/{city.id}/choose?next={target}")
    assert answer.headers["Location"] == "/senders/"


@pytest.mark.parametrize("part", ["みなと", "minato", "ＭＩＮＡＴＯ", " 市 ", ""])
def test_it_is_found_by_a_part_of_its_name(his: Client, city: Sender, part: str) -> None:
    Sender.objects.filter(id=city.id).update(name_en="Minato City")
    shown = page(his, f"/senders/?tab=selectable&name={part}")
    assert f"/senders/{city.id}/choose" in shown


@pytest.mark.parametrize("part", ["海", "%00", "%25", "_", "' OR 1=1"])
def test_it_is_not_found_by_anything_else(his: Client, city: Sender, part: str) -> None:
    shown = page(his, f"/senders/?tab=selectable&name={part}")
    assert f"/senders/{city.id}/choose" not in shown


def test_a_long_list_is_shown_in_part_and_wholly_on_demand(his: Client, city: Sender) -> None:
    for n in range(35):
        Sender.objects.create(
            id=uuid4(), kind="company", code=f"{n:013}", name=f"会社{n:02}",
            contract_state="active", contract_since=NOW.date(), applied_at=NOW,
        )  # fmt: skip
    first = page(his, "/senders/?tab=selectable")
    assert first.count('<li class="sender-card">') == 30
    assert "あと6件を表示する" in first
    assert page(his, "/senders/?tab=selectable&all=1").count('<li class="sender-card">') == 36


@pytest.mark.parametrize("tab", ["", "x", "%00", "CHOSEN", "needs_verification'"])
def test_a_tab_that_is_none_gives_the_first_that_fits(his: Client, city: Sender, tab: str) -> None:
    assert f"/senders/{city.id}/choose" in page(his, f"/senders/?tab={tab}")


def test_a_topic_can_be_stopped_alone(hers: Client, city: Sender, chosen: Subscription) -> None:
    topic, other = city.topics.get(slug="tax"), city.topics.get(slug="news")
    hers.post(f"/senders/{city.id}/topics/{other.id}", {"wanted": "no"})
    answer = hers.post(f"/senders/{city.id}/topics/{topic.id}", {"wanted": "no"})
    assert answer.status_code == 303
    chosen.refresh_from_db()
    assert set(chosen.declined_topics) == {topic.id, other.id}
    hers.post(f"/senders/{city.id}/topics/{topic.id}", {"wanted": "yes"})
    chosen.refresh_from_db()
    assert chosen.declined_topics == [other.id]


def test_another_senders_topic_changes_nothing(
    hers: Client, city: Sender, chosen: Subscription
) -> None:
    hers.post(f"/senders/{city.id}/topics/{uuid4()}", {"wanted": "no"})
    chosen.refresh_from_db()
    assert chosen.declined_topics == []


def test_a_topic_above_the_members_level_says_so(his: Client, city: Sender) -> None:
    his.post(f"/senders/{city.id}/choose")
    shown = page(his, f"/senders/{city.id}/")
    tax = shown[shown.index("<dt>tax</dt>") :].split("</div>")[0]
    assert "先に本人確認が必要です" in tax
    assert "止める" not in tax


def test_its_page_says_who_it_is(hers: Client, city: Sender, chosen: Subscription) -> None:
    shown = page(hers, f"/senders/{city.id}/")
    for told in ("072991", "全国地方公共団体コード", "2026年11月22日"):
        assert told in shown


def fragment(shown: str, name: str) -> str:
    """What htmx takes out of a page: everything but the tokens, which differ each time."""
    start = shown.index(f'id="{name}"')
    return re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]*"', "", shown[start : shown.index("</main>")]
    )


@pytest.mark.parametrize(("path", "name"), [("/senders/", "sender-list"), ("", "terms")])
def test_what_is_swapped_is_what_a_new_page_shows(
    his: Client, city: Sender, path: str, name: str
) -> None:
    path = path or f"/senders/{city.id}/"
    swapped = text_of(
        his.post(
            f"/senders/{city.id}/choose?next={path}", headers={"HX-Request": "true"}, follow=True
        )
    )
    assert fragment(swapped, name) == fragment(page(his, path), name)


def test_with_scripts_only_the_list_changes(his: Client, city: Sender) -> None:
    shown = page(his, "/senders/")
    assert 'hx-target="this" hx-select="#sender-list" hx-select-oob="#messages"' in shown
    for action in re.findall(r'action="(/senders/[^"]+/choose[^"]*)"', shown):
        assert f'hx-post="{action}"' in shown


def test_a_sender_whose_contract_ended_stays_known_by_its_letters(
    hers: Client, city: Sender, chosen: Subscription
) -> None:
    senders.move_contract(city.id, Sender.ContractState.ENDED, reason="test", at=NOW)
    assert "選んでいます" in page(hers, f"/senders/{city.id}/")
    hers.post(f"/senders/{city.id}/leave", follow=True)
    assert "みなと市" not in page(hers, "/senders/")
    assert page(hers, f"/senders/{city.id}/")
    assert hers.post(f"/senders/{city.id}/choose").status_code == 404
