"""A member goes every way of proving who they are: what is told of them stays where it belongs."""

import base64
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from config.logs import WithoutContent
from mypost.common.clock import now
from mypost.evidence import commands as evidence
from mypost.kernel import passcodes as kernel
from mypost.members.models import Member
from mypost.printing import commands as printing
from mypost.proofing import watch
from mypost.proofing.models import LinkedCard
from sandbox.carrier.http import CarrierWeb
from sandbox.carrier.round import IdDocument
from sandbox.print_shop.http import PrintShopWeb
from sandbox.print_shop.key import public_key_of
from tests.auth_app import HANAKO, JIRO, RETURN_TO, RunningApp, running_app
from tests.conftest import PASSWORD, make_member
from tests.entrypoints.member_web.card_use import (
    LINK,
    PROVE,
    SIGN_IN,
    STEP_UP,
    confirmed_by_password,
    question_of,
    read_card,
    use_card,
)  # fmt: skip
from tests.entrypoints.member_web.conftest import browser_of
from tests.printing.conftest import Outside, address, serving
from tests.printing.test_compose import CODE, text_of
from tests.proofing.offices import PINS, RunningOffice

EMAIL = "kanarie.sakura@example.jp"
TYPED = {
    "name": HANAKO.name, "kana": "さとう　はなこ", "postal_code": "965-0042",
    "address": HANAKO.address, "building": "かなりあ荘７０３", "birth_year": "1984",
    "birth_month": "4", "birth_day": "12", "sex": "2",
}  # fmt: skip
WHO = [
    "佐藤　花子", "さとう　はなこ", "潮見町三丁目", "かなりあ荘", "髙橋　次郎", "字岬下",
    "1984-04-12", "319840412", "419960725", "1996-07-25", "9650042", "965-0042",
]  # fmt: skip
SECRETS = [PASSWORD, PINS.sign]
# Where a person may stand: what they told us, and what was certified.
OF_PEOPLE = {
    "accounts_account", "account_emailaddress", "members_declaredattributes",
    "members_certifiedattributes", "proofing_passcoderequest", "django_session",
}  # fmt: skip


class WatchedBrowser(Client):
    """Keeps every address it is sent to, every link it is shown, and every error page."""

    def __init__(self, **defaults: Any) -> None:
        super().__init__(**defaults)
        self.addresses: list[str] = []
        self.faults: list[str] = []
        self.raise_request_exception = False

    def request(self, **request: Any) -> Any:
        answer = super().request(**request)
        self.addresses += [request["PATH_INFO"], request.get("QUERY_STRING", "")]
        self.addresses.append(answer.headers.get("Location", ""))
        if not answer.streaming:
            shown = answer.content.decode(errors="replace")
            self.addresses += re.findall(r'(?:href|action|src)="([^"]*)"', shown)
            if answer.status_code not in (200, 302, 303, 422) or request["PATH_INFO"].endswith(
                "answer"
            ):
                self.faults.append(shown)
        return answer


@dataclass
class Told:
    """What left the room, by the way it left."""

    log: io.StringIO = field(default_factory=io.StringIO)
    browsers: list[WatchedBrowser] = field(default_factory=list)
    secrets: list[str] = field(default_factory=lambda: list(SECRETS))

    def browser(self, member: Member | None = None) -> WatchedBrowser:
        http = WatchedBrowser()
        http.cookies["mypost_language"] = "ja"
        if member is not None:
            http.cookies.update(browser_of(member.account).cookies)
        self.browsers.append(http)
        return http


@pytest.fixture
def told() -> Iterator[Told]:
    """Everything that is logged, at the lowest level, as the product writes it."""
    told = Told()
    handler, root = logging.StreamHandler(told.log), logging.getLogger()
    handler.setFormatter(WithoutContent("{asctime} {levelname} {name} {message}", style="{"))
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield told
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def app(settings: Settings, office: RunningOffice, tmp_path: Path) -> Iterator[RunningApp]:
    settings.MEMBER_URL = RETURN_TO.removesuffix("/account/app/")
    with running_app(settings, tmp_path) as running:
        yield running


@pytest.fixture
def paper(settings: Settings, tmp_path: Path) -> Iterator[Outside]:
    """The print shop and the carrier."""
    shop = PrintShopWeb(0, token="shop-token", folder=tmp_path / "shop")
    carrier = CarrierWeb(0, token="carrier-token", folder=tmp_path / "carrier")
    settings.PRINT_SHOP_URL, settings.PRINT_SHOP_TOKEN = address(shop), shop.token
    settings.CARRIER_URL, settings.CARRIER_TOKEN = address(carrier), carrier.token
    settings.PRINT_SHOP_PUBLIC_KEY = public_key_of(tmp_path / "shop")
    with serving(shop), serving(carrier):
        yield Outside(shop, carrier)


@pytest.fixture
def sakura(db: None, monkeypatch: pytest.MonkeyPatch) -> Member:
    """The member of this story."""
    monkeypatch.setattr(kernel, "COST", 2)
    return make_member(EMAIL, "カナリア花子", 0)


@pytest.fixture
def story(
    told: Told, sakura: Member, jiro: Member, office: RunningOffice, app: RunningApp,
    paper: Outside, monkeypatch: pytest.MonkeyPatch,
) -> Told:  # fmt: skip
    """Every flow, and what may go wrong in each."""
    http = told.browser(sakura)
    _asks_for_accounts(told)
    _declares(http)
    _reaches_level_2(http, told, paper)
    _uses_the_card(http, told, office)
    _uses_the_app(http, told, app)
    _breaks(http, monkeypatch)
    _gives_and_takes(http, told, jiro)
    _closes(http)
    evidence.integrate(at=now())
    return told


def _asks_for_accounts(told: Told) -> None:
    for path, typed in (
        ("/account/login/", {"login": EMAIL, "password": "wrong-and-long-enough"}),
        ("/account/password/reset/", {"email": EMAIL}),
        ("/account/signup/", {"email": EMAIL, "name": "カナリア花子", "password1": PASSWORD}),
        ("/account/login/", {"login": EMAIL, "password": PASSWORD}),
    ):
        assert told.browser().post(path, typed).status_code in (200, 302)


def _declares(http: Client) -> None:
    http.post("/me/profile/address", {**TYPED, "look_up": "1"}, headers={"HX-Request": "true"})
    http.post("/me/profile/", {**TYPED, "look_up": "1"})
    http.post("/me/profile/", {**TYPED, "birth_year": "1850"})
    assert http.post("/me/profile/", TYPED).status_code == 303


def _reaches_level_2(http: Client, told: Told, paper: Outside) -> None:
    assert http.post("/me/passcode/ask").status_code == 303
    later = now() + timedelta(seconds=1)
    printing.compose_due(at=later)
    printing.hand_to_printer(at=later)
    paper.carry()
    (printed,) = paper.shop.press.pieces()
    (code,) = CODE.findall(text_of(paper.shop.press.paper(printed.number)))
    paper.carrier.round.leave_notice(printed.number, at=later)
    paper.carrier.round.hand_over(printed.number, IdDocument.PASSPORT, "0257", at=later)
    printing.take_events(at=later)
    told.secrets += [code, code.replace("-", ""), code.lower()]
    assert http.post("/me/passcode/", {"code": "0000-0000-0000"}).status_code == 422
    assert http.post("/me/passcode/", {"code": code}).status_code == 303


def _uses_the_card(http: Client, told: Told, office: RunningOffice) -> None:
    for spoiled in ({"signature": ""}, {"certificate": "AAAA"}, {"challenge_id": "x"}):
        answer = {**read_card(question_of(http, PROVE), "hanako"), **spoiled}
        assert http.post(f"{PROVE}answer", answer).status_code == 422
    office.settings.JPKI_REVOCATION = "none"
    assert use_card(http, PROVE, "hanako")[0] == 503
    office.settings.JPKI_REVOCATION = "platform"
    for path in (PROVE, LINK, STEP_UP):
        assert use_card(http, path, "hanako")[0] == 303
    assert use_card(http, PROVE, "jiro")[0] == 422
    assert use_card(told.browser(), SIGN_IN, "jiro")[0] == 422
    assert use_card(told.browser(), SIGN_IN, "hanako")[0] == 302
    other = told.browser(make_member("other@example.jp", "次郎二", 0))
    assert use_card(other, PROVE, "hanako")[0] == 303
    office.revoke("hanako", "sign", "affiliation_changed", "move")
    watch.ask_after(LinkedCard.objects.values_list("id", flat=True), at=now())
    assert use_card(http, PROVE, "hanako")[0] == 422
    assert http.post(f"/me/card/{LinkedCard.objects.get().id}/stop").status_code == 303


def _uses_the_app(http: Client, told: Told, app: RunningApp) -> None:
    for browser, page, person in (
        (http, "/me/app/", HANAKO), (http, "/me/app/step-up/", JIRO), (http, "/me/app/", JIRO),
        (told.browser(), "/account/app/sign-in/", HANAKO),
    ):  # fmt: skip
        answer = app.visit(browser.post(page)["Location"], person)
        browser.get("/account/app/", answer)
        browser.post("/account/app/", answer)
    app.web.troubles.away = True
    http.post("/me/app/")


def _breaks(http: WatchedBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page, a command and a key fail with a person's words in the error's text."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError(f"{HANAKO.name} {HANAKO.address} 1984-04-12 {EMAIL}")

    for place, act in (
        ("mypost.members.commands.declare", lambda: http.post("/me/profile/", TYPED)),
        ("mypost.proofing.cards.prove", lambda: use_card(http, PROVE, "hanako")),
        ("mypost.members.queries.certified", lambda: http.get("/me/")),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(place, fail)
            act()
    assert "こちらの不具合" in http.faults[-1]


def _gives_and_takes(http: Client, told: Told, jiro: Member) -> None:
    second = told.browser(jiro)
    confirmed_by_password(second)
    confirmed_by_password(http)
    shown = second.post("/me/merge/ask").content.decode()
    (number,) = re.findall(r'id="number"[^>]*>([0-9A-Z-]+)<', shown)
    told.secrets.append(number)
    http.post("/me/merge/", {"code": "XXXX-XXXX-XXXX-XXXX"})
    assert http.post("/me/merge/", {"code": number}).status_code == 303
    exported: Any = http.post("/me/export/archive")
    assert b"".join(exported.streaming_content)


def _closes(http: Client) -> None:
    assert http.post("/me/closing/ask").status_code == 303
    http.post("/me/closing/keep")
    http.post("/me/closing/ask")


# What is looked for, and where


def disguises(phrase: str) -> Iterator[str]:
    """A phrase as it could stand somewhere, unsealed."""
    yield phrase.lower()
    for encoding in ("utf-8", "utf-16-le", "cp932"):
        try:
            written = phrase.encode(encoding)
        except UnicodeEncodeError:
            continue
        yield written.hex()
        if len(written) > 8:
            yield base64.b64encode(written)[:-4].decode().lower()


def found_in(text: str, phrases: list[str]) -> list[str]:
    lowered = unquote_plus(text).lower()
    return [phrase for phrase in phrases if any(d in lowered for d in disguises(phrase))]


def tables() -> Iterator[tuple[str, str]]:
    """Every table of the database, as text."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{name}" t')
            yield name, cursor.fetchone()[0] or ""
    for session in Session.objects.all():
        yield "django_session", repr(session.get_decoded())


def test_nothing_of_a_person_leaves_its_place(story: Told, settings: Settings) -> None:
    everything = [*WHO, EMAIL, "カナリア花子", *story.secrets]
    assert found_in(story.log.getvalue(), everything) == []
    for http in story.browsers:
        for place in http.addresses:
            assert found_in(place, everything) == [], place
        for shown in http.faults:  # their heads greet who is signed in by the account's name
            assert found_in(shown, [*WHO, EMAIL, *story.secrets]) == []
    for letter in mail.outbox:
        others = [phrase for phrase in everything if phrase not in letter.to]
        assert found_in(f"{letter.subject}\n{letter.body}", others) == [], letter.body
    stood = {(name, *found) for name, text in tables() if (found := found_in(text, WHO))}
    assert {place[0] for place in stood} <= OF_PEOPLE, stood
    secret = {(name, *found) for name, text in tables() if (found := found_in(text, story.secrets))}
    assert secret == set()
    for file in filter(Path.is_file, Path(settings.STORE_FOLDER).rglob("*")):
        content = file.read_bytes()
        assert found_in(content.decode("latin-1") + content.hex(), everything) == []


def test_the_search_finds_what_lies_open(told: Told, sakura: Member) -> None:
    logging.getLogger("mypost.careless").warning("hello %s", EMAIL)
    assert found_in(told.log.getvalue(), [EMAIL]) == [EMAIL]
    assert ("accounts_account", EMAIL) in {
        (name, *found_in(text, [EMAIL])) for name, text in tables()
    }


def test_the_public_log_tells_nobody(story: Told) -> None:
    public = Client()
    shown = b"".join(
        public.get(f"/log/{page}").content
        for page in (
            "checkpoint",
            "tile/entries/000",
            *(f"tile/entries/000.p/{n}" for n in range(1, 256)),
        )
    )
    assert found_in(shown.decode(errors="replace"), [*WHO, EMAIL, *story.secrets]) == []
