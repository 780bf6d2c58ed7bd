"""The first page: what this is, for strangers; what matters today, for members."""

from datetime import timedelta

from django.test import Client
from django.utils.timezone import localdate

from mypost.common.clock import new_id
from mypost.members.models import Member
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW, SendLetter
from tests.entrypoints.member_web.conftest import Open, page


def test_a_stranger_learns_what_this_is_and_who_writes(
    nobodys: Client, city: Sender, power: Sender
) -> None:
    shown = page(nobodys, "/")
    for told in ("あなた専用の郵便受け", "市区町村", "みなと市", "会社", "しおかぜ電力"):
        assert told in shown
    assert 'href="/account/signup/"' in shown
    assert 'href="/account/login/"' in shown


def test_a_sender_without_a_contract_is_not_named_to_strangers(
    nobodys: Client, city: Sender
) -> None:
    Sender.objects.filter(id=city.id).update(contract_state="suspended")
    assert "みなと市" not in page(nobodys, "/")


def test_a_stranger_sees_eight_senders_of_a_kind(nobodys: Client, city: Sender) -> None:
    Sender.objects.bulk_create(
        Sender(
            id=new_id(NOW), name=f"会社{number}。", kind="company", code=f"{number:013}",
            applied_at=NOW, contract_state="active", contract_since=localdate(NOW),
        )
        for number in range(9)
    )  # fmt: skip
    shown = page(nobodys, "/")
    assert [number for number in range(9) if f"会社{number}。" in shown] == list(range(8))
    assert "みなと市" in shown


def test_a_stranger_sees_no_places(nobodys: Client, db: None) -> None:
    assert "places__list" not in page(nobodys, "/")


def test_a_member_sees_what_is_new(hers: Client, send_letter: SendLetter) -> None:
    for number in range(7):
        send_letter(reference=f"R-{number}")
    shown = page(hers, "/")
    assert "新しい手紙が7通あります" in shown
    assert shown.count("letter-row--unread") == 5


def test_what_has_been_opened_is_not_new(hers: Client, opened: Open) -> None:
    opened()
    shown = page(hers, "/")
    assert "新しい手紙はありません" in shown
    assert "届いた手紙はすべて開封済みです。" in shown


def test_a_new_member_is_led_to_the_senders(his: Client) -> None:
    shown = page(his, "/")
    assert "差出人を選ぶと、ここに手紙が届きます。" in shown
    assert 'href="/senders/"' in shown


def test_it_shows_what_is_due_within_fourteen_days(hers: Client, opened: Open) -> None:
    for days, subject in ((-1, "きのう"), (0, "きょう"), (14, "14日あと"), (15, "15日あと")):
        due = localdate() + timedelta(days=days)
        opened(reference=subject, subject=subject, due=due.isoformat())
    shown = page(hers, "/")
    assert shown.index("きょう") < shown.index("14日あと")
    assert "きのう" not in shown
    assert "15日あと" not in shown


def test_a_new_sender_is_announced_with_its_day(his: Client, city: Sender) -> None:
    day = localdate() - timedelta(days=60)
    Sender.objects.filter(id=city.id).update(contract_since=day)
    shown = page(his, "/")
    assert "みなと市からの手紙を受け取れるようになりました。" in shown
    assert f'<time datetime="{day.isoformat()}">' in shown
    assert f'href="/senders/{city.id}/"' in shown


def test_one_that_is_not_new_or_chosen_already_is_not_announced(
    hers: Client, city: Sender, power: Sender, chosen: Subscription
) -> None:
    Sender.objects.filter(id=city.id).update(contract_since=localdate())
    Sender.objects.filter(id=power.id).update(contract_since=localdate() - timedelta(days=61))
    assert "受け取れるようになりました" not in page(hers, "/")


def test_it_shows_the_level_and_how_to_raise_it(hers: Client, hanako: Member) -> None:
    assert "/me/#level" not in page(hers, "/")
    Member.objects.filter(id=hanako.id).update(level=1)
    shown = page(hers, "/")
    assert "レベル1" in shown
    assert 'href="/me/#level"' in shown


def test_the_frame_shows_name_level_language_help_and_the_way_out(hers: Client) -> None:
    shown = page(hers, "/box/")
    for told in ("花子", "レベル3", 'value="en"', 'href="/help/"', 'action="/account/logout/"'):
        assert told in shown
    for place in ("/box/", "/due/", "/senders/", "/me/"):
        assert f'class="place" href="{place}"' in shown


def test_the_number_of_unread_letters_stands_on_every_page(
    hers: Client, send_letter: SendLetter
) -> None:
    send_letter()
    for path in ("/me/", "/senders/", "/account/email/"):
        assert '<span class="place__count">1<' in page(hers, path)
