"""Every page, in both languages, full and empty."""

from uuid import UUID

import pytest

from mypost.letters.models import Letter
from mypost.senders import commands as senders
from mypost.senders.models import Sender
from tests.conftest import LATER
from tests.entrypoints.sender_web.conftest import Person
from tests.entrypoints.sender_web.test_access import PAGES

LANGUAGES = ["ja", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*PAGES, "/running"])
def test_a_page_of_an_empty_console_stands(console: Person, path: str, language: str) -> None:
    console.http.cookies["mypost_language"] = language
    page = console.get(path)
    assert path == "/running" or f'<html lang="{language}">' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_with_something_on_it_stands(
    console: Person, letter: Letter, draft: UUID, language: str
) -> None:
    console.http.cookies["mypost_language"] = language
    paths = [
        *PAGES, f"/letters/new/{draft}/text", f"/letters/new/{draft}/recipients",
        f"/consignments/{draft}", f"/consignments/{draft}/check", f"/letters/{letter.id}",
        f"/consignments/{letter.consignment_id}", "/letters?words=R-1", "/members?words=A",
    ]  # fmt: skip
    for path in paths:
        page = console.get(path)
        assert page.count("<h1") == 1, path
        assert "みなと市" in page, path


@pytest.mark.parametrize("path", [path for path in PAGES if "new" not in path])
def test_a_suspended_sender_may_look(console: Person, city: Sender, path: str) -> None:
    suspend(city)
    assert "sender_suspended" in console.get(path)


def test_a_suspended_sender_begins_nothing_new(console: Person, city: Sender) -> None:
    suspend(city)
    for path in ("/letters/new", "/consignments/new"):
        console.get(path, 403)
        assert console.post(path).status_code == 403


def test_a_sender_suspended_while_writing_keeps_its_letter_unsent(
    console: Person, city: Sender, draft: UUID
) -> None:
    suspend(city)
    assert '/send"' not in console.get(f"/consignments/{draft}/check")
    console.posted(f"/consignments/{draft}/send", 403)
    assert "BOSAI-1" in console.get(f"/consignments/{draft}")


def suspend(sender: Sender) -> None:
    state = Sender.ContractState.SUSPENDED
    senders.move_contract(sender.id, state, reason="test", at=LATER)


@pytest.mark.parametrize(
    "path",
    [
        "/letters?before=x", "/letters?words=%00", "/consignments?before=9", "/members?after=%00",
        "/members?words=%00", "/letters?words=" + "x" * 200, "/members?after=" + "x" * 99,
    ],
)  # fmt: skip
def test_an_address_that_nobody_wrote_gives_a_page(console: Person, path: str) -> None:
    assert console.http.get(path).status_code in (200, 422)
