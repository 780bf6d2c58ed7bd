"""What is kept of a browser: a family, a system, a network, and no more."""

import pytest

from mypost.entrypoints.devices import device_of, network_of

MOZILLA = "Mozilla/5.0"
AGENTS = [
    (f"{MOZILLA} (Windows NT 10.0) Chrome/140.0 Safari/537.36", "Windows Chrome"),
    (f"{MOZILLA} (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Windows Edge"),
    (f"{MOZILLA} (Macintosh; Intel Mac OS X) Version/18.0 Safari/605.1", "Mac Safari"),
    (f"{MOZILLA} (iPhone; CPU iPhone OS 18 like Mac OS X) CriOS/140 Safari/604", "iPhone Chrome"),
    (f"{MOZILLA} (Linux; Android 15) SamsungBrowser/28.0 Chrome/130", "Android Samsung Internet"),
    (f"{MOZILLA} (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Linux Firefox"),
    ("curl/8.5", ""),
    ("", ""),
    ("\x00" * 5_000, ""),
]  # fmt: skip
ADDRESSES = [
    ("192.0.2.77", "192.0.2.0/24"),
    ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
    ("::1", "::/48"),
    ("", ""),
    ("somewhere", ""),
]


@pytest.mark.parametrize(("agent", "told"), AGENTS, ids=range(len(AGENTS)))
def test_a_browser_is_told_in_words_that_a_person_knows(agent: str, told: str) -> None:
    assert device_of(agent) == told


@pytest.mark.parametrize(("address", "told"), ADDRESSES, ids=range(len(ADDRESSES)))
def test_an_address_is_kept_too_coarse_to_name_a_household(address: str, told: str) -> None:
    assert network_of(address) == told
