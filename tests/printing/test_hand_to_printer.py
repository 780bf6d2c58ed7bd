"""A piece is handed to the print shop until it is taken, and our copy goes once it is printed."""

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from django.db import transaction
from pytest_django import Settings

from mypost.kernel.sealing import seal_mail_piece
from mypost.members.models import Member
from mypost.printing import commands
from mypost.printing.commands import compose_due, hand_to_printer, take_events
from mypost.printing.models import MailPiece
from mypost.proofing import passcodes
from mypost.proofing.models import PasscodeRequest
from mypost.vault import commands as vault
from mypost.vault.models import StoredObject
from sandbox.paper.troubles import Trouble
from tests.pdf_makers import by_hand
from tests.printing.conftest import TODAY, Outside, piece_of

pytestmark = pytest.mark.django_db

LATER = TODAY + timedelta(hours=1)
TROUBLES = [Trouble.AWAY, Trouble.SLOW, Trouble.HUGE, Trouble.REDIRECT, Trouble.NONSENSE]


@pytest.fixture
def piece(outside: Outside, asked: PasscodeRequest) -> MailPiece:
    compose_due(at=TODAY)
    return piece_of(asked)


def numbers(outside: Outside) -> list[str]:
    return [printed.number for printed in outside.shop.press.pieces()]


@pytest.mark.django_db(transaction=True)
def test_the_print_shop_gets_it_and_our_copy_is_destroyed_once_it_is_printed(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    assert hand_to_printer(at=TODAY) == 1
    assert piece_of(asked).state == "ordered"
    assert StoredObject.objects.count() == 1
    take_events(at=LATER)
    assert (piece_of(asked).state, piece_of(asked).object_id) == ("printed", None)
    assert not StoredObject.objects.exists()
    assert not [path for path in settings.STORE_FOLDER.rglob("*") if path.is_file()]


def test_handing_over_twice_prints_once(outside: Outside, piece: MailPiece) -> None:
    hand_to_printer(at=TODAY)
    MailPiece.objects.update(state="composed", due_at=TODAY)  # as if the answer had been lost
    assert hand_to_printer(at=LATER) == 1
    assert numbers(outside) == [piece.number]


def test_another_worker_leaves_alone_what_one_is_handing_over(
    outside: Outside, piece: MailPiece
) -> None:
    MailPiece.objects.update(due_at=TODAY + timedelta(seconds=60))
    assert hand_to_printer(at=TODAY) == 0
    assert numbers(outside) == []


@pytest.mark.parametrize("trouble", [*TROUBLES, Trouble.REFUSE])
def test_whatever_the_trouble_it_is_tried_again_and_arrives(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest, trouble: Trouble
) -> None:
    with outside.in_trouble(trouble):
        assert hand_to_printer(at=TODAY) == 0
    waiting = piece_of(asked)
    assert (waiting.state, waiting.attempts) == ("composed", 1)
    assert waiting.failure in {"party_away", "party_refuses", "answer_unreadable"}
    assert TODAY < waiting.due_at <= TODAY + timedelta(minutes=1)
    assert hand_to_printer(at=waiting.due_at) == 1
    assert (piece_of(asked).state, piece_of(asked).failure) == ("ordered", "")


def test_the_pauses_grow_and_then_stay(outside: Outside, piece: MailPiece) -> None:
    outside.trouble(Trouble.AWAY)
    at, pauses = TODAY, []
    for _try in range(6):
        hand_to_printer(at=at)
        due = MailPiece.objects.get().due_at
        pauses.append((due - at).total_seconds())
        at = due
    assert pauses == [10, 60, 300, 1800, 1800, 1800]


def test_a_print_shop_that_is_away_is_asked_once_for_all_pieces(
    outside: Outside, piece: MailPiece, taro: Member
) -> None:
    passcodes.request(taro, at=TODAY)
    compose_due(at=TODAY)
    outside.trouble(Trouble.AWAY)
    hand_to_printer(at=TODAY)
    assert sorted(MailPiece.objects.values_list("attempts", flat=True)) == [0, 1]


def test_a_piece_that_is_refused_does_not_hold_up_the_next(
    outside: Outside, piece: MailPiece, taro: Member, settings: Settings
) -> None:
    key = b64decode(settings.PRINT_SHOP_PUBLIC_KEY)
    another = seal_mail_piece(key, by_hand(), number=piece.number)
    outside.shop.press.take(piece.number, another, service="restricted_delivery", at=TODAY)
    his = passcodes.request(taro, at=TODAY)
    compose_due(at=TODAY)
    assert hand_to_printer(at=TODAY) == 1
    assert piece_of(his).state == "ordered"
    piece.refresh_from_db()
    assert (piece.state, piece.failure) == ("composed", "party_refuses")


def test_a_code_that_became_void_is_not_printed(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest
) -> None:
    PasscodeRequest.objects.update(state="void", void_reason="changed")
    assert hand_to_printer(at=TODAY) == 0
    assert (piece_of(asked).state, piece_of(asked).object_id) == ("cancelled", None)
    assert not StoredObject.objects.exists()
    assert numbers(outside) == []


def test_a_paper_is_there_until_its_cancelling_is_committed(
    outside: Outside, piece: MailPiece
) -> None:
    assert piece.object_id is not None
    paper = vault.sealed_bytes(piece.object_id)
    with transaction.atomic():
        PasscodeRequest.objects.update(state="void", void_reason="changed")
        hand_to_printer(at=TODAY)
        transaction.set_rollback(True)
    assert vault.sealed_bytes(piece.object_id) == paper


class _Box(BaseHTTPRequestHandler):
    """Some box on the way that says yes to everything, or sends people elsewhere."""

    asked: list[str]
    answer: tuple[int, bytes]

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.asked.append(self.path)
        status, body = self.answer
        self.send_response(status)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_PUT()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def box(status: int, body: bytes) -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []
    handler = type("Box", (_Box,), {"asked": asked, "answer": (status, body)})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>Welcome to our wireless network</html>"),
        (201, b"{}"),
        (200, b'{"number": "P-0000-0000-0000", "sha256": ""}'),
        (200, b"[" * 200_000),
        (204, b""),
        (302, b""),
        (307, b""),
    ],
    ids=["a portal", "no words", "another piece", "a tower of lists", "nothing", "302", "307"],
)
def test_only_the_print_shops_own_word_counts(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings, status: int, body: bytes
) -> None:
    with box(status, body) as (settings.PRINT_SHOP_URL, heard):
        assert hand_to_printer(at=TODAY) == 0
    assert heard == [f"/pieces/{piece.number}"]  # and nothing at the place it points to
    assert piece_of(asked).state == "composed"


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (204, "party_refuses"), (302, "party_refuses"), (404, "party_refuses"),
        (428, "party_refuses"), (430, "party_refuses"), (499, "party_refuses"),
        (429, "party_away"), (500, "party_away"), (503, "party_away"),
    ],
)  # fmt: skip
def test_who_is_away_is_left_alone_and_who_refuses_one_piece_gets_the_next(
    piece: MailPiece, taro: Member, settings: Settings, status: int, failure: str
) -> None:
    passcodes.request(taro, at=TODAY)
    compose_due(at=TODAY)
    with box(status, b"") as (settings.PRINT_SHOP_URL, heard):
        assert hand_to_printer(at=TODAY) == 0
    asked = {"party_away": 1, "party_refuses": 2}[failure]
    assert len(heard) == asked
    failures = sorted(MailPiece.objects.values_list("failure", flat=True))
    assert failures == [""] * (2 - asked) + [failure] * asked


def test_what_was_told_quicker_than_the_answer_stands(
    piece: MailPiece, asked: PasscodeRequest
) -> None:
    """The piece is printed, and its event is taken, before the answer to handing it over comes."""
    MailPiece.objects.update(state="printed", object_id=None)
    commands._mark_ordered(piece)
    commands._put_off(piece, "party_away", at=TODAY)
    now = piece_of(asked)
    assert (now.state, now.failure, now.due_at) == ("printed", "", TODAY)


def test_what_becomes_of_one_piece_becomes_of_no_other(
    piece: MailPiece, asked: PasscodeRequest, taro: Member
) -> None:
    his = passcodes.request(taro, at=TODAY)
    compose_due(at=TODAY)
    piece.attempts = 1
    commands._put_off(piece, "party_away", at=TODAY)
    assert (piece_of(his).failure, piece_of(his).due_at) == ("", TODAY)
    commands._mark_ordered(piece)
    assert (piece_of(asked).state, piece_of(his).state) == ("ordered", "composed")


def test_the_piece_that_waits_longest_goes_first(
    outside: Outside, piece: MailPiece, taro: Member
) -> None:
    his = passcodes.request(taro, at=TODAY)
    compose_due(at=TODAY)
    MailPiece.objects.filter(subject_id=his.id).update(due_at=TODAY - timedelta(seconds=1))
    claimed = [commands._claim(at=TODAY) for _ in range(3)]
    assert [one and one.subject_id for one in claimed] == [his.id, piece.subject_id, None]
    assert {one.due_at for one in claimed if one} == {TODAY + timedelta(seconds=60)}


def test_a_paper_that_the_store_has_lost_holds_up_nobody(
    outside: Outside, piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    for path in settings.STORE_FOLDER.rglob("*"):
        if path.is_file():
            path.unlink()
    assert hand_to_printer(at=TODAY) == 0
    assert piece_of(asked).failure == "content_gone"


def test_nobody_there_at_all_is_an_absence_too(
    piece: MailPiece, asked: PasscodeRequest, settings: Settings
) -> None:
    settings.PRINT_SHOP_URL = "http://127.0.0.1:1"
    assert hand_to_printer(at=TODAY) == 0
    assert piece_of(asked).failure == "party_away"
