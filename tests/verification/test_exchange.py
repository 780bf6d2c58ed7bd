"""One question, one deadline: neither a drip of bytes nor a flood of them outlasts a check."""

import time

import pytest

from mypost.verification.exchange import Deadline, Question, TooLate, Unanswered, ask
from tests.verification.publisher import Publisher


def fetch(publisher: Publisher, *, seconds: float = 0.4, most: int = 1000) -> bytes:
    question = Question(f"{publisher.address}/a", most)
    return ask(question, deadline=Deadline(seconds)).content


def test_it_returns_what_was_said(publisher: Publisher) -> None:
    publisher.answer = lambda path: path.encode()
    assert fetch(publisher) == b"/a"


def test_a_head_that_drips_ends_with_the_check(publisher: Publisher) -> None:
    publisher.drip = 0.05
    began = time.monotonic()
    with pytest.raises(TooLate):
        fetch(publisher)
    assert time.monotonic() - began < 0.7


def test_a_body_that_drips_ends_with_the_check(publisher: Publisher) -> None:
    publisher.answer, publisher.drip = (lambda path: b"x" * 900), 0.002
    began = time.monotonic()
    with pytest.raises(TooLate):
        fetch(publisher)
    assert time.monotonic() - began < 0.7


def test_it_takes_no_more_than_was_asked_for(publisher: Publisher) -> None:
    publisher.answer = lambda path: b"x" * 1001
    with pytest.raises(Unanswered):
        fetch(publisher)


def test_a_length_that_is_a_lie_is_no_answer(publisher: Publisher) -> None:
    publisher.answer, publisher.headers = (lambda path: b"short"), {"Content-Length": "500"}
    with pytest.raises(Unanswered):
        fetch(publisher)


def test_what_was_packed_is_not_unpacked(publisher: Publisher) -> None:
    publisher.answer = lambda path: b"\x1f\x8b bytes"
    publisher.headers = {"Content-Encoding": "gzip"}
    assert fetch(publisher) == b"\x1f\x8b bytes"


def test_it_asks_no_proxy_of_the_environment(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Publisher() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
        fetch(publisher)
    assert (len(publisher.asked), proxy.asked) == (1, [])


def test_no_time_is_no_question(publisher: Publisher) -> None:
    with pytest.raises(TooLate):
        fetch(publisher, seconds=0)
    assert publisher.asked == []
