"""What the pages about senders say as a whole, with everything on them and with nothing."""

from datetime import date

import pytest
from django.test import Client

from mypost.members.models import Member
from mypost.senders import commands as senders
from mypost.senders.models import Sender
from mypost.subscriptions import commands as subscriptions
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.entrypoints.member_web.conftest import Open
from tests.entrypoints.outline import Answer, said, written

SAME = ("news", "tax")


@pytest.fixture
def all_three(city: Sender, power: Sender, chosen: Subscription) -> dict[object, str]:
    """A sender that is chosen, one that can be, and one that asks for more than level 0."""
    agency = senders.apply_for_contract(
        Sender(name="年金の役所", code="7000012050002", kind=Sender.Kind.AGENCY), at=NOW
    )
    senders.move_contract(agency.id, Sender.ContractState.ACTIVE, reason="test", at=NOW)
    Sender.objects.filter(id=agency.id).update(
        required_assurance=3, contract_since=date(2020, 1, 2)
    )
    Sender.objects.filter(id=power.id).update(
        name_en="Shiokaze Power", description_en="Bills", description="請求書",
        required_assurance=1,
    )  # fmt: skip
    Sender.objects.filter(id=city.id).update(contract_since=date(2026, 11, 22))
    return {city.id: "CITY", power.id: "POWER", agency.id: "AGENCY"}


def test_what_she_has_chosen(hers: Client, all_three: dict[object, str]) -> None:
    assert said(hers, "/senders/", all_three, same=SAME) == written("""
        # Senders
        Only senders that you choose can write to you. You can leave each of them at any
            time.
        GET /senders/
          <hidden tab=chosen>
          Name of a sender: <search name maxlength=100> {:search: Search}
        nav aria-label=Senders
          - [Chosen 1 aria-current=page](?tab=chosen)
          - [Can be chosen 2](?tab=selectable)
          - [Needs verification 0](?tab=needs_verification)
        ## Cities, towns and villages
        - ‹み ~municipality›
          ### [みなと市](/senders/CITY/)
          ul aria-label=What it sends
            - news
            - tax
          ‹:check: chosen ~success›
          POST /senders/CITY/leave?next=%2Fsenders%2F
              hx-post=/senders/CITY/leave?next=%2Fsenders%2F
            {Leave : みなと市}
    """)


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (
            "/senders/?tab=selectable",
            written("""
        # Senders
        Only senders that you choose can write to you. You can leave each of them at any
            time.
        GET /senders/
          <hidden tab=selectable>
          Name of a sender: <search name maxlength=100> {:search: Search}
        nav aria-label=Senders
          - [Chosen 0](?tab=chosen)
          - [Can be chosen 1 aria-current=page](?tab=selectable)
          - [Needs verification 2](?tab=needs_verification)
        ## Cities, towns and villages
        - ‹み ~municipality›
          ### [みなと市](/senders/CITY/)
          ul aria-label=What it sends
            - news
            - tax
          ‹selectable ~info›
          POST /senders/CITY/choose?next=%2Fsenders%2F%3Ftab%3Dselectable
              hx-post=/senders/CITY/choose?next=%2Fsenders%2F%3Ftab%3Dselectable
            {Choose : みなと市}
    """),
        ),
        (
            "/senders/?tab=needs_verification&name=役所",
            written("""
        # Senders
        Only senders that you choose can write to you. You can leave each of them at any
            time.
        GET /senders/
          <hidden tab=needs_verification>
          Name of a sender: <search name=役所 maxlength=100> {:search: Search}
        nav aria-label=Senders
          - [Chosen 0](?tab=chosen&name=%E5%BD%B9%E6%89%80)
          - [Can be chosen 0](?tab=selectable&name=%E5%BD%B9%E6%89%80)
          - [Needs verification 1
              aria-current=page](?tab=needs_verification&name=%E5%BD%B9%E6%89%80)
        These senders write only to members whose identity is confirmed. [How to
            verify](/me/#level)
        ## Public agencies
        - ‹年 ~agency›
          ### [年金の役所](/senders/AGENCY/)
          ‹:lock: needs verification first ~warning› [How to verify](/me/#level)
    """),
        ),
        (
            "/senders/?tab=chosen",
            written("""
        # Senders
        Only senders that you choose can write to you. You can leave each of them at any
            time.
        GET /senders/
          <hidden tab=chosen>
          Name of a sender: <search name maxlength=100> {:search: Search}
        nav aria-label=Senders
          - [Chosen 0 aria-current=page](?tab=chosen)
          - [Can be chosen 1](?tab=selectable)
          - [Needs verification 2](?tab=needs_verification)
        There is no sender here.
        Look at the other tabs.
    """),
        ),
        (
            "/senders/?name=nobody",
            written("""
        # Senders
        Only senders that you choose can write to you. You can leave each of them at any
            time.
        GET /senders/
          <hidden tab=selectable>
          Name of a sender: <search name=nobody maxlength=100> {:search: Search}
        nav aria-label=Senders
          - [Chosen 0](?name=nobody&tab=chosen)
          - [Can be chosen 0 aria-current=page](?name=nobody&tab=selectable)
          - [Needs verification 0](?name=nobody&tab=needs_verification)
        No sender here is called “nobody”.
        Look at the other tabs, or search for a part of the name.
    """),
        ),
    ],
)
def test_what_he_may_choose(
    his: Client, all_three: dict[object, str], path: str, told: str
) -> None:
    assert said(his, path, all_three, same=(*SAME, "nobody")) == told


def test_one_that_is_chosen(
    hers: Client, hanako: Member, known: Sender, all_three: dict[object, str], opened: Open
) -> None:
    Sender.objects.filter(id=known.id).update(required_assurance=2)
    news, tax = known.topics.order_by("slug")
    subscriptions.want_topic(hanako, known.id, news.id, wanted=False)
    named = {**all_three, news.id: "NEWS", tax.id: "TAX", opened().id: "LETTER"}
    assert said(hers, f"/senders/{known.id}/", named, same=SAME) == written("""
        nav aria-label=Where you are
          - [Senders](/senders/)
          - aria-current=page Minato City
        ‹M ~municipality›
        # Minato City
        Letters of daily life
        ‹:check: chosen ~success›
        POST /senders/CITY/leave?next=%2Fsenders%2FCITY%2F
            hx-post=/senders/CITY/leave?next=%2Fsenders%2FCITY%2F
          {Leave : Minato City}
        This sender writes only to members whose identity is confirmed. :drawing2: Level
            2 address confirmed by post
        ## What it sends
        news
          POST /senders/CITY/topics/NEWS?next=%2Fsenders%2FCITY%2F
              hx-post=/senders/CITY/topics/NEWS?next=%2Fsenders%2FCITY%2F
            :minus: you do not receive it {Receive it : news wanted=yes}
        Taxes
          :drawing2: Level 2 address confirmed by post
          POST /senders/CITY/topics/TAX?next=%2Fsenders%2FCITY%2F
              hx-post=/senders/CITY/topics/TAX?next=%2Fsenders%2FCITY%2F
            ‹:check: you receive it ~success› {Stop it : Taxes wanted=no}
        ## Who this is
        Kind
          Municipality
        Municipality code
          072991 ‹:check: checked ~success›
        Under contract since
          @2026-11-22
        Website
          [https://city.example.jp/](https://city.example.jp/)
        Contact
          03-0000-0000
        ## Its newest letters
        - ‹M ~municipality›
          Minato City @2026-11-22T10:00:00+09:00
          ### [国民健康保険税のお知らせ](/letters/LETTER/)
    """)


def test_one_that_is_not_chosen(his: Client, city: Sender, all_three: dict[object, str]) -> None:
    assert said(his, f"/senders/{city.id}/", all_three, same=SAME) == written("""
        nav aria-label=Where you are
          - [Senders](/senders/)
          - aria-current=page みなと市
        ‹み ~municipality›
        # みなと市
        ‹selectable ~info›
        POST /senders/CITY/choose?next=%2Fsenders%2FCITY%2F
            hx-post=/senders/CITY/choose?next=%2Fsenders%2FCITY%2F
          {Choose : みなと市}
        ## What it sends
        news
          Living
        tax
          :drawing2: Level 2 address confirmed by post ‹:lock: needs verification first
              ~warning›
        ## Who this is
        Kind
          Municipality
        Municipality code
          072991 ‹:check: checked ~success›
        Under contract since
          @2026-11-22
    """)


def test_one_that_asks_for_more(his: Client, power: Sender, all_three: dict[object, str]) -> None:
    assert said(his, f"/senders/{power.id}/", all_three, same=SAME) == written("""
        nav aria-label=Where you are
          - [Senders](/senders/)
          - aria-current=page Shiokaze Power
        ‹S ~company›
        # Shiokaze Power
        Bills
        ‹:lock: needs verification first ~warning› [How to verify](/me/#level)
        This sender writes only to members whose identity is confirmed. :drawing1: Level
            1 as you declared it
        ## Who this is
        Kind
          Company
        Corporate number
          2380001999001 ‹:check: checked ~success›
        Under contract since
          @2026-11-22
    """)


def test_one_that_can_no_longer_be_chosen(
    hers: Client, city: Sender, opened: Open, all_three: dict[object, str]
) -> None:
    named = {**all_three, opened().id: "LETTER"}
    hers.post(f"/senders/{city.id}/leave")
    Sender.objects.filter(id=city.id).update(contract_state="suspended")
    hers.get("/help/")  # where the message about leaving is shown
    shown = said(hers, f"/senders/{city.id}/", named, same=SAME)
    assert "# みなと市\ncannot be chosen now\n## What it sends\n" in shown
    assert "POST" not in shown


def test_choosing_says_so_and_can_be_undone(
    his: Client, city: Sender, all_three: dict[object, str]
) -> None:
    def choose(path: str) -> None:
        assert his.post(f"/senders/{city.id}/{path}").status_code == 303

    def chosen_once_more() -> Answer:
        choose("choose")
        return his.get("/help/")

    assert said(his, chosen_once_more, all_three, within="banners") == written("""
        title: Help
        div role=status autofocus ~success
          :success Done:
          You chose みなと市. Its letters will arrive here.
          POST /senders/CITY/leave?next=%2Fhelp%2F
            {Undo}
    """)

    def left_once_more() -> Answer:
        choose("choose")
        his.get("/help/")
        choose("leave")
        return his.get("/help/")

    assert said(his, left_once_more, all_three, within="banners") == written("""
        title: Help
        div role=status autofocus ~success
          :success Done:
          みなと市 can no longer write to you. Its letters stay.
          POST /senders/CITY/choose?next=%2Fhelp%2F
            {Undo}
    """)
