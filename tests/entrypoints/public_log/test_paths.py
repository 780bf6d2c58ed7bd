"""Addresses of tiles."""

import pytest

from mypost.entrypoints.public_log.paths import TileIndex

ADDRESSES = {
    0: "000",
    7: "007",
    999: "999",
    1000: "x001/000",
    1234067: "x001/x234/067",  # the example of C2SP tlog-tiles
}


@pytest.mark.parametrize("index", ADDRESSES)
def test_an_index_has_one_address(index: int) -> None:
    assert TileIndex().to_url(index) == ADDRESSES[index]
    assert TileIndex().to_python(ADDRESSES[index]) == index


@pytest.mark.parametrize("address", ["x000/007", "x000/x001/234"])
def test_a_second_way_to_write_an_index_is_refused(address: str) -> None:
    with pytest.raises(ValueError):
        TileIndex().to_python(address)
