"""A passcode letter is composed once, whole or not at all, and only its print shop reads it."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.db import connection
from pytest_django import Settings

from mypost.common.clock import now
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.printing.commands import compose_due, hand_to_printer
from mypost.printing.errors import PaperKeyAbsent
from mypost.printing.models import MailPiece
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from mypost.vault import commands as vault
from mypost.vault.models import StoredObject
from tests.conftest import LATER, NOW
from tests.evidence.test_grants import acting_as
from tests.printing.conftest import HANAKO_LIVES, Outside, piece_of
from tests.vault.test_nothing_lies_open import everything_stored, found_in

CODE = re.compile(r"(?<![0-9A-Z-])[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}(?![0-9A-Z-])")


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def printed(outside: Outside, asked: PasscodeRequest) -> str:
    """Hand the piece over, and read what the print shop has printed."""
    hand_to_printer(at=NOW)
    return text_of(outside.shop.press.paper(piece_of(asked).number))


@pytest.mark.django_db
def test_the_code_on_paper_is_the_one_that_counts(
    outside: Outside, hanako: Member, asked: PasscodeRequest
) -> None:
    assert compose_due(at=NOW) == 1
    (code,) = CODE.findall(printed(outside, asked))
    passcodes.enter(hanako, code, at=LATER)
    asked.refresh_from_db()
    assert asked.code_entered_at == LATER


@pytest.mark.django_db
def test_it_speaks_the_members_language_and_tells_all_that_one_needs(
    outside: Outside, hanako: Member, asked: PasscodeRequest, settings: Settings
) -> None:
    settings.OFFICE_PHONE, settings.RETURN_ADDRESS = "03-0000-1234", "Somewhere 1-2-3"
    hanako.account.language = "en"
    hanako.account.save()
    compose_due(at=NOW)
    paper = printed(outside, asked)
    assert "本人限定受取（特定事項伝達型）" in paper  # for the carrier
    for said in (
        "Your passcode", "November 22, 2026", "Valid until December 22, 2026, once.",
        "How to enter it", "Choose “My page”", "Open http://localhost:8000 and sign in",
        "Five wrong tries", "Nobody from MyPost will ever ask", "If you did not ask",
        "Monday to Friday, 9:00 to 17:00", "03-0000-1234", "Somewhere 1-2-3", "105-0011",
        "みなとハイツ２０２", piece_of(asked).number,
    ):  # fmt: skip
        assert said in " ".join(paper.split()), said


@pytest.mark.django_db
def test_in_japanese_it_is_plain_japanese(outside: Outside, asked: PasscodeRequest) -> None:
    compose_due(at=NOW)
    paper = printed(outside, asked)
    assert "入力のしかた" in paper
    assert "2026年12月22日" in paper
    assert "How to" not in paper


@pytest.mark.django_db
def test_composing_twice_is_the_same_as_once(outside: Outside, asked: PasscodeRequest) -> None:
    assert (compose_due(at=NOW), compose_due(at=NOW)) == (1, 0)
    assert MailPiece.objects.count() == StoredObject.objects.count() == 1
    piece = piece_of(asked)
    assert (piece.composed_at, piece.due_at, piece.attempts, piece.kind) == (
        NOW,
        NOW,
        0,
        "passcode",
    )


@pytest.mark.django_db
def test_two_letters_of_one_run_have_two_numbers(
    outside: Outside, asked: PasscodeRequest, taro: Member
) -> None:
    """55 bits behind the P, so that the carrier's word is about one of them."""
    his = passcodes.request(taro, at=NOW)
    assert compose_due(at=NOW) == 2
    numbers = {piece_of(asked).number, piece_of(his).number}
    assert len(numbers) == 2
    assert all(re.fullmatch(r"P(-[0-9A-HJKMNP-TV-Z]{4}){3}", number) for number in numbers)


@pytest.mark.django_db
def test_who_did_not_ask_gets_nothing(
    outside: Outside, asked: PasscodeRequest, jiro: Member
) -> None:
    compose_due(at=NOW)
    assert not MailPiece.objects.filter(mailbox_id=jiro.mailbox_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "strange",
    [
        {"name": "花子😀"},
        {"name": "花" * 100, "address": "東京都港区芝公園" + "芝" * 192, "building": "館" * 100},
    ],
    ids=["no font has it", "too much for the window"],
)
def test_what_cannot_be_printed_comes_back_at_once_and_stops_nobody(
    outside: Outside, hanako: Member, taro: Member, strange: dict[str, Any]
) -> None:
    members.declare(hanako, replace(HANAKO_LIVES, **strange), at=LATER)
    hers, his = passcodes.request(hanako, at=LATER), passcodes.request(taro, at=LATER)
    assert compose_due(at=LATER) == 1
    hers.refresh_from_db()
    assert (hers.state, hers.return_reason) == ("returned", "not_printable")
    assert (piece_of(hers).state, piece_of(hers).object_id) == ("failed", None)
    assert piece_of(his).state == "composed"
    assert compose_due(at=LATER) == 0
    members.declare(hanako, HANAKO_LIVES, at=LATER)
    passcodes.request(hanako, at=LATER)


@pytest.mark.django_db
def test_without_a_print_shop_nothing_is_composed(asked: PasscodeRequest) -> None:
    assert compose_due(at=NOW) == 0
    asked.refresh_from_db()
    assert asked.state == "requested"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "AAAA", "no base64!"])
def test_it_refuses_to_seal_to_a_key_that_is_none(
    outside: Outside, asked: PasscodeRequest, settings: Settings, key: str
) -> None:
    settings.PRINT_SHOP_PUBLIC_KEY = key
    with pytest.raises(PaperKeyAbsent):
        compose_due(at=NOW)
    asked.refresh_from_db()
    assert asked.state == "requested"


@pytest.mark.django_db(transaction=True)
def test_the_worker_may_do_all_this(outside: Outside, asked: PasscodeRequest) -> None:
    with acting_as("mypost_worker"):
        assert compose_due(at=NOW) == 1
        assert hand_to_printer(at=NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_the_plain_code_lies_nowhere(
    outside: Outside,
    hanako: Member,
    asked: PasscodeRequest,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(0)
    compose_due(at=NOW)
    before = everything_stored(settings)
    (code,) = CODE.findall(printed(outside, asked))
    passcodes.enter(hanako, code, at=LATER)
    for stored in (before, everything_stored(settings)):
        assert found_in(stored, [code, code.replace("-", "")]) == []
    assert found_in(caplog.text.encode(), [code, code.replace("-", "")]) == []


@pytest.fixture
def swept(settings: Settings) -> Iterator[None]:
    """Whatever was killed, the store holds exactly what rows name once it was swept."""
    yield
    vault.sweep(at=now() + timedelta(hours=2))  # files are as old as the machine's clock says
    files = {path.name for path in settings.STORE_FOLDER.rglob("*") if path.is_file()}
    assert files == {object_.id.hex for object_ in StoredObject.objects.all()}


# A process that has loaded the product once, and is forked for each run: a fork of this one would
# wait for ever for the threads of the typesetter, which no fork has.
FORKING = """
import django; django.setup()
import json, os, signal, sys
from datetime import datetime
from pathlib import Path
from django.conf import settings
from mypost.printing import commands

for line in sys.stdin:
    told = json.loads(line)
    if not (pid := os.fork()):
        try:
            signal.alarm(60)  # whatever it waits for, the test has an end
            at = datetime.fromisoformat(told.pop("at"))
            settings.STORE_FOLDER = Path(told.pop("STORE_FOLDER"))
            for name, value in told.items():
                setattr(settings, name, value)
            for work in (commands.compose_due, commands.hand_to_printer, commands.take_events):
                work(at=at)
        finally:
            os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""
OUTSIDE = ("PRINT_SHOP_URL", "PRINT_SHOP_TOKEN", "PRINT_SHOP_PUBLIC_KEY")


@pytest.fixture(scope="module")
def forking(django_db_setup: None) -> Iterator["subprocess.Popen[str]"]:
    known = connection.settings_dict
    server = f"host={known['HOST']}&port={known['PORT']}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{known['USER']}@/{known['NAME']}?{server}",
    }
    with subprocess.Popen(
        [sys.executable, "-c", FORKING], env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield process
        assert process.stdin is not None
        process.stdin.close()


def run_until(place: str, settings: Settings, forking: "subprocess.Popen[str]") -> int:
    """Run all of it in a process of its own that is gone at a named place."""
    told = {name: getattr(settings, name) for name in OUTSIDE}
    told |= {"STORE_FOLDER": str(settings.STORE_FOLDER), "FAILPOINT": f"{place}:exit"}
    assert forking.stdin is not None
    assert forking.stdout is not None
    print(json.dumps({**told, "at": NOW.isoformat()}), file=forking.stdin, flush=True)
    return int(forking.stdout.readline())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "place",
    [
        "print.issued",
        "print.sealed",
        "vault.object_written",
        "print.before_commit",
        "print.handed",
        "print.events_taken",
    ],
)
def test_killed_at_any_place_no_piece_is_lost_or_doubled(
    outside: Outside,
    asked: PasscodeRequest,
    settings: Settings,
    swept: None,
    forking: "subprocess.Popen[str]",
    place: str,
) -> None:
    assert run_until(place, settings, forking) == -signal.SIGKILL
    compose_due(at=LATER)
    hand_to_printer(at=LATER)
    assert piece_of(asked).state == "ordered"
    assert [piece.number for piece in outside.shop.press.pieces()] == [piece_of(asked).number]
