"""The demo world is whole: every name it uses exists, every code is well-formed."""

import json
import re
from datetime import UTC, date, datetime, timedelta

import pypdfium2
import pytest

from mypost.kernel.codes import contains_my_number, is_corporate_number, is_municipality_code
from mypost.kernel.typesetting import typeset
from sandbox.demo import World, load

A_WEDNESDAY = date(2026, 11, 25)
SUNDAY_BEFORE = date(2026, 11, 22)


@pytest.fixture
def world() -> World:
    return load(A_WEDNESDAY)


def everything_written(world: World) -> str:
    return json.dumps(
        [[vars(letter), [vars(paper) for paper in letter.documents]] for letter in world.letters],
        default=str,
        ensure_ascii=False,
    )


def test_it_has_three_senders_five_members_and_at_least_a_dozen_letters(world: World) -> None:
    assert [sender.key for sender in world.senders] == ["city", "power", "shop"]
    assert [member.level for member in world.members] == [3, 2, 1, 0, 2]
    assert len(world.letters) >= 12


def test_every_letter_goes_to_a_member_who_chose_its_topic_and_may_have_it(world: World) -> None:
    for letter in world.letters:
        member, sender = world.member(letter.member), world.sender(letter.sender)
        topic = next(topic for topic in sender.topics if topic.key == letter.topic)
        assert letter.topic in member.choices[letter.sender], letter.subject
        assert member.level >= letter.required_assurance, letter.subject
        assert letter.required_assurance >= 2 or not topic.verified_only, letter.subject


def test_nobody_below_level_two_chose_a_topic_for_verified_members(world: World) -> None:
    for member in world.members:
        for key, chosen in member.choices.items():
            sender = world.sender(key)
            closed = {topic.key for topic in sender.topics if topic.verified_only}
            assert member.level >= 2 or not (closed & set(chosen) or sender.verified_only)


def test_every_topic_belongs_to_a_category(world: World) -> None:
    categories = {category.key for category in world.categories}
    assert {topic.category for sender in world.senders for topic in sender.topics} <= categories


def test_every_corporate_number_has_its_check_digit(world: World) -> None:
    assert all(is_corporate_number(sender.corporate_number) for sender in world.senders)


def test_the_municipality_code_has_its_check_digit(world: World) -> None:
    assert is_municipality_code(world.sender("city").municipality_code or "")


def test_a_sender_uses_each_reference_once(world: World) -> None:
    references = [(letter.sender, letter.reference) for letter in world.letters]
    assert len(references) == len(set(references))


def test_no_letter_holds_twelve_digits_that_could_be_a_my_number(world: World) -> None:
    assert not contains_my_number(everything_written(world))


def test_every_document_can_be_typeset_letters_on_one_page_and_the_newsletter_on_two(
    world: World,
) -> None:
    papers = {paper.name: paper for letter in world.letters for paper in letter.documents}
    at = datetime(2026, 11, 25, tzinfo=UTC)
    for paper in papers.values():
        with pypdfium2.PdfDocument(typeset(paper.template, paper.data, at=at)) as pdf:
            text = "".join(page.get_textpage().get_text_range() for page in pdf)
            assert len(pdf) == (2 if paper.template == "newsletter" else 1), paper.name
            assert not contains_my_number(text), paper.name


def test_no_placeholder_is_left(world: World) -> None:
    assert not re.search(r"\{[a-z]+[^}\"]*\}", everything_written(world))


@pytest.mark.parametrize("distance", range(0, 400, 13))
def test_a_letter_was_never_sent_tomorrow_and_is_never_due_before_it_was_sent(
    distance: int,
) -> None:
    today = A_WEDNESDAY + timedelta(days=distance)
    for letter in load(today).letters:
        assert letter.sent_on <= today
        assert (letter.due or today) >= letter.sent_on
        assert (letter.reply_by or today) >= letter.sent_on


def test_days_are_counted_from_the_latest_sunday_so_that_an_election_is_on_a_sunday(
    world: World,
) -> None:
    election = next(letter for letter in world.letters if "市長選挙" in letter.subject)
    assert election.due == SUNDAY_BEFORE + timedelta(days=14)
    assert "令和8年12月6日（日）" in election.body


def test_an_english_letter_has_english_dates(world: World) -> None:
    bill = next(letter for letter in world.letters if letter.subject.startswith("Your gas bill"))
    assert bill.subject == "Your gas bill for October"
    assert "9 December 2026" in bill.body


def test_a_newsletter_carries_no_address_so_that_all_readers_share_one_document(
    world: World,
) -> None:
    papers = [
        paper
        for letter in world.letters
        for paper in letter.documents
        if paper.template == "newsletter"
    ]
    assert len(papers) > 1
    assert all(paper == papers[0] and "addressee" not in paper.data for paper in papers)
