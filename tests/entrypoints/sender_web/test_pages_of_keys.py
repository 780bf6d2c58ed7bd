"""The console's pages about API keys, as wholes."""

from datetime import UTC, datetime, timedelta
from typing import Any

from mypost.senders import commands as senders
from mypost.senders.models import ApiKey, Scope, Staff
from tests.conftest import LATER, NOW
from tests.entrypoints.outline import said, written
from tests.entrypoints.sender_web.conftest import Person
from tests.entrypoints.sender_web.test_administration import key

SECOND = timedelta(seconds=1)
TWO_NETWORKS = ["203.0.113.0/24", "2001:db8::/32"]

NO_KEYS = written("""
# Developers
Your programs send letters through the API, with a key of their own.
- [The API's calls](/api/v1/docs)
- [All problem codes](/api/v1/problems)
## Keys
[:plus: Make a key](/developers/keys/new)
No keys yet.
Begin with a test key: everything runs, nothing is delivered.
""")
KEYS = written("""
# Developers
Your programs send letters through the API, with a key of their own.
- [The API's calls](/api/v1/docs)
- [All problem codes](/api/v1/problems)
## Keys
[:plus: Make a key](/developers/keys/new)
Keys
| Name | Begins with | What it may do | Made | State
| 税務
  Begins with: START-3…
  What it may do:
  - submit letters and consignments
  - read states, results and receipts
  - read the event feed
  only from 203.0.113.0/24, 2001:db8::/32
  Made: @2026-11-22T11:00:00+09:00 / 市の職員
  State: ‹live ~info›
  until @2100-01-01T09:00:00+09:00
  POST /developers/keys/KEY-3/end
    {End “税務” data-confirm=End the key “税務” now? Programs that use it stop
        at once. ~danger}
| 試験
  Begins with: START-2…
  What it may do:
  - read the event feed
  Made: @2026-11-22T10:00:02+09:00 / 市の職員
  State: ‹test ~filled›
  POST /developers/keys/KEY-2/end
    {End “試験” data-confirm=End the key “試験” now? Programs that use it stop
        at once. ~danger}
| 期限切れ
  Begins with: START-1…
  What it may do:
  - submit letters and consignments
  - read states, results and receipts
  - read the event feed
  Made: @2026-11-22T10:00:01+09:00 / 市の職員
  State: ‹live ~info›
  expired @2026-11-22T11:00:00+09:00
| 終了
  Begins with: START-0…
  What it may do:
  - submit letters and consignments
  Made: @2026-11-22T10:00:00+09:00 / 市の職員
  State: ‹live ~info›
  ended @2026-11-22T11:00:00+09:00
""")
NEW_KEY = written("""
nav aria-label=Where you are
  - [Developers](/developers)
  - aria-current=page Make a key
# Make a key
The secret is shown once, on the next page.
POST /developers/keys/new
  Which program will use it, and where.
  Name ※required: <text name maxlength=100 required describedby>
  = Kind ※required
  test: everything runs, nothing is delivered: <radio kind=test required
      checked>
  live: letters are delivered: <radio kind=live required>
  = What it may do ※required
  submit letters and consignments: <checkbox scopes=letters:write>
  read states, results and receipts: <checkbox scopes=letters:read>
  read the event feed: <checkbox scopes=events:read>
  Without a day it stays valid until you end it.
  Last day: <date expires_on describedby>
  One address or network a line, such as 203.0.113.0/24. Empty: from anywhere.
  Addresses it may come from: <textarea networks spellcheck=false describedby>
  {Make the key}
""")
KEY_MADE = written("""
nav aria-label=Where you are
  - [Developers](/developers)
  - aria-current=page 税務システム
# The key was made
div role=status ~warning
  :warning Attention:
  Copy the secret now. It is never shown again.
  We keep only a fingerprint of it. If it is lost, end the key and make another.
## 税務システム
SECRET-1
{:copy: ‹Copy aria-live=polite› type=button data-copy=#secret data-copied=Copied
    hidden}
[I have copied it](/developers)
""")
KEY_WRONG = written("""
nav aria-label=Where you are
  - [Developers](/developers)
  - aria-current=page Make a key
# Make a key
The secret is shown once, on the next page.
POST /developers/keys/new
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Name](#id_name): This field is required.
    - [What it may do](#id_scopes): This field is required.
    - [Addresses it may come from](#id_networks): zzz- is not an address or a
        network.
  Which program will use it, and where.
  Name ※required: <text name maxlength=100 required aria-invalid=true
      describedby>
  - This field is required.
  = Kind ※required
  test: everything runs, nothing is delivered: <radio kind=test required>
  live: letters are delivered: <radio kind=live required checked>
  fieldset describedby
    = What it may do ※required
    submit letters and consignments: <checkbox scopes=letters:write
        aria-invalid=true>
    read states, results and receipts: <checkbox scopes=letters:read
        aria-invalid=true>
    read the event feed: <checkbox scopes=events:read aria-invalid=true>
    - This field is required.
  Without a day it stays valid until you end it.
  Last day: <date expires_on=2030-01-01 describedby>
  One address or network a line, such as 203.0.113.0/24. Empty: from anywhere.
  Addresses it may come from: <textarea networks spellcheck=false
      aria-invalid=true describedby “zzz-”>
  - zzz- is not an address or a network.
  {Make the key}
""")


def test_no_keys_and_a_new_one(console: Person) -> None:
    assert said(console.http, "/developers") == NO_KEYS
    assert said(console.http, "/developers/keys/new") == NEW_KEY
    wrong: dict[str, Any] = key(name="", scopes=[], networks="zzz-")
    assert said(console.http, lambda: console.post("/developers/keys/new", **wrong)) == KEY_WRONG


def make(clerk: Staff, name: str, **more: Any) -> ApiKey:
    facts = {"live": True, "scopes": list(Scope), **more}
    made, _secret = senders.make_api_key(clerk, name=name, **facts)
    return made


def test_keys(console: Person, clerk: Staff) -> None:
    until, past = datetime(2100, 1, 1, tzinfo=UTC), datetime(2026, 11, 22, 2, tzinfo=UTC)
    keys = [
        make(clerk, "終了", at=NOW, scopes=[Scope.LETTERS_WRITE]),
        make(clerk, "期限切れ", at=NOW + SECOND, expires_at=past),
        make(clerk, "試験", at=NOW + 2 * SECOND, live=False, scopes=[Scope.EVENTS_READ]),
        make(clerk, "税務", at=LATER, networks=TWO_NETWORKS, expires_at=until),
    ]
    senders.revoke_api_key(clerk.sender, keys[0].id, at=LATER)
    named: dict[object, str] = {made.id: f"KEY-{n}" for n, made in enumerate(keys)}
    named |= {made.start: f"START-{n}" for n, made in enumerate(keys)}
    assert said(console.http, "/developers", named) == KEYS


def test_a_key_that_was_made(console: Person) -> None:
    secrets: dict[object, str] = {}

    def make_one() -> Any:
        answer = console.post("/developers/keys/new", **key())
        secrets[answer.context["secret"]] = "SECRET-1"
        return answer

    assert said(console.http, make_one, secrets) == KEY_MADE
