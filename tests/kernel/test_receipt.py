import copy
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mypost.kernel.canonical import canonical_json
from mypost.kernel.errors import VerifierKeyMalformed
from mypost.kernel.receipt import Reason, ReceiptVerdict, check_receipt
from tests.kernel.receipts import DOCUMENTS, FACTS, KEY, OPENED, SIZE, TEXT, entry_of, receipt

RECEIPT = receipt()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def check(bundle: object, **given: Any) -> ReceiptVerdict:
    return check_receipt(bundle, verifier_key=KEY, **given)


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    bundle = copy.deepcopy(RECEIPT)
    change(bundle)
    return bundle


def test_an_honest_receipt_proves_the_letters_story() -> None:
    verdict = check(RECEIPT, documents=DOCUMENTS, text=TEXT)
    assert verdict.valid
    assert [(line.event, line.time) for line in verdict.lines] == [
        ("SubmissionAcceptance", "2026-04-01T00:00:00.000000Z"),
        ("ContentConsignment", "2026-04-01T00:01:00.000000Z"),
        ("ContentHandover", "2026-04-01T00:02:00.000000Z"),
    ]
    assert verdict.checkpoint is not None
    assert verdict.checkpoint.size == SIZE
    assert all(dict(line.proved) == OPENED and not line.unchecked for line in verdict.lines)


def test_facts_that_nobody_could_compare_are_named() -> None:
    verdict = check(receipt(facts={"sender": FACTS["sender"]}))
    assert verdict.valid
    assert set(verdict.lines[0].unchecked) == {"recipient", "reference", "documents", "text"}


def test_documents_are_compared_in_order_when_their_digests_are_not_listed() -> None:
    bundle = receipt(facts={})
    assert check(bundle, documents=DOCUMENTS).valid
    for documents in (DOCUMENTS[:1], DOCUMENTS[::-1], [*DOCUMENTS, b"third"]):
        assert check(bundle, documents=documents).lines[0].reasons == (Reason.DOCUMENTS_MISMATCH,)


def test_one_document_alone_is_found_in_the_list_of_digests() -> None:
    assert check(RECEIPT, documents=DOCUMENTS[1:]).valid
    assert not check(RECEIPT, documents=[DOCUMENTS[0], b"another"]).valid


@pytest.mark.parametrize(
    ("given_things", "reason"),
    [
        ({"documents": [DOCUMENTS[0] + b"\n"]}, Reason.DOCUMENTS_MISMATCH),
        ({"documents": [b""]}, Reason.DOCUMENTS_MISMATCH),
        ({"text": TEXT + "。"}, Reason.TEXT_MISMATCH),
        ({"text": ""}, Reason.TEXT_MISMATCH),
    ],
)
def test_a_changed_document_or_text_is_noticed(given_things: Any, reason: Reason) -> None:
    assert {line.reasons for line in check(RECEIPT, **given_things).lines} == {(reason,)}


def test_what_no_line_discloses_cannot_be_confirmed() -> None:
    bundle = changed(lambda b: [line["disclosed"].clear() for line in b["lines"]])
    assert check(bundle).valid
    verdict = check(bundle, documents=DOCUMENTS, text=TEXT)
    assert verdict.reasons == (Reason.DOCUMENTS_NOT_DISCLOSED, Reason.TEXT_NOT_DISCLOSED)


def line(bundle: dict[str, Any], number: int = 0) -> dict[str, Any]:
    return bundle["lines"][number]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda b: line(b).update(entry="{}"), Reason.ENTRY_MALFORMED),
        (lambda b: line(b).update(entry=line(b)["entry"] + " "), Reason.ENTRY_MALFORMED),
        (lambda b: line(b).update(entry="[" * 60_000), Reason.ENTRY_MALFORMED),
        (lambda b: line(b).update(entry=" " * 70_000), Reason.ENTRY_MALFORMED),
        (lambda b: line(b).update(entry=entry_of(0, UUID(int=9)).decode()), Reason.LETTER_MISMATCH),
        (lambda b: line(b).update(entry=line(b, 1)["entry"]), Reason.PROOF_INVALID),
        (lambda b: line(b).update(leaf_index=18), Reason.PROOF_INVALID),
        (lambda b: line(b).update(leaf_index=-1), Reason.PROOF_INVALID),
        (lambda b: line(b).update(leaf_index=10**40), Reason.PROOF_INVALID),
        (lambda b: line(b).update(proof=[]), Reason.PROOF_INVALID),
        (lambda b: line(b)["proof"].reverse(), Reason.PROOF_INVALID),
        (lambda b: line(b)["disclosed"].update(extra={"salt": "0" * 64}), Reason.FACT_UNKNOWN),
        (lambda b: line(b)["disclosed"]["sender"].update(value="shop"), Reason.FACT_MISMATCH),
        (lambda b: line(b)["disclosed"]["sender"].update(salt="0" * 64), Reason.FACT_MISMATCH),
    ],
)
def test_a_line_that_does_not_hold_says_why(
    change: Callable[[dict[str, Any]], object], reason: Reason
) -> None:
    verdict = check(changed(change))
    assert reason in verdict.lines[0].reasons
    assert not verdict.lines[0].proved
    assert verdict.lines[1].ok
    assert not verdict.valid


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda b: b.update(format="mypost-receipt/2"), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(holder="operator"), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(holder=["sender"]), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(letter="\ud800"), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(note="unknown field"), Reason.RECEIPT_MALFORMED),
        (lambda b: b.pop("checkpoint"), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(lines=[]), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(lines={}), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b).update(leaf_index=True), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b).update(proof=["AA=="]), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b).update(proof=line(b)["proof"] * 10), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b)["disclosed"]["text"].update(salt="A" * 64), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b)["disclosed"]["text"].update(salt="00"), Reason.RECEIPT_MALFORMED),
        (lambda b: line(b)["disclosed"]["text"].update(value=None), Reason.RECEIPT_MALFORMED),
        (lambda b: b.update(checkpoint=""), Reason.CHECKPOINT_INVALID),
        (lambda b: b["lines"].append(line(b)), Reason.LINE_REPEATED),
    ],
)
def test_a_bundle_that_is_no_receipt_says_why(
    change: Callable[[dict[str, Any]], object], reason: Reason
) -> None:
    verdict = check(changed(change))
    assert verdict.reasons == (reason,)
    assert not verdict.valid


def test_one_changed_byte_anywhere_in_the_bundle_is_found() -> None:
    written = bytearray(canonical_json(RECEIPT))
    for place in range(len(written)):
        mask = 0x20 if place % 2 else 1 << place % 8  # 0x20 turns a letter's case
        written[place] ^= mask
        assert not holds(written)
        written[place] ^= mask
    assert holds(written)


def holds(written: bytearray) -> bool:
    try:
        bundle = json.loads(written)
    except ValueError:
        return False
    return check(bundle, documents=DOCUMENTS, text=TEXT).valid


@given(JSON)
def test_any_json_gets_a_verdict(bundle: object) -> None:
    assert check(bundle).reasons == (Reason.RECEIPT_MALFORMED,)


@given(data=st.data(), junk=JSON)
def test_a_receipt_with_anything_anywhere_gets_a_verdict(data: st.DataObject, junk: object) -> None:
    bundle = copy.deepcopy(RECEIPT)
    place: Any = bundle
    while True:
        keys = sorted(place) if isinstance(place, dict) else range(len(place))
        key = data.draw(st.sampled_from(list(keys)))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            break
        place = place[key]
    assume(not (key == "disclosed" and junk == {}))  # to open nothing is no forgery
    honest, place[key] = place[key], junk
    assert check(bundle, documents=DOCUMENTS, text=TEXT).valid is (junk == honest)


@given(entry=JSON)
def test_an_entry_of_any_json_gets_a_verdict(entry: object) -> None:
    for text in (json.dumps(entry), json.dumps(entry, separators=(",", ":"), ensure_ascii=False)):
        verdict = check(changed(lambda b, text=text: line(b).update(entry=text)))  # type: ignore[misc]
        assert not verdict.valid


def test_a_text_that_is_no_verifier_key_is_the_callers_mistake() -> None:
    with pytest.raises(VerifierKeyMalformed):
        check_receipt(RECEIPT, verifier_key="mypost.example")
