"""The back office's pages about senders and their contracts, as wholes."""

from datetime import timedelta

import pytest
from django.test import Client

from mypost.entrypoints.operator_web import paging
from mypost.members.models import Member
from mypost.operators.models import Operator
from mypost.senders import commands
from mypost.senders.models import Sender, Topic
from mypost.subscriptions import commands as subscriptions
from tests.conftest import LATER, NOW
from tests.entrypoints.operator_web.test_senders import BILLS, WHOLE, gas
from tests.entrypoints.outline import said, written

__all__ = ["gas"]  # fixture
State = Sender.ContractState
NAMES = ("Midori", "news", "tax", "bills", "test", "applied")  # names, and reasons as noted
FRAME = written("""
title: Ledger
[:mark: MyPost Back office](/)
POST /language
  <hidden next=/ledger/> {:language: 日本語 language=ja lang=ja}
▸ My menu: 運営 :chevron-down:
運営 / Operator's staff
- [Signing in](/account/2fa/)
POST /account/logout/
  {Sign out}
""")
NONE = written("""
# Senders
[:plus: Take in a sender](/senders/new/)
nav aria-label=State of the contract
  - [All senders 3](?state=&words=)
  - [applied 1](?state=applied&words=)
  - [active 1](?state=active&words=)
  - [suspended 1](?state=suspended&words=)
  - [ended 0 aria-current=page](?state=ended&words=)
GET role=search
  <hidden state=ended>
  Name or code: <text words maxlength=100>
  {:search: Search}
No sender here.
Try another state, or fewer words.
""")
THREE = written("""
# Senders
[:plus: Take in a sender](/senders/new/)
nav aria-label=State of the contract
  - [All senders 3 aria-current=page](?state=&words=%E3%81%BF)
  - [applied 1](?state=applied&words=%E3%81%BF)
  - [active 1](?state=active&words=%E3%81%BF)
  - [suspended 1](?state=suspended&words=%E3%81%BF)
  - [ended 0](?state=ended&words=%E3%81%BF)
GET role=search
  Name or code: <text words=み maxlength=100>
  {:search: Search}
Senders, the latest applicant first
| Sender | Kind | Code | Contract | Applied | In force since
| [Midori Gas](/senders/GAS/) | Kind: company | Code: 9380001999003 | Contract:
    ‹applied ~info› | Applied: @2026-11-22T11:00:00+09:00 | In force since: —
| [みなと市](/senders/CITY/) | Kind: municipality | Code: 072991 | Contract:
    ‹:check: active ~success› | Applied: @2026-11-22T10:00:00+09:00 | In force
    since: @2026-11-22
""")
A_PAGE = written("""
# Senders
[:plus: Take in a sender](/senders/new/)
nav aria-label=State of the contract
  - [All senders 3 aria-current=page](?state=&words=%E3%81%BF)
  - [applied 1](?state=applied&words=%E3%81%BF)
  - [active 1](?state=active&words=%E3%81%BF)
  - [suspended 1](?state=suspended&words=%E3%81%BF)
  - [ended 0](?state=ended&words=%E3%81%BF)
GET role=search
  Name or code: <text words=み maxlength=100>
  {:search: Search}
Senders, the latest applicant first
| Sender | Kind | Code | Contract | Applied | In force since
| [みなと市](/senders/CITY/) | Kind: municipality | Code: 072991 | Contract:
    ‹:check: active ~success› | Applied: @2026-11-22T10:00:00+09:00 | In force
    since: @2026-11-22
nav aria-label=Pages of the list
  [:chevron-left: Newer](?words=%E3%81%BF&state=&after=CITY)
""")


def test_the_frame_leads_to_every_place(office: Client) -> None:
    assert said(office, "/ledger/", within="header") == FRAME
    assert said(office, "/ledger/", within="nav") == PLACES


PLACES = written("""
title: Ledger
- [:gauge: Health](/)
- [:organisation: Senders](/senders/)
- [:consignment: Ledger aria-current=page](/ledger/)
- [:statistics: Jobs](/jobs/)
- [:log: Evidence](/evidence/)
""")


def test_the_list_of_senders(
    office: Client, gas: Sender, city: Sender, power: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sender.objects.filter(id=power.id).update(contract_state="suspended")
    named: dict[object, str] = {city.id: "CITY", power.id: "POWER", gas.id: "GAS"}
    assert said(office, "/senders/?words=み", named, same=NAMES) == THREE
    assert said(office, "/senders/?state=ended", named) == NONE
    monkeypatch.setattr(paging, "SIZE", 1)
    asked = f"/senders/?words=み&before={gas.id}"
    assert said(office, asked, named, same=NAMES) == A_PAGE


NEW = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - aria-current=page Take in a sender
# Take in a sender
Nobody sees the sender until its contract is approved.
POST
  = Kind ※required
  municipality: <radio kind=municipality required>
  agency: <radio kind=agency required>
  company: <radio kind=company required>
  A municipality's six digits, or the thirteen digits of a corporate number.
  Code ※required: <text code inputmode=numeric autocomplete=off maxlength=20
      required describedby>
  Name in Japanese ※required: <text name maxlength=100 required>
  Name in English ※optional: <text name_en maxlength=100>
  Members read this before they choose the sender.
  What it will send ※optional: <textarea description maxlength=400 describedby>
  What it will send, in English ※optional: <textarea description_en
      maxlength=400>
  Website ※optional: <url website maxlength=200>
  A telephone number or an address that people answer.
  How members reach it ※optional: <text support maxlength=200 describedby>
  Level a member needs to choose it ※required: <select required_assurance
      “e-mail only=0; self-declared=1; posted passcode=2; My Number Card=3;”>
  {Take in}
""")
NEW_WRONG = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - aria-current=page Take in a sender
# Take in a sender
Nobody sees the sender until its contract is approved.
POST
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Code](#id_code): A sender with this code is here already.
    - [Website](#id_website): Enter a valid URL.
  = Kind ※required
  municipality: <radio kind=municipality required>
  agency: <radio kind=agency required>
  company: <radio kind=company required checked>
  A municipality's six digits, or the thirteen digits of a corporate number.
  Code ※required: <text code=072991 inputmode=numeric autocomplete=off
      maxlength=20 required aria-invalid=true describedby>
  - A sender with this code is here already.
  Name in Japanese ※required: <text name=みどりガス maxlength=100 required>
  Name in English ※optional: <text name_en=Midori Gas maxlength=100>
  Members read this before they choose the sender.
  What it will send ※optional: <textarea description maxlength=400 describedby
      “検針票と料金のお知らせ”>
  What it will send, in English ※optional: <textarea description_en
      maxlength=400 “Meter readings and bills”>
  Website ※optional: <url website=- maxlength=200 aria-invalid=true describedby>
  - Enter a valid URL.
  A telephone number or an address that people answer.
  How members reach it ※optional: <text support=0299-00-0300 maxlength=200
      describedby>
  Level a member needs to choose it ※required: <select required_assurance
      “e-mail only=0; self-declared=1; posted passcode=2 selected; My Number
      Card=3;”>
  {Take in}
""")
NEW_TOPIC = written("""
title: Add a topic
nav aria-label=Where you are
  - [Senders](/senders/)
  - [みなと市](/senders/CITY/)
  - aria-current=page Add a topic
# Add a topic to みなと市
POST
  Name in Japanese ※required: <text name maxlength=100 required>
  Name in English ※optional: <text name_en maxlength=100>
  Letters a to z, digits and hyphens. It cannot be changed later.
  Short name for programs ※required: <text slug maxlength=50 required
      describedby>
  Category ※required: <select category “City affairs=city; Education and
      culture=education; Health and welfare=health; Tourism and local
      life=tourism; Living=living; Infrastructure=infrastructure; For
      employees=staff;”>
  Level a member needs to receive it ※required: <select required_assurance
      “e-mail only=0; self-declared=1; posted passcode=2; My Number Card=3;”>
  {Add}
""")


def test_taking_one_in(office: Client, city: Sender) -> None:
    assert said(office, "/senders/new/", same=NAMES) == NEW
    wrong = {**WHOLE, "code": "072991", "website": "-"}
    assert said(office, lambda: office.post("/senders/new/", wrong), same=NAMES) == NEW_WRONG
    named: dict[object, str] = {city.id: "CITY"}
    assert said(office, f"/senders/{city.id}/topics/new/", named) == NEW_TOPIC


APPLICANT = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - aria-current=page Midori Gas
# Midori Gas
## Contract
‹applied ~info›
[Approve the contract](/senders/GAS/contract/active/) [Decline the application
    ~danger](/senders/GAS/contract/ended/)
What has happened to it
| When | State from then on | Reason | Who
| When: @2026-11-22T11:00:00+09:00 | State from then on: applied | Reason:
    applied | Who: —
## Facts
Kind
  company
Code
  9380001999003 ‹:check: check digit is right ~success›
Name in Japanese
  lang=ja みどりガス
Name in English
  lang=en Midori Gas
What it will send
  lang=ja —
What it will send, in English
  lang=en —
Website
  —
How members reach it
  —
Level a member needs to choose it
  :drawing: Level 0 e-mail only
Applied
  @2026-11-22T11:00:00+09:00
In force since
  —
Members who have chosen it
  0
## Topics
No topics yet. A sender writes about topics, and members may decline each of
    them.
[:plus: Add a topic](/senders/GAS/topics/new/)
""")
UNDER_CONTRACT = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - aria-current=page Midori Gas
# Midori Gas
## Contract
‹:check: active ~success›
[Suspend the contract](/senders/GAS/contract/suspended/) [End the contract
    ~danger](/senders/GAS/contract/ended/)
What has happened to it
| When | State from then on | Reason | Who
| When: @2026-11-22T12:00:00+09:00 | State from then on: active | Reason: 契約書
    | Who: 運営
| When: @2026-11-22T11:00:00+09:00 | State from then on: applied | Reason:
    applied | Who: —
## Facts
Kind
  company
Code
  1234567890123 ‹check digit is wrong ~error›
Name in Japanese
  lang=ja みどりガス
Name in English
  lang=en Midori Gas
What it will send
  lang=ja 検針票と料金のお知らせ
What it will send, in English
  lang=en Meter readings and bills
Website
  [https://gas.example/](https://gas.example/)
How members reach it
  0299-00-0300
Level a member needs to choose it
  :drawing2: Level 2 address confirmed by post
Applied
  @2026-11-22T11:00:00+09:00
In force since
  @2026-11-22
Members who have chosen it
  1
## Topics
Topics of this sender
| Topic | Short name for programs | Category | Level a member needs to receive
    it
| 料金 | Short name for programs: bills | Category: Infrastructure | Level a
    member needs to receive it: :drawing2: Level 2 address confirmed by post
[:plus: Add a topic](/senders/GAS/topics/new/)
""")
ENDED = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - aria-current=page Midori Gas
# Midori Gas
## Contract
ended
What has happened to it
| When | State from then on | Reason | Who
| When: @2026-11-23T11:00:00+09:00 | State from then on: ended | Reason: 解約 |
    Who: —
| When: @2026-11-22T12:00:00+09:00 | State from then on: active | Reason: 契約書
    | Who: —
| When: @2026-11-22T11:00:00+09:00 | State from then on: applied | Reason:
    applied | Who: —
## Facts
Kind
  company
Code
  9380001999003 ‹:check: check digit is right ~success›
Name in Japanese
  lang=ja みどりガス
Name in English
  lang=en Midori Gas
What it will send
  lang=ja —
What it will send, in English
  lang=en —
Website
  —
How members reach it
  —
Level a member needs to choose it
  :drawing: Level 0 e-mail only
Applied
  @2026-11-22T11:00:00+09:00
In force since
  @2026-11-22
Members who have chosen it
  0
## Topics
No topics yet. A sender writes about topics, and members may decline each of
    them.
[:plus: Add a topic](/senders/GAS/topics/new/)
""")


def test_a_senders_page(office: Client, gas: Sender, hanako: Member, operator: Operator) -> None:
    named: dict[object, str] = {gas.id: "GAS"}
    path, by = f"/senders/{gas.id}/", operator.account
    assert said(office, path, named, same=NAMES) == APPLICANT
    Sender.objects.filter(id=gas.id).update(**{**WHOLE, "code": "1234567890123"})
    commands.add_topic(Topic(sender=gas, **BILLS), at=NOW)
    later = LATER + timedelta(hours=1)
    commands.move_contract(gas.id, State.ACTIVE, reason="契約書", at=later, changed_by=by)
    subscriptions.choose(hanako, gas.id, at=later)
    assert said(office, path, named, same=NAMES) == UNDER_CONTRACT


def test_the_page_of_one_whose_contract_has_ended(office: Client, gas: Sender) -> None:
    later = LATER + timedelta(days=1)
    commands.move_contract(gas.id, State.ACTIVE, reason="契約書", at=LATER + timedelta(hours=1))
    commands.move_contract(gas.id, State.ENDED, reason="解約", at=later)
    assert said(office, f"/senders/{gas.id}/", {gas.id: "GAS"}, same=NAMES) == ENDED


SUSPENDED = written("""
title: Midori Gas
[Resume the contract](/senders/GAS/contract/active/) [End the contract
    ~danger](/senders/GAS/contract/ended/)
""")


def test_a_suspended_sender_offers_its_own_steps(office: Client, gas: Sender) -> None:
    for state in (State.ACTIVE, State.SUSPENDED):
        commands.move_contract(gas.id, state, reason="test", at=LATER)
    named: dict[object, str] = {gas.id: "GAS"}
    assert said(office, f"/senders/{gas.id}/", named, same=NAMES, within="button-row") == SUSPENDED
