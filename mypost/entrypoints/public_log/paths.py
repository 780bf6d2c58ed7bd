"""How tiles are addressed: levels, widths, and indexes in groups of three digits."""

import re


class TileIndex:
    """An index as path elements: 1234067 is x001/x234/067, so that folders and files never clash.

    Source: C2SP tlog-tiles §Merkle tree.
    """

    regex = r"(?:x[0-9]{3}/){0,6}[0-9]{3}"

    def to_python(self, value: str) -> int:
        """Return the index. Raises ValueError for a second way to write it."""
        index = int(re.sub("[x/]", "", value))
        if self.to_url(index) != value:
            raise ValueError
        return index

    def to_url(self, index: int) -> str:
        """Return the path elements of an index."""
        *groups, last = f"{index:,}".split(",")
        padded = [group.zfill(3) for group in (*groups, last)]
        return "/".join([*(f"x{group}" for group in padded[:-1]), padded[-1]])


class TileLevel:
    """0 to 63, without leading zeros. Source: C2SP tlog-tiles §Merkle tree."""

    regex = "[0-9]|[1-5][0-9]|6[0-3]"
    to_python, to_url = int, str


class TileWidth:
    """1 to 255, without leading zeros: how many hashes a partial tile has.

    Source: C2SP tlog-tiles §Merkle tree.
    """

    regex = "[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5]"
    to_python, to_url = int, str
