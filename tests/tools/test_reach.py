"""Which tests a change can reach, nearest first."""

from pathlib import Path

import pytest

from tools.reach import ROOT, Reach


@pytest.fixture(scope="module")
def reach() -> Reach:
    return Reach()


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ("mypost/kernel/merkle.py", "tests/kernel/test_merkle.py"),
        ("mypost/entrypoints/member_web/box.py", "tests/entrypoints/member_web/test_box.py"),
        ("templates/member_web/letters/letter.html", "tests/entrypoints/member_web/test_letter.py"),
        ("tests/letters/test_hand_over.py", "tests/letters/test_hand_over.py"),
        ("mypost/senders/errors.py", "tests/senders/test_api_keys.py"),  # its own room
        (  # two words in common
            "templates/member_web/senders/_terms.html",
            "tests/entrypoints/member_web/test_pages_of_senders.py",
        ),
    ],
)
def test_what_is_named_after_a_file_comes_first(reach: Reach, changed: str, first: str) -> None:
    assert reach.of([changed])[0][1] == first


@pytest.mark.parametrize(
    ("changed", "reached"),
    [
        ("mypost/vault/store.py", "tests/entrypoints/member_web/test_export.py"),  # by import
        ("mypost/senders/migrations/grants.sql", "tests/senders/test_topics.py"),  # by its room
        ("templates/mail/alert.txt", "tests/notifications/test_alerts.py"),  # by its name
        ("static/js/app.js", "tests/journeys/test_every_page.py"),  # through base.html
        ("tests/proofing/conftest.py", "tests/proofing/test_watch.py"),  # a fixture
    ],
)
def test_a_change_reaches_whoever_imports_or_names_it(
    reach: Reach, changed: str, reached: str
) -> None:
    assert reached in [path for _, path in reach.of([changed])]


def test_what_has_nothing_to_do_with_a_change_is_not_reached(reach: Reach) -> None:
    found = [path for _, path in reach.of(["mypost/kernel/customer_barcode.py"])]
    assert "tests/senders/test_api_keys.py" not in found


def test_the_guards_look_at_every_change(reach: Reach) -> None:
    assert reach.of(["docs/glossary.md"])[-1][1].startswith("tests/guards/")


def test_they_look_behind_what_tests_the_file_itself_and_before_the_rest(reach: Reach) -> None:
    found = [path for _, path in reach.of(["mypost/kernel/merkle.py"])]
    guard = found.index("tests/guards/test_codes.py")
    assert found.index("tests/kernel/test_merkle.py") < guard
    assert guard < found.index("tests/entrypoints/member_web/test_box.py")


def test_what_shapes_the_database_is_held_against_the_tables_first(reach: Reach) -> None:
    assert reach.of(["mypost/senders/migrations/grants.sql"])[0][1].startswith("tests/guards/")


def test_every_file_of_the_product_is_within_reach_of_a_test(reach: Reach) -> None:
    inside = (ROOT / "mypost").rglob("*.py")
    files = [p for p in inside if "migrations" not in p.parts and p.name != "apps.py"]
    alone = [path for path in files if not _reached(reach, path)]
    assert alone == []


def _reached(reach: Reach, path: Path) -> bool:
    found = reach.of([str(path.relative_to(ROOT))])
    return any(not test.startswith("tests/guards/") for _, test in found)
