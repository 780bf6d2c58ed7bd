"""Using a card at the door: a real one, behind a real reader, over real sockets."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import httpx
from django.test import Client

from mypost.accounts.models import Account
from tests.entrypoints.signed_in import PASSWORD_RECORD, RECORDS, note_in
from tests.proofing.offices import PINS

DOOR = "http://localhost:8000"
PROVE, LINK, STEP_UP, SIGN_IN = (
    "/me/card/prove/", "/me/card/sign-in/", "/me/card/step-up/", "/account/card/",
)  # fmt: skip

Answer = dict[str, str]


def confirmed_by_password(http: Client) -> None:
    """Let the person have confirmed just now that it is they, as weakly as it goes."""
    account = Account.objects.get(id=http.session["_auth_user_id"])
    again = {**PASSWORD_RECORD, "reauthenticated": True}
    note_in(http, account, *http.session.get(RECORDS, []), again)


def question_of(http: Client, path: str, **fields: str) -> str:
    """Begin, and return the address of the reader that the browser is sent to."""
    if path == LINK:
        confirmed_by_password(http)
    answer = http.post(path, fields)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def read_card(question: str, person: str, *, pin: str = "") -> Answer:
    """Use a card at the reader, and return what its page posts back."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(question).query).items()}
    kind = "sign" if asked["purpose"] == "prove" else "auth"
    given = {**asked, "card": person, "pin": pin or getattr(PINS, kind)}
    shown = httpx.post(question.split("?")[0], data=given, timeout=10)
    assert shown.status_code == 200, shown.text
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', shown.text)
    return {name: html.unescape(value) for name, value in fields}


def use_card(http: Client, path: str, person: str, **fields: str) -> tuple[int, str, str]:
    """Go all the way; return status, text and where it leads."""
    answer = http.post(f"{path}answer", read_card(question_of(http, path, **fields), person))
    return answer.status_code, answer.content.decode(), answer.headers.get("Location", "")


def link(http: Client, person: str) -> None:
    assert use_card(http, LINK, person)[0] == 303
