"""The keys of a new installation: whoever loses one has lost what it sealed."""

from pathlib import Path

import pytest

from mypost.entrypoints.cli import keys
from tests.disk import watched

NAMES = {
    "custodian.key", "intake.key", "person.key", "log.key", "log.vkey",
    "member_web.secret", "sender.secret", "operator_web.secret", "worker.secret",
}  # fmt: skip


def test_each_key_is_on_the_disk_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = watched(tmp_path, monkeypatch)
    keys.write_once(tmp_path / "a.key", "5b" * 32)
    (waiting,) = [str(path) for _, path, *size in disk.calls if size]
    assert disk.calls == [
        ("fsync", waiting, 65),  # 64 digits and a line end
        ("link", "a.key"),
        ("unlink", waiting),
        ("fsync", "."),
    ]


def test_all_keys_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "keys"
    keys.make(folder)
    made = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(made) == NAMES
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    keys.make(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == made


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    for name in ("one", "two"):
        keys.make(tmp_path / name)
    made = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(set(made)) == len(made) == 2 * len(NAMES)


@pytest.mark.parametrize("name", ["custodian.key", "intake.key", "person.key"])
def test_a_key_is_thirty_two_bytes_in_hex(tmp_path: Path, name: str) -> None:
    keys.make(tmp_path)
    assert len(bytes.fromhex((tmp_path / name).read_text(encoding="ascii").strip())) == 32


def test_of_two_starts_at_once_the_first_keys_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # both have looked before either wrote
    keys.write_once(tmp_path / "a.key", "first")
    keys.write_once(tmp_path / "a.key", "second")
    assert (tmp_path / "a.key").read_text(encoding="ascii") == "first\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a.key"]
