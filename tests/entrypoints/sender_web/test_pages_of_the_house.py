"""The console's pages about the sender itself, as wholes: members, topics, organisation."""

from mypost.senders import commands as senders
from mypost.senders.models import Sender, Topic
from mypost.subscriptions.models import Subscription
from tests.conftest import LATER, NOW
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import Person

TOPICS = ("news", "tax")  # names of the city's topics, in both languages
FRAME = written("""
title: More
[:mark: MyPost みなと市 Sender's console](/)
POST /language
  <hidden next=/more> {:language: 日本語 language=ja lang=ja}
▸ My menu: 市の職員 :chevron-down:
市の職員 / みなと市
- [Signing in](/account/password/change/)
POST /account/logout/
  {Sign out}
""")


def test_the_frame_leads_to_every_place(console: Person, plain_console: Person) -> None:
    assert said(console.http, "/more", within="header") == FRAME
    assert said(console.http, "/more", within="nav") == PLACES
    assert said(plain_console.http, "/more", within="nav") == PLACES_OF_A_CLERK


PLACES = written("""
title: More
- [:home: Start](/)
- [:send: New letter](/letters/new)
- [:consignment: Consign­ments](/consignments)
- [:box: Letters](/letters)
- [:people: Members](/members)
- [:topic: Topics](/topics)
- [:key: Developers](/developers)
- [:organisation: Organisation](/organisation)
- [:more: More aria-current=page](/more)
""")
PLACES_OF_A_CLERK = written("""
title: More
- [:home: Start](/)
- [:send: New letter](/letters/new)
- [:consignment: Consign­ments](/consignments)
- [:box: Letters](/letters)
- [:people: Members](/members)
- [:topic: Topics](/topics)
- [:organisation: Organisation](/organisation)
- [:more: More aria-current=page](/more)
""")
MORE = written("""
# More
[New letter](/letters/new)
  Write to one member or to several.
[Topics](/topics)
  What you write about; members may decline each.
[Developers](/developers)
  Keys for your programs, and the API's pages.
[Organisation](/organisation)
  Your contract and who works here.
""")
MORE_OF_A_CLERK = written("""
# More
[New letter](/letters/new)
  Write to one member or to several.
[Topics](/topics)
  What you write about; members may decline each.
[Organisation](/organisation)
  Your contract and who works here.
""")


def test_a_phones_other_places(console: Person, plain_console: Person) -> None:
    assert said(console.http, "/more") == MORE
    assert said(plain_console.http, "/more") == MORE_OF_A_CLERK


# Who has no business here, or none now

OUTSIDERS = written("""
title: For senders' staff
# This door is for senders' staff
You are signed in, but no sender has named you as its staff. Your administrator
    can ask the operator to add you.
If you want to read letters, your own mailbox is at another door.
[To my mailbox](http://localhost:8000)
""")
ADMINISTRATORS = written("""
title: For administrators
# This page is for your administrators
Keys and topics are changed by the administrators of your organisation.
[Who they are](/organisation)
""")
SUSPENDED = written("""
title: Nothing can be sent
div role=status ~warning
  :warning Attention:
  Your contract is suspended, so nothing can be sent.
  Everything that was sent stays. Please ask the operator.
  Code: sender_suspended
# Nothing can be sent now
What you have written so far is kept. You can look at everything that was sent.
[To the consignments](/consignments)
""")


def test_a_closed_door_says_why_and_where_to_go(
    outsider: Person, plain_console: Person, console: Person, city: Sender
) -> None:
    assert said(outsider.http, "/", within="site-body") == OUTSIDERS
    assert said(plain_console.http, "/developers") == ADMINISTRATORS
    move(city, Sender.ContractState.SUSPENDED)
    assert said(console.http, "/letters/new") == SUSPENDED


def move(sender: Sender, state: Sender.ContractState) -> None:
    senders.move_contract(sender.id, state, reason="test", at=LATER)


NOT_YET = written("""
title: More
div role=status ~warning
  :warning Attention:
  Your contract is not yet in force, so nothing can be sent.
  You can look around. The operator will tell you when it begins.
  Code: sender_suspended
""")
NOT_NOW = written("""
title: More
div role=status ~warning
  :warning Attention:
  Your contract is suspended, so nothing can be sent.
  Everything that was sent stays. Please ask the operator.
  Code: sender_suspended
""")
NO_MORE = written("""
title: More
div role=status ~warning
  :warning Attention:
  Your contract has ended, so nothing can be sent.
  Everything that was sent stays. Please ask the operator.
  Code: sender_suspended
""")


def test_every_page_says_that_the_contract_is_not_in_force(console: Person, city: Sender) -> None:
    def banner(state: str) -> str:
        Sender.objects.filter(id=city.id).update(contract_state=state, contract_since=NOW)
        return said(console.http, "/more", within="banners")

    assert banner("applied") == NOT_YET
    assert banner("suspended") == NOT_NOW
    assert banner("ended") == NO_MORE


# Members

NO_MEMBERS = written("""
title: Members
# Members who chose you
0 members have chosen you. You know each by a pseudonym (仮名ID) that no other
    sender has.
Nobody has chosen you yet.
Members find you in their list of senders.
""")
ONE_MEMBER = written("""
title: Members
# Members who chose you
1 member has chosen you. You know each by a pseudonym (仮名ID) that no other
    sender has.
[:download: Download all (CSV)](/members.csv)
GET /members role=search
  Part of a pseudonym: <text words maxlength=24>
  {:search: Search}
Members who chose you
| Pseudonym | Since | Letters
| NAME-1 | Since: @2026-11-22 | Letters: [Show : NAME-1](/letters?words=NAME-1)
""")
NONE_LIKE_THIS = written("""
title: Members
# Members who chose you
1 member has chosen you. You know each by a pseudonym (仮名ID) that no other
    sender has.
[:download: Download all (CSV)](/members.csv)
GET /members role=search
  Part of a pseudonym: <text words=uu- maxlength=24>
  {:search: Search} [Show all](/members)
No pseudonym holds these characters.
""")


def test_members(console: Person, city: Sender) -> None:
    assert said(console.http, "/members") == NO_MEMBERS


def test_members_and_none_like_this(console: Person, chosen: Subscription) -> None:
    assert said(console.http, "/members", {chosen.pseudonym: "NAME-1"}) == ONE_MEMBER
    assert said(console.http, "/members?words=uu-") == NONE_LIKE_THIS  # no U in Crockford


# Topics

NO_TOPICS = written("""
# Topics
What you write about; members may decline each.
[:plus: Add a topic](/topics/new)
No topics yet.
With topics, members can take some of your letters and decline others.
""")
TWO_TOPICS = written("""
# Topics
What you write about; members may decline each.
[:plus: Add a topic](/topics/new)
Topics
| Name | Short name for programs and files | Category | Who may receive it |
    Change
| news | Short name for programs and files: news | Category: Living | Who may
    receive it: everybody who chose us | Change: [Change : news](/topics/NEWS)
| tax | Short name for programs and files: tax | Category: Living | Who may
    receive it: :drawing2: Level 2 address confirmed by post | Change: [Change :
    tax](/topics/TAX)
""")
TOPICS_TO_A_CLERK = written("""
# Topics
What you write about; members may decline each.
Your administrators add and change topics.
Topics
| Name | Short name for programs and files | Category | Who may receive it
| news | Short name for programs and files: news | Category: Living | Who may
    receive it: everybody who chose us
| tax | Short name for programs and files: tax | Category: Living | Who may
    receive it: :drawing2: Level 2 address confirmed by post
""")
NEW_TOPIC = written("""
nav aria-label=Where you are
  - [Topics](/topics)
  - aria-current=page Add a topic
# Add a topic
POST /topics/new
  Name ※required: <text name maxlength=100 required>
  For members who read English. Without it they see the Japanese name.
  Name in English: <text name_en maxlength=100 describedby>
  Letters a to z, digits and hyphens. It cannot be changed later.
  Short name for programs and files ※required: <text slug maxlength=50 required
      describedby>
  For the monthly statistics.
  Category ※required: <select category describedby “City affairs=city; Education
      and culture=education; Health and welfare=health; Tourism and local
      life=tourism; Living=living; Infrastructure=infrastructure; For
      employees=staff;”>
  Who may receive it ※required: <select required_assurance “everybody who chose
      us=0; level 1: who declared name and address=1; level 2: whose address was
      confirmed by post=2; level 3: whose identity was confirmed by card=3;”>
  {Add}
""")
ONE_TOPIC = written("""
nav aria-label=Where you are
  - [Topics](/topics)
  - aria-current=page tax
# tax
Short name for programs and files: tax
POST /topics/TAX
  Name ※required: <text name=tax maxlength=100 required>
  For members who read English. Without it they see the Japanese name.
  Name in English: <text name_en maxlength=100 describedby>
  For the monthly statistics.
  Category ※required: <select category describedby “City affairs=city; Education
      and culture=education; Health and welfare=health; Tourism and local
      life=tourism; Living=living selected; Infrastructure=infrastructure; For
      employees=staff;”>
  Who may receive it ※required: <select required_assurance “everybody who chose
      us=0; level 1: who declared name and address=1; level 2: whose address was
      confirmed by post=2 selected; level 3: whose identity was confirmed by
      card=3;”>
  {Save the changes}
""")


def test_topics(console: Person, plain_console: Person, city: Sender) -> None:
    news, tax = (Topic.objects.get(sender=city, slug=slug) for slug in TOPICS)
    named: dict[object, str] = {news.id: "NEWS", tax.id: "TAX"}
    assert said(console.http, "/topics", named, same=TOPICS) == TWO_TOPICS
    assert said(plain_console.http, "/topics", same=TOPICS) == TOPICS_TO_A_CLERK
    assert said(console.http, f"/topics/{tax.id}", named, same=TOPICS) == ONE_TOPIC
    assert said(console.http, "/topics/new") == NEW_TOPIC


def test_no_topics(other_console: Person) -> None:
    assert said(other_console.http, "/topics") == NO_TOPICS


# The organisation

ORGANISATION = written("""
title: Organisation
# Minato City
## Facts
Name
  lang=ja みなと市
Name in English
  lang=en Minato City
Kind
  municipality
Municipality code
  072991
What members read about you
  Letters of the city
Website
  [https://minato.example/](https://minato.example/)
How members reach you
  0299-00-0300
## Contract
State
  ‹:check: active ~success›
In force since
  @2026-11-22
Who may choose you
  :drawing1: Level 1 as you declared it
The operator keeps these facts. Tell the operator when something has changed.
## Staff
Staff
| Full name | E-mail address | Role
| 市の職員 | E-mail address: clerk@example.jp | Role: administrator
| 市の係 | E-mail address: plain@example.jp | Role: clerk
""")
ORGANISATION_WITHOUT_WORDS = written("""
title: Organisation
div role=status ~warning
  :warning Attention:
  Your contract is not yet in force, so nothing can be sent.
  You can look around. The operator will tell you when it begins.
  Code: sender_suspended
# しおかぜ電力
## Facts
Name
  lang=ja しおかぜ電力
Name in English
  lang=en —
Kind
  company
Corporate number
  2380001999001
What members read about you
  —
Website
  —
How members reach you
  —
## Contract
State
  ‹applied ~warning›
In force since
  —
Who may choose you
  :drawing: Level 0 e-mail only
The operator keeps these facts. Tell the operator when something has changed.
## Staff
Staff
| Full name | E-mail address | Role
| 電力の社員 | E-mail address: power-clerk@example.jp | Role: administrator
""")


def test_the_organisation(
    console: Person, plain_console: Person, other_console: Person, city: Sender, power: Sender
) -> None:
    Sender.objects.filter(id=city.id).update(
        name_en="Minato City", description="市の手紙", description_en="Letters of the city",
        website="https://minato.example/", support="0299-00-0300", required_assurance=1,
    )  # fmt: skip
    assert said(console.http, "/organisation", same=("Minato",)) == ORGANISATION
    Sender.objects.filter(id=power.id).update(contract_state="applied", contract_since=None)
    assert said(other_console.http, "/organisation") == ORGANISATION_WITHOUT_WORDS
