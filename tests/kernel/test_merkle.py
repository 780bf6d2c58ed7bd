import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel import merkle
from mypost.kernel.errors import EntryTooLarge, TileTooShort
from tests.vectors import files, read

LEAVES = [merkle.leaf_hash(b"entry %d" % number) for number in range(1_500)]
SIZES = st.one_of(
    st.integers(1, 1_500), st.sampled_from([1, 2, 255, 256, 257, 511, 512, 513, 768, 1024, 1025])
)


class Tiles(dict[tuple[int, int], bytes]):
    """A store of tiles, as a table or a folder would keep them."""

    def read(self, level: int, index: int) -> bytes:
        return self.get((level, index), b"")

    def grow(self, size: int, leaves: list[bytes]) -> None:
        self.update(merkle.append(self.read, size, leaves))


@pytest.fixture(scope="module")
def tiles() -> Tiles:
    grown = Tiles()
    grown.grow(0, LEAVES)
    return grown


def load(path: Path) -> dict[str, Any]:
    case = json.loads(read(path))
    case["proof"] = [b64decode(node) for node in case["proof"] or []]
    for name in ("root", "root1", "root2", "leafHash"):
        case[name] = b64decode(case[name] or "") if name in case else b""
    return case  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", files("merkle/inclusion"))
def test_inclusion_proofs_of_others_get_the_verdict_they_deserve(path: Path) -> None:
    case = load(path)
    verdict = merkle.verify_inclusion(
        case["leafHash"], case["leafIdx"], case["treeSize"], case["proof"], case["root"]
    )
    assert verdict is not case["wantErr"]


@pytest.mark.parametrize("path", files("merkle/consistency"))
def test_consistency_proofs_of_others_get_the_verdict_they_deserve(path: Path) -> None:
    case = load(path)
    verdict = merkle.verify_consistency(
        case["size1"], case["size2"], case["proof"], case["root1"], case["root2"]
    )
    assert verdict is not case["wantErr"]


@pytest.mark.parametrize("path", files("merkle/subtreeinclusion"))
def test_subtree_inclusion_proofs_of_others_get_the_verdict_they_deserve(path: Path) -> None:
    case = load(path)
    verdict = merkle.verify_subtree_inclusion(
        case["leafHash"], case["leafIdx"], case["start"], case["end"], case["proof"], case["root"]
    )
    assert verdict is not case["wantErr"]


@pytest.mark.parametrize("path", files("merkle/subtreeconsistency"))
def test_subtree_consistency_proofs_of_others_get_the_verdict_they_deserve(path: Path) -> None:
    case = load(path)
    verdict = merkle.verify_subtree_consistency(
        case["start"], case["end"], case["size"], case["proof"], case["root1"], case["root2"]
    )
    assert verdict is not case["wantErr"]


def test_the_empty_tree_has_the_root_of_the_standard() -> None:
    empty = hashlib.sha256(b"").digest()
    assert merkle.root_of([]) == merkle.tree_root(Tiles().read, 0) == empty


@given(size=SIZES)
def test_tiles_and_leaves_give_one_root(tiles: Tiles, size: int) -> None:
    assert merkle.tree_root(tiles.read, size) == merkle.root_of(LEAVES[:size])


@given(chunks=st.lists(st.integers(0, 600), max_size=6))
def test_growing_in_chunks_gives_the_tree_that_grew_at_once(chunks: list[int]) -> None:
    grown, size = Tiles(), 0
    for chunk in chunks:
        leaves = LEAVES[size : size + chunk]
        grown.grow(size, leaves)
        size += len(leaves)
    at_once = Tiles()
    at_once.grow(0, LEAVES[:size])
    assert grown == at_once


def test_only_changed_tiles_are_written() -> None:
    grown = Tiles()
    grown.grow(0, LEAVES[:700])
    assert set(merkle.append(grown.read, 700, LEAVES[700:701])) == {(0, 2)}
    assert set(merkle.append(grown.read, 700, LEAVES[700:768])) == {(0, 2), (1, 0)}
    assert merkle.append(grown.read, 700, []) == {}


def test_a_tree_grows_to_a_third_level_of_tiles() -> None:
    leaves = [LEAVES[0]] * (256 * 256 + 1)
    changed = merkle.append(Tiles().read, 0, leaves)
    assert len(changed[2, 0]) == 32  # one hash of SHA-256
    grown = Tiles(changed)
    proof = merkle.inclusion_proof(grown.read, 65_536, 65_537)
    assert proof == [changed[2, 0]]
    root = merkle.tree_root(grown.read, 65_537)
    assert root == merkle.node_hash(changed[2, 0], LEAVES[0])
    assert merkle.verify_inclusion(LEAVES[0], 65_536, 65_537, proof, root)


@given(size=SIZES, data=st.data())
def test_every_leaf_can_be_proved(tiles: Tiles, size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(tiles.read, index, size)
    root = merkle.root_of(LEAVES[:size])
    assert merkle.verify_inclusion(LEAVES[index], index, size, proof, root)


@given(size=st.integers(2, 1_500), data=st.data())
def test_no_leaf_can_be_proved_at_the_place_of_another(
    tiles: Tiles, size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda place: place != index))
    proof, root = merkle.inclusion_proof(tiles.read, index, size), merkle.root_of(LEAVES[:size])
    assert not merkle.verify_inclusion(LEAVES[index], other, size, proof, root)
    assert not merkle.verify_inclusion(LEAVES[other], index, size, proof, root)


@given(new=SIZES, data=st.data())
def test_every_older_tree_is_proved_to_be_the_beginning(
    tiles: Tiles, new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(tiles.read, old, new)
    old_root, new_root = merkle.root_of(LEAVES[:old]), merkle.root_of(LEAVES[:new])
    assert merkle.verify_consistency(old, new, proof, old_root, new_root)


@given(new=st.integers(2, 600), data=st.data())
def test_a_rewritten_history_has_no_consistency_proof(
    tiles: Tiles, new: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, new - 1))
    rewritten = data.draw(st.integers(0, old - 1))
    history = [*LEAVES[:rewritten], b"\xff" * 32, *LEAVES[rewritten + 1 : new]]
    forged = Tiles()
    forged.grow(0, history)
    proof = merkle.consistency_proof(forged.read, old, new)
    old_root, new_root = merkle.root_of(LEAVES[:old]), merkle.root_of(history)
    assert not merkle.verify_consistency(old, new, proof, old_root, new_root)


@pytest.mark.parametrize(("index", "size"), [(-1, 5), (5, 5), (0, 0)])
def test_it_refuses_to_prove_a_leaf_outside_the_tree(tiles: Tiles, index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        merkle.inclusion_proof(tiles.read, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (6, 5), (-1, 5)])
def test_it_refuses_to_prove_growth_from_nothing_or_backwards(
    tiles: Tiles, old: int, new: int
) -> None:
    with pytest.raises(ValueError, match="only a tree with leaves"):
        merkle.consistency_proof(tiles.read, old, new)


def test_a_store_that_lost_hashes_is_noticed(tiles: Tiles) -> None:
    torn = Tiles(tiles)
    torn[0, 5] = torn[0, 5][:-1]
    with pytest.raises(TileTooShort):
        merkle.append(torn.read, len(LEAVES), LEAVES[:1])
    with pytest.raises(TileTooShort):
        merkle.tree_root(torn.read, len(LEAVES))


def test_a_leaf_and_a_node_of_the_same_bytes_differ() -> None:
    left, right = LEAVES[:2]
    assert merkle.leaf_hash(left + right) != merkle.node_hash(left, right)


def test_it_refuses_an_entry_that_no_bundle_could_carry() -> None:
    assert merkle.leaf_hash(b"x" * 65_535)
    with pytest.raises(EntryTooLarge):
        merkle.leaf_hash(b"x" * 65_536)
