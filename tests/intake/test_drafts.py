"""Reading one letter's fields, from JSON or from a row."""

from datetime import date

import pytest

from mypost.intake.drafts import (
    Draft,
    document_name,
    fault_of_name,
    read_draft,
    read_json_object,
)
from mypost.intake.errors import FieldsInvalid

FIELDS: dict[str, object] = {"recipient": "nobody", "reference": "R-1", "subject": "お知らせ"}


def draft(**fields: object) -> Draft:
    reading = read_draft({**FIELDS, **fields})
    assert reading.draft is not None, reading.errors
    return reading.draft


def faults(**fields: object) -> list[tuple[str, str]]:
    reading = read_draft({**FIELDS, **fields})
    assert reading.draft is None
    return [(error.pointer, error.code) for error in reading.errors]


def test_what_is_not_said_has_its_usual_value() -> None:
    assert draft() == Draft("nobody", "R-1", "お知らせ")
    assert draft() == draft(body=None, language="", topic=None, documents="", due="")


def test_all_that_is_said_is_read() -> None:
    read = draft(
        body="本文", language="en", topic="tax", documents=["a.pdf"], required_assurance=2,
        due="2026-12-31",
    )  # fmt: skip
    assert (read.body, read.language, read.topic) == ("本文", "en", "tax")
    assert read.documents == ("a.pdf",)
    assert (read.required_assurance, read.due) == (2, date(2026, 12, 31))


def test_a_draft_written_down_is_read_back() -> None:
    written = draft(documents=["a.pdf"], due="2026-12-31", required_assurance="1")
    assert read_draft(written.as_fields()).draft == written


def test_spaces_around_a_line_are_dropped_and_in_the_body_they_stay() -> None:
    read = draft(reference=" R-1\u3000", subject="  お知らせ ", body="  - 一\n\t- 二\n")
    assert (read.reference, read.subject) == ("R-1", "お知らせ")
    assert read.body == "  - 一\n\t- 二\n"


def test_a_cell_may_hold_the_level_as_text() -> None:
    assert draft(required_assurance="3").required_assurance == 3
    assert draft(required_aal="2").required_aal == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (True, True), ("true", True), ("TRUE", True), ("1", True), ("はい", True),
        (False, False), ("false", False), ("False", False), ("0", False), ("いいえ", False),
        (None, False), ("", False),
    ],
)  # fmt: skip
def test_confidential_is_said_in_json_or_in_a_cell(written: object, meant: bool) -> None:
    assert draft(confidential=written).confidential is meant
    assert read_draft(draft(confidential=written).as_fields()).draft == draft(confidential=meant)


@pytest.mark.parametrize("written", [0, 4, "4", "0", "-1", "3.0", 2.5, True, [2], {}, "２"])
def test_a_sign_in_is_one_of_three_strengths(written: object) -> None:
    assert faults(required_aal=written) == [("/required_aal", "field_invalid")]


@pytest.mark.parametrize("written", ["yes", "2", 1, 0, 1.0, [True], {}, "true "])
def test_confidential_is_nothing_between_true_and_false(written: object) -> None:
    assert faults(confidential=written) == [("/confidential", "field_invalid")]


@pytest.mark.parametrize("written", ["TEST-DELIVERED", "TEST-REFUSED-X"])
def test_a_test_recipient_is_left_as_it_is(written: str) -> None:
    assert draft(recipient=written).recipient == written


def test_a_missing_subject_has_its_own_code() -> None:
    assert faults(subject=None) == [("/subject", "subject_missing")]
    assert faults(subject=1) == [("/subject", "field_invalid")]
    for blank in (" ", "\u3000", " \u3000 "):
        assert faults(subject=blank) == [("/subject", "subject_missing")]
        assert faults(reference=blank) == [("/reference", "field_invalid")]
        assert faults(recipient=blank) == [("/recipient", "field_invalid")]


def test_whatever_could_be_read_is_kept_for_the_result() -> None:
    reading = read_draft({**FIELDS, "subject": "", "reference": "r" * 200})
    assert (reading.recipient, reading.reference) == ("nobody", "r" * 100)


# The first and the last of each row of characters, and those just outside. Unicode 16: C0, DEL and
# C1; surrogates; embeddings and overrides; isolates, which turn the direction as well.
NEVER = (
    "\x00\x08\x0b\x0c\x0e\x1f\x7f\x80\x9f\ud800\udfff\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069"
)
BESIDE = "\x20\x7e\xa0\ud7ff\ue000\u200d\u202f\u2065\u206a"


@pytest.mark.parametrize("field", ["recipient", "reference", "subject", "topic", "body"])
def test_no_text_holds_what_nobody_can_read(field: str) -> None:
    for character in NEVER:
        assert faults(**{field: f"a{character}b"}) == [(f"/{field}", "field_invalid")], character
    for character in BESIDE:
        assert read_draft({**FIELDS, field: f"a{character}b"}).errors == (), character


# What the API promises (API.md): a subject of 120 characters and a text of 10,000; a reference of
# 100, a topic of 50 and a pseudonym of 60 are as the OpenAPI document says.
LONGEST = [
    ("subject", 120, "120"), ("body", 10_000, "10,000"), ("reference", 100, "100"),
    ("topic", 50, "50"), ("recipient", 60, "60"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "longest", "said"), LONGEST)
def test_a_text_is_as_long_as_we_say_and_no_longer(field: str, longest: int, said: str) -> None:
    assert getattr(draft(**{field: "長" * longest}), field) == "長" * longest
    (error,) = read_draft({**FIELDS, field: "長" * (longest + 1)}).errors
    assert (error.pointer, error.code) == (f"/{field}", "field_invalid")
    assert error.detail == f"At most {said} characters are allowed."


def test_a_letter_has_twenty_documents_and_no_more() -> None:
    names = [f"{number}.pdf" for number in range(21)]
    assert draft(documents=names[:20]).documents == tuple(names[:20])
    assert faults(documents=names) == [("/documents", "field_invalid")]


@pytest.mark.parametrize(
    ("field", "least", "most"), [("required_assurance", 0, 3), ("required_aal", 1, 3)]
)
def test_a_level_is_one_that_there_is(field: str, least: int, most: int) -> None:
    for level in range(least, most + 1):
        assert getattr(draft(**{field: level}), field) == level
    for level in (least - 1, most + 1):
        assert faults(**{field: level}) == [(f"/{field}", "field_invalid")]


def test_a_letter_has_these_fields_and_no_other() -> None:
    """API.md names more: those that are not taken yet are refused, not dropped."""
    taken = {
        "recipient", "reference", "subject", "body", "language", "topic", "documents",
        "required_assurance", "required_aal", "confidential", "due",
    }  # fmt: skip
    assert set(draft().as_fields()) == taken
    assert read_draft(draft(due="2026-12-31").as_fields()).errors == ()


@pytest.mark.parametrize("character", ["\n", "\t", "\r", "\u2028"])
def test_lines_end_in_the_body_alone(character: str) -> None:
    assert draft(body=f"a{character}b").body == f"a{character}b"
    assert faults(subject=f"a{character}b") == [("/subject", "field_invalid")]


@pytest.mark.parametrize(
    ("name", "pointer"),
    [("colour", "/colour"), ("a/b~c", "/a~1b~0c"), ("", "/"), ("\x00", "/\ufffd")],
)
def test_an_unknown_field_is_named_by_its_pointer(name: str, pointer: str) -> None:
    assert faults(**{name: 1}) == [(pointer, "field_invalid")]


def test_a_name_longer_than_a_line_is_cut_in_the_pointer() -> None:
    ((pointer, _code),) = faults(**{"x" * 100_000: 1})
    assert len(pointer) == 101


# Names of documents


def test_a_name_is_the_same_in_either_form_of_unicode() -> None:
    assert document_name("か\u3099.pdf") == "が.pdf"
    assert draft(documents=["か\u3099.pdf"]).documents == ("が.pdf",)


def test_two_forms_of_one_name_are_one_name_twice() -> None:
    assert faults(documents=["か\u3099.pdf", "が.pdf"]) == [("/documents", "field_invalid")]


@pytest.mark.parametrize("name", ["", " ", "\u3000", "a" * 201, "a\nb", "\u202efdp", "\ud800"])
def test_a_name_that_nobody_can_use_is_refused(name: str) -> None:
    with pytest.raises(FieldsInvalid):
        document_name(name)


def test_a_good_name_has_no_fault() -> None:
    assert fault_of_name("納税通知書　第１期.pdf") is None
    assert fault_of_name("長" * 200) is None
    assert fault_of_name("長" * 201) == "At most 200 characters are allowed."


# JSON


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "1", '"a"', "null", "{", "{} x", '{"a": NaN}', '{"a": -Infinity}',
        '{"a": 1, "a": 1}', '{"a": {"b": 1, "b": 1}}', "[" * 100_000, '{"a":' * 900 + "}" * 900,
        '{"a": ' + "[" * 8 + "]" * 8 + "}", '{"a": ' + "9" * 5_000 + "}", "\ufeff{}",
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
def test_it_reads_nothing_but_one_plain_json_object(text: str) -> None:
    assert read_json_object(text) is None


def test_it_reads_eight_levels_within_each_other_and_no_ninth() -> None:
    assert read_json_object('{"a": ' + "[" * 7 + "]" * 7 + "}") is not None
    assert read_json_object('{"a": ' + "[" * 8 + "]" * 8 + "}") is None


def test_it_reads_an_object_as_deep_as_letters_are() -> None:
    assert read_json_object('{"a": [1, "二", null, true]}') == {"a": [1, "二", None, True]}
