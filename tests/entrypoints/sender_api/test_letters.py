"""POST /letters and what follows from it."""

from tests.entrypoints.sender_api.conftest import Program

Fields = dict[str, object]


def test_the_verdict_is_in_the_answer(program: Program, fields: Fields) -> None:
    answer = program.letter(fields)
    assert answer.status_code == 201, answer.content
    verdict = answer.json()
    assert verdict["state"] == "consigned"
    assert verdict["reference"] == fields["reference"]
