"""A run that must be whole does not stay green because half of the test data was not there."""

import pytest

from tests import vectors


def test_where_all_must_be_there_an_absent_file_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(FileNotFoundError, match="must be here"):
        vectors.vector("of-nobody.json")


def test_elsewhere_whoever_needs_it_is_skipped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"not here: .*of-nobody\.json"):
        vectors.vector("of-nobody.json")
