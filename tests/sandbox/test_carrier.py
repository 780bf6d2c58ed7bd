"""The carrier is spoken to as programs and people speak to it: HTTP over real sockets."""

import json
import signal
from collections.abc import Iterator
from http.client import HTTPMessage
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from mypost.kernel.identifiers import mail_piece_number
from tests.patience import PATIENCE, await_it

from .parties import Party, open_carrier, start_party

NUMBER = mail_piece_number(b"hanako's")
ANOTHER = mail_piece_number(b"jiro'spc")
PIECES = f"/pieces/{NUMBER}"


@pytest.fixture
def carrier(tmp_path: Path) -> Iterator[Party]:
    with open_carrier(tmp_path) as party:
        yield party


def hand_in(carrier: Party, number: str = NUMBER, *, token: str = "sandbox") -> dict[str, str]:
    order = {"service": "restricted_delivery", "window": "〒979-9912\n佐藤　花子　様"}
    return carrier.put(f"/pieces/{number}", json.dumps(order).encode(), token=token)


def press(carrier: Party, act: str, **form: str) -> str:
    """Press a button on the piece's page, and return the page that follows."""
    return carrier.press(f"{PIECES}/{act}", **form)


def kinds(carrier: Party) -> list[str]:
    return [event["kind"] for event in carrier.events()]


def test_a_piece_gets_one_tracking_number_however_often_it_is_handed_in(carrier: Party) -> None:
    first, second = hand_in(carrier), hand_in(carrier)
    assert first == second
    digits = first["tracking_number"].replace("-", "")
    assert int(digits[:10]) % 7 == int(digits[10])
    assert kinds(carrier) == ["accepted"]


def test_its_page_shows_what_the_window_shows(carrier: Party) -> None:
    hand_in(carrier)
    page = carrier.page(PIECES)
    assert "佐藤　花子　様" in page
    assert "本人限定受取" in page
    assert "<script" not in page


def test_it_leaves_a_notice_and_hands_over_after_the_id_check(carrier: Party) -> None:
    hand_in(carrier)
    assert "保管中" in press(carrier, "notice")
    assert "交付" in press(carrier, "hand-over", document="passport", digits="0257")
    handed = carrier.events()[-1]
    assert (handed["id_document"], handed["id_last_digits"]) == ("passport", "0257")
    assert kinds(carrier) == ["accepted", "notice_left", "handed_over"]


@pytest.mark.parametrize("reason", ["moved", "name_differs", "absent", "refused"])
def test_it_sends_back_and_says_why(carrier: Party, reason: str) -> None:
    hand_in(carrier)
    press(carrier, "return", reason=reason)
    assert carrier.events()[-1]["return_reason"] == reason


def test_after_ten_days_it_sends_back(carrier: Party) -> None:
    hand_in(carrier)
    press(carrier, "notice")
    press(carrier, "ten-days")
    assert carrier.events()[-1]["return_reason"] == "period_over"


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("hand-over", {"document": "passport", "digits": ""}),
        ("hand-over", {"document": "library_card", "digits": "0257"}),
        ("hand-over", {}),
        ("return", {"reason": "bored"}),
        ("eat", {}),
    ],
    ids=["no digits", "no such document", "nothing shown", "no such reason", "no such act"],
)
def test_it_hands_over_to_nobody_who_shows_nothing(
    carrier: Party, act: str, form: dict[str, str]
) -> None:
    hand_in(carrier)
    with pytest.raises(HTTPError) as refused:
        press(carrier, act, **form)
    with refused.value:
        assert refused.value.status == 404
    assert kinds(carrier) == ["accepted"]


def test_what_is_done_stays_done(carrier: Party) -> None:
    hand_in(carrier)
    press(carrier, "return", reason="moved")
    for act, form in (("notice", {}), ("hand-over", {"document": "passport", "digits": "0257"})):
        with pytest.raises(HTTPError) as refused:
            press(carrier, act, **form)
        refused.value.close()
    assert kinds(carrier) == ["accepted", "returned"]


def test_a_feed_goes_on_after_its_cursor(carrier: Party) -> None:
    hand_in(carrier)
    first = carrier.feed()
    press(carrier, "notice")
    second = carrier.feed(first["cursor"])
    assert [event["kind"] for event in second["events"]] == ["notice_left"]
    assert carrier.feed(second["cursor"])["events"] == []


def test_a_wrong_token_learns_nothing(carrier: Party) -> None:
    hand_in(carrier)
    for ask in (lambda: hand_in(carrier, ANOTHER, token="x"), lambda: carrier.feed(token="x")):
        with pytest.raises(HTTPError) as refused:
            ask()
        with refused.value:
            assert refused.value.status == 401


def test_another_page_cannot_press_its_buttons(carrier: Party) -> None:
    hand_in(carrier)
    request = Request(
        carrier.url + f"{PIECES}/notice", data=b"", headers={"Origin": "http://evil.example"}
    )
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=PATIENCE)
    with refused.value:
        assert refused.value.status == 403
    assert kinds(carrier) == ["accepted"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"service": 1}'])
def test_an_order_that_is_none_is_refused(carrier: Party, body: bytes) -> None:
    with pytest.raises(HTTPError) as refused:
        carrier.put(PIECES, body)
    with refused.value:
        assert refused.value.status == 400
    assert carrier.events() == []


@pytest.mark.parametrize(
    "path", ["/nowhere", "/pieces/", "/pieces/../../etc/passwd", f"/pieces/{ANOTHER}", "/pieces/x"]
)
def test_an_address_that_leads_nowhere_gives_404(carrier: Party, path: str) -> None:
    with pytest.raises(HTTPError) as lost:
        carrier.page(path)
    with lost.value:
        assert lost.value.status == 404


def test_its_pages_speak_both_languages_and_hold_no_script(carrier: Party) -> None:
    hand_in(carrier)
    assert '<html lang="en">' in carrier.page("/", language="en")
    assert "Deliveries" in carrier.page("/", language="en")
    assert "配達" in carrier.page("/", language="ja")
    headers: HTTPMessage
    with urlopen(carrier.url + "/", timeout=PATIENCE) as answer:
        headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_strange_words_are_text(carrier: Party) -> None:
    order = {"service": "<b>", "window": "<script>alert(1)</script>"}
    carrier.put(PIECES, json.dumps(order).encode())
    assert "<script>" not in carrier.page(PIECES)
    assert "&lt;script&gt;" in carrier.page(PIECES)


def test_events_and_pieces_outlive_a_kill(tmp_path: Path) -> None:
    with start_party("carrier", tmp_path) as first:
        tracking = hand_in(first)
        press(first, "notice")
        first.stop(signal.SIGKILL)
    with start_party("carrier", tmp_path) as second:
        assert hand_in(second) == tracking
        assert kinds(second) == ["accepted", "notice_left"]


def test_with_speed_a_piece_goes_its_way_by_itself(tmp_path: Path) -> None:
    with start_party("carrier", tmp_path, "--speed", "0.1") as quick:
        hand_in(quick)
        await_it(lambda: kinds(quick)[-1] == "handed_over", "the hand-over")
        assert kinds(quick) == ["accepted", "notice_left", "handed_over"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_quietly(tmp_path: Path, number: signal.Signals) -> None:
    with start_party("carrier", tmp_path) as party:
        assert party.stop(number) == 0


def test_a_trouble_is_switched_on_and_off_on_its_page(carrier: Party) -> None:
    page = carrier.press("/trouble", trouble="away")
    assert 'value="away" selected' in page
    with pytest.raises(HTTPError) as away:
        carrier.feed()
    with away.value:
        assert away.value.status == 503
    carrier.press("/trouble", trouble="none")
    assert carrier.events() == []


def test_a_query_is_no_part_of_a_number(carrier: Party) -> None:
    hand_in(carrier)
    assert "佐藤" in carrier.page(f"{PIECES}?{urlencode({'x': '/../'})}")
