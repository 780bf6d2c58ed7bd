"""What holds for each of the pages about oneself."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from mypost.entrypoints.fonts import OwnFonts
from mypost.members.models import Member
from tests.entrypoints.active import active_in
from tests.entrypoints.member_web.card_use import LINK, PROVE, STEP_UP, use_card
from tests.entrypoints.member_web.conftest import page
from tests.entrypoints.member_web.test_profile import TYPED
from tests.proofing.offices import RunningOffice

PAGES = [
    "/me/", "/me/history/", "/me/profile/", "/me/passcode/", "/me/card/", PROVE, LINK, STEP_UP,
    "/me/merge/", "/me/merge/same-person/",
]  # fmt: skip
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_it_speaks_one_language_and_does_nothing_by_itself(
    his: Client, path: str, language: str
) -> None:
    his.cookies["mypost_language"] = language
    shown = page(his, path)
    heading = re.findall(r"(?s)<h1[^>]*>(.*?)</h1>", shown)
    assert len(heading) == 1
    assert bool(JAPANESE.search(heading[0])) == (language == "ja")
    assert active_in(shown) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_head_is_answered_like_a_get_without_its_body(his: Client, path: str) -> None:
    answer = his.head(path)
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_doors_own_role_is_enough(
    his: Client, jiro: Member, office: RunningOffice, as_the_door: Callable[[], None]
) -> None:
    as_the_door()
    for path in PAGES:
        assert page(his, path)
    assert his.post("/me/profile/", TYPED).status_code == 303
    assert his.post("/me/passcode/ask").status_code == 303
    assert his.post("/me/passcode/", {"code": "0000-0000-0000"}).status_code == 303
    for errand in (PROVE, LINK, STEP_UP):
        assert use_card(his, errand, "jiro")[0] == 303
    assert his.post("/me/merge/ask").status_code == 200
    assert his.post("/me/merge/", {"code": "XXXX-XXXX-XXXX-XXXX"}).status_code == 422


def test_the_font_for_registered_glyphs_is_served_and_nothing_else_of_its_package() -> None:
    fonts = OwnFonts()
    ((name, storage),) = fonts.list(None)
    assert fonts.find(f"fonts/{name}") == storage.path(name)
    assert fonts.find("fonts/__init__.py") is None
    assert fonts.find(f"fonts/{name}", find_all=True) == [storage.path(name)]
