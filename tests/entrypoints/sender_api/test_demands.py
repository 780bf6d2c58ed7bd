"""What a letter may demand of its reader, as programs say it and are told it."""

import pytest

from mypost.letters.models import Letter
from mypost.members.models import Member
from tests.entrypoints.sender_api.conftest import Fields, Program, problem_of

DEMANDS = {"required_assurance": 2, "required_aal": 3, "confidential": True}


def test_a_letter_carries_its_demands_and_its_state_tells_them(
    program: Program, fields: Fields
) -> None:
    letter_id = program.letter({**fields, **DEMANDS}).json()["id"]
    letter = Letter.objects.get(id=letter_id)
    assert {name: getattr(letter, name) for name in DEMANDS} == DEMANDS
    told = program.get(f"/letters/{letter_id}").json()
    assert {name: told[name] for name in DEMANDS} == DEMANDS


def test_a_letter_that_demands_nothing_says_so(program: Program, fields: Fields) -> None:
    told = program.get(f"/letters/{program.letter(fields).json()['id']}").json()
    assert [told[name] for name in DEMANDS] == [0, 1, False]


def test_the_level_is_the_highest_that_anybody_demands(program: Program, fields: Fields) -> None:
    letter_id = program.letter({**fields, "topic": "tax", "required_assurance": 1}).json()["id"]
    assert program.get(f"/letters/{letter_id}").json()["required_assurance"] == 2


def test_a_refused_letter_has_no_demands(program: Program, fields: Fields, jiro: Member) -> None:
    letter_id = program.letter({**fields, **DEMANDS, "recipient": "nobody"}).json()["id"]
    assert not DEMANDS.keys() & program.get(f"/letters/{letter_id}").json().keys()


def test_a_letter_may_demand_a_sign_in_that_its_member_has_never_used(
    program: Program, fields: Fields, hanako: Member
) -> None:
    """A sign-in is made when the letter is opened; only a level is asked before delivery."""
    Member.objects.filter(id=hanako.id).update(level=0)
    told = program.letter({**fields, "required_aal": 3, "confidential": True}).json()
    assert told["state"] == "consigned"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("required_aal", 0), ("required_aal", 4), ("required_aal", True), ("required_aal", "強"),
        ("required_aal", 2.5), ("required_aal", [1]),
        ("confidential", 1), ("confidential", "yes"), ("confidential", {"a": 1}),
    ],
)  # fmt: skip
def test_a_demand_that_is_none_is_told_at_its_field(
    program: Program, fields: Fields, name: str, value: object
) -> None:
    problem = problem_of(program.letter({**fields, name: value}), 422, "field_invalid")
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        (f"/{name}", "field_invalid")
    ]
    assert not Letter.objects.exists()


def test_a_stranger_learns_no_demand(program: Program, stranger: Program, fields: Fields) -> None:
    letter_id = program.letter({**fields, **DEMANDS}).json()["id"]
    problem_of(stranger.get(f"/letters/{letter_id}"), 404, "letter_not_found")
