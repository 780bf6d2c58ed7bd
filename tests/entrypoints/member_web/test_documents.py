"""The bytes of a document: the letter's own, and nothing that a browser could take for a page."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from mypost.entrypoints.member_web.downloads import file_name
from mypost.intake.commands import HandedDocument
from mypost.letters.models import Letter
from mypost.members.models import Member
from tests.conftest import SendLetter
from tests.entrypoints.member_web.conftest import PDF, Open, text_of
from tests.pdf_makers import ONE_PAGE, by_hand

OTHER = by_hand(ONE_PAGE, trailer=b"/ID [<01> <01>]")


def address(letter: Letter, position: object = 1) -> str:
    return f"/letters/{letter.id}/documents/{position}"


def stored_files(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.STORE_FOLDER).rglob("*") if path.is_file()]


def test_it_gives_each_document_in_its_place(hers: Client, opened: Open) -> None:
    letter = opened(HandedDocument("a.pdf", PDF), HandedDocument("b.pdf", OTHER))
    assert hers.get(address(letter, 1)).content == PDF
    assert hers.get(address(letter, 2)).content == OTHER


def test_it_can_do_nothing_as_a_page(hers: Client, with_document: Letter) -> None:
    headers = hers.get(address(with_document)).headers
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E7%B4%8D%E7%A8%8E%E9%80%9A%E7%9F%A5%E6%9B%B8.pdf"
    )


@pytest.mark.parametrize("position", ["0", "2", "99999999999999999999", "-1", "x", "1/", "1.0"])
def test_there_is_nothing_in_other_places(
    hers: Client, with_document: Letter, position: str
) -> None:
    assert hers.get(address(with_document, position)).status_code == 404


def test_an_unopened_letter_gives_nothing_away(hers: Client, send_letter: SendLetter) -> None:
    item = send_letter([HandedDocument("a.pdf", PDF)])
    assert hers.get(f"/letters/{item.letter_id}/documents/1").status_code == 404
    assert hers.get(f"/letters/{item.letter_id}/documents/2").status_code == 404


def test_a_letter_above_the_members_level_gives_nothing_away(
    hers: Client, hanako: Member, opened: Open
) -> None:
    letter = opened(HandedDocument("a.pdf", PDF), required_assurance=3)
    Member.objects.filter(id=hanako.id).update(level=1)
    assert hers.get(address(letter)).status_code == 404


def test_a_document_that_was_changed_is_not_given(
    hers: Client, with_document: Letter, settings: Settings
) -> None:
    for path in stored_files(settings):
        path.write_bytes(path.read_bytes()[:-1] + b"\0")
    shown = text_of(hers.get(address(with_document)), 503)
    assert "content_damaged" in shown
    assert with_document.number in shown


def test_a_document_that_is_gone_is_said_so(
    hers: Client, with_document: Letter, settings: Settings
) -> None:
    for path in stored_files(settings):
        path.unlink()
    assert "content_gone" in text_of(hers.get(address(with_document)), 503)


NAMES = [
    # as sent, as kept, why
    ("納税通知書.pdf", "納税通知書.pdf", "a Japanese name"),
    ("../../etc/x.pdf", "_.._etc_x.pdf", "no way out of the folder"),
    ("C:\\autoexec.bat", "C__autoexec.bat", "nor on Windows"),
    ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf", "no second header"),
    ("\u202efdp.exe", "fdp.exe", "no reversed writing"),
    ("a\x00b.pdf", "ab.pdf", "no NUL"),
    ('a"b.pdf', "a_b.pdf", "no quotes"),
    (".pdf", "pdf", "a name that is all ending"),
    ("", "document", "no name at all"),
    (" . ", "document", "nothing to see"),
    ("長" * 200 + ".pdf", "長" * 120 + ".pdf", "longer than a file system takes"),
    ("a." + "b" * 50, "a." + "b" * 10, "an ending that is none"),
]


@pytest.mark.parametrize(("sent", "kept", "why"), NAMES, ids=[why for _, _, why in NAMES])
def test_it_is_kept_under_a_name_that_every_system_takes(sent: str, kept: str, why: str) -> None:
    assert file_name(sent) == kept
