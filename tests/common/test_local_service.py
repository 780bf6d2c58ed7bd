"""Where a local service listens: a wrong value refuses to start."""

import pytest

from mypost.common.env import Environment, WrongSetting


def listens_at(value: str) -> str:
    return Environment({"WHERE": value}).local_service("WHERE")


@pytest.mark.parametrize(
    "value", ["", "unix:///run/clamd.ctl", "tcp://clamd:3310", "tcp://127.0.0.1", "tcp://[::1]:9"]
)
def test_a_local_service_is_named_by_its_socket_or_not_at_all(value: str) -> None:
    assert listens_at(value) == value


@pytest.mark.parametrize(
    "value",
    [
        "/run/clamd.ctl",
        "clamd:3310",
        "unix://clamd.ctl",
        "tcp://",
        "tcp://clamd:x",
        "tcp://a b",
        " ",
    ],
)
def test_what_nobody_could_reach_refuses_to_start(value: str) -> None:
    # At run time it would look like a scanner that is away, for ever.
    with pytest.raises(WrongSetting, match="WHERE must be"):
        listens_at(value)
