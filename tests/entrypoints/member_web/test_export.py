"""The archive: everything a member may see now, and nothing else, made while it is sent."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from mypost.evidence.models import Line
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.vault import commands as vault
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.models import Envelope
from tests.conftest import PASSWORD, SendLetter
from tests.entrypoints.member_web.conftest import (
    PDF,
    Deliver,
    Open,
    a_content,
    openings,
    page,
)
from tests.entrypoints.signed_in import confirmed_again

ARCHIVE = "/me/export/archive"


@pytest.fixture
def sure(hers: Client, hanako: Member) -> Client:
    """Hanako's browser; she has just confirmed that it is she."""
    return confirmed_again(hers, hanako.account)


def archive_of(http: Client, **posted: str) -> zipfile.ZipFile:
    answer: Any = http.post(ARCHIVE, posted)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert archive.testzip() is None
    return archive


def names_in(archive: zipfile.ZipFile, ending: str = "") -> list[str]:
    return [name for name in archive.namelist() if name.endswith(ending)]


def read(archive: zipfile.ZipFile, ending: str) -> str:
    (name,) = names_in(archive, ending)
    return archive.read(name).decode()


def exports() -> int:
    return Line.objects.filter(event="ContentExported").count()


def test_it_holds_text_documents_receipt_index_and_profile(
    sure: Client, with_document: Letter, integrated: Callable[[], None]
) -> None:
    integrated()
    archive = archive_of(sure)
    folder = f"letters/2026-11-22-{with_document.number}"
    assert archive.namelist() == [
        "index.html", "profile.json", f"{folder}/letter.txt", f"{folder}/01-納税通知書.pdf",
        f"{folder}/receipt.json",
    ]  # fmt: skip
    assert archive.read(f"{folder}/01-納税通知書.pdf") == PDF
    assert "納期限は11月30日です。" in read(archive, "letter.txt")
    assert json.loads(read(archive, "receipt.json"))
    assert json.loads(read(archive, "profile.json"))["email"] == "hanako@example.jp"


def test_the_index_speaks_the_members_language(
    sure: Client, in_english: Client, hanako: Member, with_document: Letter
) -> None:
    japanese, english = (
        read(archive_of(http), "index.html")
        for http in (sure, confirmed_again(in_english, hanako.account))
    )
    assert '<html lang="ja">' in japanese
    assert '<html lang="en">' in english
    assert "Letters of 花子" in english
    for shown in (japanese, english):
        assert "国民健康保険税のお知らせ" in shown


def test_it_is_on_record_before_the_first_byte(sure: Client) -> None:
    answer: Any = sure.post(ARCHIVE)
    assert exports() == 1
    answer.close()


def test_it_asks_who_it_is_first_and_takes_the_wish_up_again(hers: Client) -> None:
    assert hers.get("/me/export/")["Location"].startswith("/account/reauthenticate/")
    to_confirm = hers.post(ARCHIVE)["Location"]
    assert to_confirm.startswith("/account/reauthenticate/")
    assert exports() == 0
    answer: Any = hers.post(to_confirm, {"password": PASSWORD})
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).namelist()
    assert exports() == 1


def test_an_unopened_letter_is_named_and_stays_closed(sure: Client, letter: Letter) -> None:
    archive = archive_of(sure)
    assert names_in(archive, "letter.txt") == []
    assert letter.number in read(archive, "index.html")
    assert openings() == 0


def test_it_opens_them_on_record_when_asked_to(sure: Client, letter: Letter) -> None:
    archive = archive_of(sure, unread="1")
    assert "納期限" in read(archive, "letter.txt")
    assert openings() == 1
    assert "receipt_not_ready" in read(archive, "receipt.missing.txt")


@pytest.mark.parametrize("opened_before", [True, False])
def test_what_asks_for_a_stronger_sign_in_is_left_out_and_named(
    sure: Client, opened: Open, send_letter: SendLetter, opened_before: bool
) -> None:
    written = (
        opened(reference="R-9").id if opened_before else send_letter(reference="R-9").letter_id
    )
    found = Letter.objects.filter(id=written)
    found.update(required_aal=3, confidential=True)
    archive = archive_of(sure, unread="1")
    assert names_in(archive, "letter.txt") == []
    index = read(archive, "index.html")
    assert found.get().number in index
    for hidden in ("みなと市", "国民健康保険税"):
        assert hidden not in index


def test_what_asks_for_a_higher_level_is_left_out_and_named(
    sure: Client, hanako: Member, with_document: Letter
) -> None:
    Letter.objects.update(required_assurance=3)
    Member.objects.filter(id=hanako.id).update(level=2)
    archive = archive_of(sure)
    assert names_in(archive, "letter.txt") == []
    assert with_document.number in read(archive, "index.html")


def test_the_stranger_gets_nothing_of_hers(
    his: Client, jiro: Member, with_document: Letter
) -> None:
    archive = archive_of(confirmed_again(his, jiro.account), unread="1")
    assert archive.namelist() == ["index.html", "profile.json"]
    assert with_document.number not in read(archive, "index.html")
    assert "hanako" not in read(archive, "profile.json")


def test_nobody_gets_nothing(nobodys: Client, db: None) -> None:
    assert nobodys.post(ARCHIVE)["Location"].startswith("/account/login/")
    assert nobodys.get(ARCHIVE).status_code == 405


HOSTILE = [
    "../../etc/passwd", "..", "/etc/passwd", "C:\\Windows\\a.pdf", "a\x00b.pdf", "\u202efdp.exe",
    "CON", ".", "x" * 300 + ".pdf", "a/b.pdf", "same.pdf", "same.pdf",
]  # fmt: skip


def test_hostile_names_become_harmless_and_stay_apart(
    sure: Client, with_document: Letter, deliver: Deliver
) -> None:
    deliver(_content_with_names(with_document, HOSTILE))
    with_document.delete()
    paths = names_in(archive_of(sure, unread="1"))[2:]
    names = [path.removeprefix(os.path.commonpath(paths) + "/") for path in paths]
    assert len(set(names)) == len(names) == len(HOSTILE) + 2
    for name in names:
        assert "/" not in name
        assert "\\" not in name
        assert name.isprintable()
        assert len(name) < 140


def _content_with_names(letter: Letter, names: list[str]) -> EnvelopeContent:
    content = vault.open_envelope(letter.mailbox_id, letter.id)
    document = content.documents[0]
    return replace(content, documents=tuple(replace(document, name=name) for name in names))


def test_a_letter_that_cannot_be_opened_hides_no_neighbour(
    sure: Client, opened: Open, with_document: Letter
) -> None:
    second = opened(reference="R-2")
    Envelope.objects.filter(letter_id=with_document.id).update(sealed=b"damaged")
    archive = archive_of(sure)
    assert "content_damaged" in read(archive, "/missing.txt")
    assert second.number in names_in(archive, "letter.txt")[0]


def test_it_comes_into_being_while_it_is_sent(sure: Client, deliver: Deliver) -> None:
    deliver(*[a_content(subject=f"手紙{number}", body="本文" * 5_000) for number in range(150)])
    answer: Any = sure.post(ARCHIVE, {"unread": "1"})
    pieces = answer.streaming_content
    total = len(next(pieces))
    while openings() == 0:
        total += len(next(pieces))
    assert openings() < 5
    total += sum(len(piece) for piece in pieces)
    assert openings() == 150
    assert total > 0


def test_the_page_says_what_is_in_it(sure: Client, letter: Letter) -> None:
    shown = page(sure, "/me/export/")
    assert 'name="unread"' in shown


def test_the_doors_own_role_is_enough(
    sure: Client, send_letter: SendLetter, with_document: Letter, as_the_door: Callable[[], None]
) -> None:
    send_letter(reference="R-2")
    as_the_door()
    assert names_in(archive_of(sure, unread="1"), "letter.txt")
