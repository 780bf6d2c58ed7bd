"""The Merkle tree of the evidence log: hashes, tiles, and proofs that need no trust in us.

Storage is the caller's: `read_tile(level, index)` gives the 32-byte hashes of one tile, one after
the other; a tile that is not yet full may hold fewer than 256, and more than are asked for.
Source: RFC 6962 §2.1; C2SP tlog-tiles §Merkle tree.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache

from mypost.kernel.errors import EntryTooLarge, TileTooShort

ReadTile = Callable[[int, int], bytes]

HASH_SIZE = 32
TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
ENTRY_LIMIT = 65_535  # a C2SP entry bundle gives an entry's length in two bytes
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte leaf hash of one evidence entry.

    entry: canonical JSON, UTF-8. Raises EntryTooLarge above 65,535 bytes.
    Source: RFC 6962 §2.1: the 0x00 prefix keeps leaves and inner nodes apart.
    """
    if len(entry) > ENTRY_LIMIT:
        raise EntryTooLarge
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of the inner node above two others.

    Source: RFC 6962 §2.1.
    """
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root over all leaves at hand: what every other road must agree with.

    Source: RFC 6962 §2.1.
    """
    if not leaf_hashes:
        return EMPTY_ROOT
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    split = _left_width(len(leaf_hashes))
    return node_hash(root_of(leaf_hashes[:split]), root_of(leaf_hashes[split:]))


def append(
    read_tile: ReadTile, size: int, leaf_hashes: Sequence[bytes]
) -> dict[tuple[int, int], bytes]:
    """Return the new contents of every tile that changes when leaves join a tree of this size.

    Keys are (level, index); each value is the whole tile, old hashes and new.
    Reads at most one tile a level. Raises TileTooShort.
    Source: C2SP tlog-tiles §Merkle tree.
    """
    changed: dict[tuple[int, int], bytes] = {}
    level, width, joining = 0, size, list(leaf_hashes)
    while joining:
        tiles = _extend_level(read_tile, level, width, b"".join(joining))
        changed.update(tiles)
        joining = [_perfect_root(tile) for tile in tiles.values() if _is_full(tile)]
        level, width = level + 1, width // TILE_WIDTH
    return changed


def _extend_level(
    read_tile: ReadTile, level: int, width: int, joining: bytes
) -> dict[tuple[int, int], bytes]:
    """Return the changed tiles of one level, which had `width` hashes before these joined."""
    first, held = divmod(width, TILE_WIDTH)
    row = _hashes(read_tile(level, first), held) + joining if held else joining
    step = TILE_WIDTH * HASH_SIZE
    starts = range(0, len(row), step)
    return {(level, first + n): row[start : start + step] for n, start in enumerate(starts)}


def _is_full(tile: bytes) -> bool:
    return len(tile) == TILE_WIDTH * HASH_SIZE


def _hashes(tile: bytes, count: int) -> bytes:
    """Return the first hashes of a tile. Raises TileTooShort when it has fewer."""
    if len(tile) < count * HASH_SIZE:
        raise TileTooShort
    return tile[: count * HASH_SIZE]


def _perfect_root(row: bytes) -> bytes:
    """Return the root above a row of hashes whose number is a power of two."""
    nodes = [row[start : start + HASH_SIZE] for start in range(0, len(row), HASH_SIZE)]
    while len(nodes) > 1:
        nodes = [node_hash(*pair) for pair in zip(nodes[::2], nodes[1::2], strict=True)]
    return nodes[0]


def tree_root(read_tile: ReadTile, size: int) -> bytes:
    """Return the root of the first `size` leaves. Raises TileTooShort.

    Source: RFC 6962 §2.1.
    """
    return _range_root(_remembering(read_tile), 0, size) if size else EMPTY_ROOT


def inclusion_proof(read_tile: ReadTile, index: int, size: int) -> list[bytes]:
    """Return the audit path of one leaf, nearest sibling first.

    Raises ValueError for an index outside the tree, TileTooShort.
    Source: RFC 6962 §2.1.1.
    """
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    read_tile = _remembering(read_tile)
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _left_width(end - begin)
        if index < middle:
            path.append(_range_root(read_tile, middle, end))
            end = middle
        else:
            path.append(_range_root(read_tile, begin, middle))
            begin = middle
    return path[::-1]


def consistency_proof(read_tile: ReadTile, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `old` leaves is the beginning of the tree of `new`.

    Raises ValueError unless 0 < old <= new, TileTooShort.
    Source: RFC 6962 §2.1.2.
    """
    if not 0 < old <= new:
        raise ValueError("only a tree with leaves can grow into another")
    read_tile = _remembering(read_tile)
    proof: list[bytes] = []
    begin, end = 0, new
    while end != old:
        middle = begin + _left_width(end - begin)
        if old <= middle:
            proof.append(_range_root(read_tile, middle, end))
            end = middle
        else:
            proof.append(_range_root(read_tile, begin, middle))
            begin = middle
    if begin:  # the verifier knows the old root, but not this part of it
        proof.append(_range_root(read_tile, begin, end))
    return proof[::-1]


def _remembering(read_tile: ReadTile) -> ReadTile:
    """Read each tile once for one proof: neighbouring nodes lie in the same tile."""
    return lru_cache(maxsize=None)(read_tile)


def _left_width(count: int) -> int:
    """Return the largest power of two below `count`: the leaves of the left child."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(read_tile: ReadTile, begin: int, end: int) -> bytes:
    """Return the root over the leaves [begin, end), a node of the tree or its right edge."""
    width = end - begin
    if width & (width - 1) == 0:
        return _node(read_tile, width.bit_length() - 1, begin)
    middle = begin + _left_width(width)
    return node_hash(_range_root(read_tile, begin, middle), _range_root(read_tile, middle, end))


def _node(read_tile: ReadTile, height: int, begin: int) -> bytes:
    """Return the node over 2**height leaves from `begin`, out of the tile that holds its base."""
    level, rise = divmod(height, TILE_HEIGHT)
    index, first = divmod(begin >> level * TILE_HEIGHT, TILE_WIDTH)
    held = _hashes(read_tile(level, index), first + (1 << rise))
    return _perfect_root(held[first * HASH_SIZE :])


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof leads from this leaf to this root.

    Source: RFC 9162 §2.1.3.2.
    """
    return verify_subtree_inclusion(leaf_hash, index, 0, size, proof, root)


def verify_subtree_inclusion(
    leaf_hash: bytes, index: int, start: int, end: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof leads from this leaf to the root over the leaves [start, end).

    Source: draft-ietf-plants-merkle-tree-certs §4.3.2, RFC 9162's steps from another start.
    """
    if not (_is_subtree(start, end) and start <= index < end and len(leaf_hash) == HASH_SIZE):
        return False
    position, last, node = index - start, end - start - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while position and not position & 1:  # the right edge has no sibling here
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> bool:
    """Say whether the proof shows that the old tree is the beginning of the new one.

    An empty old tree proves nothing about another and is refused.
    Source: RFC 9162 §2.1.4.2.
    """
    if old_size == 0:
        return False
    return verify_subtree_consistency(0, old_size, new_size, proof, old_root, new_root)


def verify_subtree_consistency(
    start: int, end: int, size: int, proof: Sequence[bytes], subtree_root: bytes, root: bytes
) -> bool:
    """Say whether the proof shows that the leaves [start, end) stand so in the tree of this size.

    1. Climb to the largest node that ends where the subtree ends.
    2. Begin with that node: the subtree itself, or the first hash of the proof.
    3. Hash upwards, once as the subtree saw it and once as the tree does.
    4. Both roots must come out, and the proof must end at the top.
    Source: draft-ietf-plants-merkle-tree-certs §4.4.3, RFC 9162's steps from another start.
    """
    if start == end <= size:
        return not proof and subtree_root == EMPTY_ROOT
    if not (_is_subtree(start, end) and end <= size):
        return False
    first, last, top = start, end - 1, size - 1
    while first != last and (last & 1 or last == top):  # 1
        first, last, top = first >> 1, last >> 1, top >> 1
    path = [subtree_root, *proof] if first == last else list(proof)  # 2
    if not path:
        return False
    return _climb(path, first, last, top) == (subtree_root, root)  # 3, 4


def _climb(path: list[bytes], first: int, last: int, top: int) -> tuple[bytes, bytes] | None:
    """Return (subtree root, tree root) as the path gives them, or None when it does not fit."""
    inner = outer = path[0]
    for sibling in path[1:]:
        if top == 0:
            return None
        if last & 1 or last == top:
            inner = node_hash(sibling, inner) if first < last else inner
            outer = node_hash(sibling, outer)
            while last and not last & 1:
                first, last, top = first >> 1, last >> 1, top >> 1
        else:
            outer = node_hash(outer, sibling)
        first, last, top = first >> 1, last >> 1, top >> 1
    return (inner, outer) if top == 0 else None


def _is_subtree(start: int, end: int) -> bool:
    """Say whether [start, end) is a node of some tree: its start is a multiple of its width."""
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0
