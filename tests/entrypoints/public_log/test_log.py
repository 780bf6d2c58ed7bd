"""The public log: what anybody can fetch, recompute and hold against us."""

import pytest
from pytest_django import Settings

from mypost.evidence.commands import integrate
from mypost.kernel import merkle
from mypost.letters.models import Letter
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.entrypoints.public_log.conftest import Visitor
from tests.evidence.acts import grow_log, record


def test_an_empty_log_has_no_checkpoint(visitor: Visitor) -> None:
    assert visitor.get("checkpoint").status_code == 404


def test_the_checkpoint_is_signed_with_the_published_key(visitor: Visitor) -> None:
    grow_log(3)
    assert visitor.fetch("vkey").decode().strip() == visitor.verifier_key
    assert visitor.checkpoint().size == 3


def test_a_log_without_a_published_key_says_so(visitor: Visitor, settings: Settings) -> None:
    settings.LOG_VERIFIER_KEY = ""
    assert visitor.get("vkey").status_code == 404


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 700])
def test_the_tiles_give_the_root_that_we_signed(visitor: Visitor, size: int) -> None:
    grow_log(size)
    head = visitor.checkpoint()
    assert merkle.tree_root(visitor.tiles_of(head.size), head.size) == head.root


@pytest.mark.parametrize("size", [1, 256, 300])
def test_the_entries_alone_give_the_root_that_we_signed(visitor: Visitor, size: int) -> None:
    grow_log(size)
    leaves = [merkle.leaf_hash(entry) for entry in visitor.entries_of(size)]
    assert len(leaves) == size
    assert merkle.root_of(leaves) == visitor.checkpoint().root


def test_the_tiles_prove_that_an_entry_stands_in_the_log(visitor: Visitor) -> None:
    grow_log(300)
    head = visitor.checkpoint()
    leaf = merkle.leaf_hash(list(visitor.entries_of(300))[257])
    proof = merkle.inclusion_proof(visitor.tiles_of(300), 257, 300)
    assert merkle.verify_inclusion(leaf, 257, 300, proof, head.root)


@pytest.mark.parametrize(("first", "more"), [(1, 1), (200, 100), (256, 1), (300, 400)])
def test_the_tiles_prove_that_the_log_only_grew(visitor: Visitor, first: int, more: int) -> None:
    grow_log(first)
    old = visitor.checkpoint()
    grow_log(more)
    new = visitor.checkpoint()
    proof = merkle.consistency_proof(visitor.tiles_of(new.size), old.size, new.size)
    assert merkle.verify_consistency(old.size, new.size, proof, old.root, new.root)


def test_a_partial_tile_of_an_old_checkpoint_stays_the_same(visitor: Visitor) -> None:
    grow_log(10)
    old = visitor.fetch("tile/0/000.p/10")
    grow_log(300)
    assert visitor.fetch("tile/0/000.p/10") == old == visitor.fetch("tile/0/000")[: 10 * 32]


def test_what_was_recorded_and_not_signed_is_not_served(visitor: Visitor) -> None:
    record(5)
    assert visitor.get("tile/entries/000.p/5").status_code == 404
    integrate(at=NOW)
    assert visitor.get("tile/entries/000.p/5").status_code == 200


NOT_SERVED = {
    "tile/0/000.p/256": "a full tile has no width in its address",
    "tile/0/000.p/0": "an empty tile is no tile",
    "tile/0/000.p/01": "a width is written one way",
    "tile/0/000.p/١": "digits are ASCII",
    "tile/0/001": "the second tile is not full",
    "tile/0/001.p/45": "wider than the log",
    "tile/0/002.p/1": "beyond the log",
    "tile/1/000": "no full tile on this level yet",
    "tile/1/000.p/2": "only one tile below is full",
    "tile/2/000.p/1": "no such level yet",
    "tile/64/000": "levels end at 63",
    "tile/00/000": "a level is written one way",
    "tile/0/0": "groups have three digits",
    "tile/0/x000/000": "an index is written one way",
    "tile/0/x999/x999/x999/x999/x999/x999/999": "beyond any log",
    "tile/0/x999/x999/x999/x999/x999/x999/x999/999": "longer than any index",
    "tile/0/-01": "no index",
    "tile/63/000.p/1": "the highest level is empty",
    "tile/entries/001": "the second bundle is not full",
    "tile/entries/001.p/45": "wider than the log",
    "tile/entries/x001/000": "beyond the log",
}


@pytest.mark.parametrize("path", NOT_SERVED, ids=NOT_SERVED.get)
def test_it_serves_only_what_a_checkpoint_covers(visitor: Visitor, path: str) -> None:
    grow_log(300)
    assert visitor.get("tile/0/001.p/44").status_code == 200
    assert visitor.get(path).status_code == 404


def test_tiles_are_kept_for_ever_and_the_checkpoint_for_a_moment(visitor: Visitor) -> None:
    grow_log(256)
    for path in ("tile/0/000", "tile/1/000.p/1", "tile/entries/000"):
        answer = visitor.get(path)
        assert "immutable" in answer["Cache-Control"]
        assert answer["Content-Type"] == "application/octet-stream"
    checkpoint = visitor.get("checkpoint")
    assert checkpoint["Cache-Control"] == "public, max-age=2"
    assert checkpoint["Content-Type"] == "text/plain; charset=utf-8"


def test_pages_of_any_origin_may_read_it(visitor: Visitor) -> None:
    grow_log(256)
    for path in ("checkpoint", "vkey", "tile/0/000", "tile/entries/000"):
        assert visitor.get(path)["Access-Control-Allow-Origin"] == "*"


def test_nothing_can_be_sent_to_it(visitor: Visitor) -> None:
    grow_log(1)
    assert visitor.http.post("/log/checkpoint").status_code == 405


def test_it_tells_of_a_letter_only_that_something_happened(
    visitor: Visitor, letter: Letter, chosen: Subscription
) -> None:
    entries = visitor.entries_of(integrate(at=NOW))
    told = [entry.decode() for entry in entries if str(letter.id).encode() in entry]
    assert told
    kept = (letter.mailbox_id, letter.sender_id, letter.number, chosen.pseudonym, "国民健康保険税")
    assert not [secret for secret in kept if str(secret) in "".join(told)]
