"""Waiting for what somebody else does: always for something, and no measure of speed."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

Found = TypeVar("Found")
PATIENCE = float(os.environ.get("MYPOST_TEST_PATIENCE", "120"))  # seconds
PAUSE = 0.05


def await_it(ask: Callable[[], Found | None], what: str) -> Found:
    """Ask again and again until there is an answer, and return it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := ask():
            return found
        time.sleep(PAUSE)
    pytest.fail(f"never came: {what}")
