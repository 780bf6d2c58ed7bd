"""The stranger knows every address, and every one of them gives 404."""

import httpx
import pytest
from playwright.sync_api import Browser

from tests.journeys.asking import Asked
from tests.journeys.browser import DESKTOP, addresses_with_ids, call, pages_from, person
from tests.journeys.conftest import Demo
from tests.patience import PATIENCE

API = [
    ("GET", "/letters/{letter}"),
    ("GET", "/letters/{letter}/receipt"),
    ("GET", "/consignments/{consignment}"),
    ("GET", "/consignments/{consignment}/items"),
    ("PUT", "/consignments/{consignment}/items"),
    ("PUT", "/consignments/{consignment}/documents/a.pdf"),
    ("POST", "/consignments/{consignment}/submit"),
]


def addresses_seen_by(
    chromium: Browser, address: str, email: str, *, door: str
) -> set[tuple[str, str]]:
    """Every address with an id in it that somebody's own pages name."""
    with person(chromium, address, size=DESKTOP) as owner:
        owner.come_in(email, door=door)
        seen = set()
        for _path in pages_from(owner, "/", words=False):
            seen |= addresses_with_ids(owner)
        return seen


@pytest.mark.parametrize(
    ("door", "owner", "stranger", "least"),
    [
        ("member", "hanako@example.jp", "misaki@example.jp", 8),
        ("sender", "city@example.jp", "power@example.jp", 15),
    ],
)
def test_no_page_of_anothers_is_there_for_the_stranger(
    demo: Demo, chromium: Browser, door: str, owner: str, stranger: str, least: int
) -> None:
    address = getattr(demo, door)
    seen = addresses_seen_by(chromium, address, owner, door=door)
    if door == "member":  # every member may look at every sender
        seen = {(method, path) for method, path in seen if not path.startswith("/senders/")}
    assert len(seen) >= least
    with person(chromium, address) as somebody:
        somebody.come_in(stranger, door=door)
        answers = {(method, path): call(somebody, method, path) for method, path in sorted(seen)}
    told = {place: status for place, status in answers.items() if status not in (401, 404)}
    assert told == {}
    assert sum(status == 401 for status in answers.values()) <= 3  # keys and passkeys ask first


def test_no_call_of_the_api_tells_another_senders_things(demo: Demo, demo_stage: Asked) -> None:
    keys = demo_stage.ask("make-keys", "city@example.jp", "power@example.jp")
    city = {"Authorization": f"Bearer {keys['city@example.jp']}"}
    power = {"Authorization": f"Bearer {keys['power@example.jp']}", "Content-Type": "text/csv"}
    with httpx.Client(base_url=f"{demo.sender}/api/v1", timeout=PATIENCE) as api:
        events = api.get("/events", headers=city).json()["events"]
        letter = next(event["letter_id"] for event in events if event["type"] == "letter.consigned")
        opened = api.post("/consignments", headers=city, json={"reference": "x"}).json()
        for method, path in API:
            place = path.format(letter=letter, consignment=opened["id"])
            media = {"Content-Type": "application/pdf"} if "documents" in path else {}
            media = {"Content-Type": "application/json"} if "submit" in path else media
            answer = api.request(method, place, headers={**power, **media}, content=b"{}")
            assert answer.status_code == 404, (method, path, answer.text)
        theirs = api.get("/events?limit=1000", headers=power).json()["events"]
    assert letter not in {event.get("letter_id") for event in theirs}
