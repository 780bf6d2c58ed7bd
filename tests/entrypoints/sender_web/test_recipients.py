"""Choosing who gets a letter: the list of members, its pages, and what stays chosen."""

import re
from typing import Any
from uuid import UUID

import pytest

from mypost.intake.models import Consignment
from mypost.senders.models import Sender
from mypost.subscriptions.models import Subscription
from tests.entrypoints.sender_web.conftest import Person, csv, id_in, write_letter
from tests.entrypoints.sender_web.test_members import let_choose

TICKABLE = re.compile(r'name="ticked" value="([^"]+)"')


@pytest.fixture
def at_recipients(draft: UUID) -> str:
    return f"/letters/new/{draft}/recipients"


PRESSED: dict[str, tuple[dict[str, str], str]] = {
    "a search begins the list anew": ({"find": "1", "after": "4K"}, "?words=7Q&after="),
    "adding stays where one is": ({"add": "1", "after": "4K"}, "?words=7Q&after=4K"),
    "the next page": ({"next": "9Z", "after": "4K"}, "?words=7Q&after=9Z"),
    "the first page": ({"first": "1", "after": "4K"}, "?words=7Q&after="),
    "words too long lead nowhere": ({"add": "1", "words": "A" * 25}, "?"),
}


@pytest.mark.parametrize("which", PRESSED)
def test_a_button_leads_to_its_place_in_the_list(
    console: Person, at_recipients: str, which: str
) -> None:
    pressed, place = PRESSED[which]
    typed: dict[str, Any] = {"recipients": "x", "words": "７q", **pressed}
    assert console.posted(at_recipients, **typed) == f"{at_recipients}{place}"


def test_whoever_was_ticked_stays_chosen_and_is_not_offered_again(
    console: Person, city: Sender
) -> None:
    let_choose(city, 3)
    first, second, third = sorted(Subscription.objects.values_list("pseudonym", flat=True))
    draft = write_letter(console, "ZZZZ")
    at_recipients = f"/letters/new/{draft}/recipients"
    assert TICKABLE.findall(console.get(at_recipients)) == [first, second, third]
    console.posted(at_recipients, recipients="ZZZZ", ticked=[third, first], add="1")
    page = console.get(at_recipients)
    assert TICKABLE.findall(page) == [second]
    assert f"ZZZZ\n{third}\n{first}</textarea>" in page
    assert Consignment.objects.get().submitted == 3


def test_nobody_is_chosen_yet_and_that_is_no_mistake_while_searching(
    console: Person, at_recipients: str
) -> None:
    console.posted(at_recipients, recipients="", find="1")
    assert Consignment.objects.get().submitted == 1  # the row that waits for its recipient
    assert "</textarea>" in console.get(at_recipients)
    to_check = f"/consignments/{Consignment.objects.get().id}/check"
    assert console.http.get(to_check)["Location"] == at_recipients


def test_a_file_has_no_pages_of_a_letter(console: Person) -> None:
    """Its rows are letters of their own; a form for one letter would overwrite them."""
    rows = csv("recipient,reference,subject\nx,1,a\ny,2,b\n")
    file = id_in(console.posted("/consignments/new", reference="r", items=rows))
    for page in ("text", "recipients"):
        for answer in (
            console.http.get(f"/letters/new/{file}/{page}"),
            console.post(f"/letters/new/{file}/{page}", recipients="z", check="1"),
        ):
            assert (answer.status_code, answer["Location"]) == (302, f"/consignments/{file}/check")
    assert Consignment.objects.get().submitted == 2
