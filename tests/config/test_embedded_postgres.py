"""Our own PostgreSQL: that it keeps what it promised to keep, and starts again after anything."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from config.embedded_postgres import EmbeddedPostgres, binaries
from sandbox.house import House
from sandbox.neighbours import Ports
from tests.postgres import SERVER

# PostgreSQL §20.5: with one of these off, what was committed may be gone after a loss of power.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Letters, addresses and passcodes travel as parameters: none may be written down (README.md).
SILENT = {
    "log_statement": "none",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
    "log_min_messages": "warning",
    "listen_addresses": "",  # and no network
}
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"


@dataclass
class Machine:
    """What is started, in order, instead of PostgreSQL's programs; answers what it is told to."""

    runs: list[tuple[list[str], dict[str, Any]]] = field(default_factory=list)
    ready: int = 2  # pg_isready: nobody there
    failures: int = 0  # how often pg_ctl fails from now on

    def run(self, command: list[Any], **options: Any) -> subprocess.CompletedProcess[str]:
        words = [str(word) for word in command]
        self.runs.append((words, options))
        program = next(Path(word).name for word in words if Path(word).parent == binaries())
        if program == "pg_ctl" and self.failures:
            self.failures -= 1
            raise subprocess.CalledProcessError(1, words)
        if program == "initdb":
            folder = Path(words[words.index("-D") + 1])
            folder.mkdir(parents=True)
            (folder / "PG_VERSION").write_text("17\n")
            (folder / "postgresql.conf").write_text("# initdb's own\n")
        return subprocess.CompletedProcess(words, self.ready if program == "pg_isready" else 0, "")

    def of(self, program: str, verb: str = "") -> list[list[str]]:
        """Return what a program was started with, after its own name."""
        name = str(binaries() / program)
        runs = [words[words.index(name) + 1 :] for words, _ in self.runs if name in words]
        return [run for run in runs if not verb or run[0] == verb]


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(subprocess, "run", machine.run)
    return machine


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    return slept


def made(folder: Path) -> EmbeddedPostgres:
    """A cluster that is there and does not run."""
    postgres = EmbeddedPostgres(folder)
    postgres.data.mkdir(parents=True)
    (postgres.data / "PG_VERSION").touch()
    return postgres


# What it keeps


@pytest.mark.parametrize(("name", "value"), [*DURABLE.items(), *SILENT.items()])
def test_a_cluster_of_ours_is_durable_and_writes_no_content_down(
    name: str, value: str, machine: Machine, tmp_path: Path
) -> None:
    """As PostgreSQL itself reads the files of a new one."""
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    (postgres.data / "postgresql.auto.conf").touch()
    ask: list[str | Path] = [binaries() / "postgres", "-C", name, "-D", postgres.data]
    with subprocess.Popen(ask, stdout=subprocess.PIPE, text=True) as asked:
        assert asked.communicate()[0] == f"{value}\n"


@pytest.mark.parametrize(
    ("make", "options"),
    [
        (EmbeddedPostgres, []),
        (lambda folder: House(folder, Ports(1)).postgres, []),
        (lambda folder: EmbeddedPostgres(folder, durable=False), ["-o", FORGETFUL]),
    ],
    ids=["anybody's", "the house's", "a forgetful one"],
)
def test_only_who_says_so_gets_one_that_forgets(
    make: Callable[[Path], EmbeddedPostgres], options: list[str], machine: Machine, tmp_path: Path
) -> None:
    postgres = make(tmp_path)
    postgres.start()
    (started,) = machine.of("pg_ctl", "start")
    log = str(tmp_path / "postgres.log")
    assert started[1:] == [
        "-s", "-D", str(postgres.data), "-w", "-t", "60", "-l", log, *options
    ]  # fmt: skip


def test_the_tests_own_one_forgets() -> None:
    assert [SERVER.psql(f"SHOW {name}") for name in DURABLE] == ["off"] * 3


# How it is made


def test_a_cluster_is_made_aside_and_in_unicode(machine: Machine, tmp_path: Path) -> None:
    half = tmp_path / "postgres.new"
    half.mkdir()
    (half / "left by kill -9").touch()
    postgres = EmbeddedPostgres(tmp_path)
    postgres.start()
    assert machine.of("initdb") == [
        ["--no-instructions", "-D", str(half), "-U", "mypost", "-E", "UTF8", "--locale=C.UTF-8",
         "-A", "trust"]
    ]  # fmt: skip
    names = {path.name for path in postgres.data.iterdir()}
    assert names == {"PG_VERSION", "mypost.conf", "postgresql.conf"}
    assert "include = 'mypost.conf'\n" in (postgres.data / "postgresql.conf").read_text()
    where = f"unix_socket_directories = '{tmp_path}/sockets'\n"
    assert where in (postgres.data / "mypost.conf").read_text()
    assert not half.exists()
    postgres.start()
    assert len(machine.of("initdb")) == 1


def test_root_becomes_somebody_else_and_ctrl_c_reaches_nothing(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres = made(tmp_path)
    for number in (0, 1_000):
        monkeypatch.setattr(os, "getuid", lambda number=number: number)
        postgres.start()
    program = str(binaries() / "pg_ctl")
    as_root, as_anybody = (words for words, _ in machine.runs if program in words)
    assert as_root == [
        "unshare", "--user", "--map-user=65534", "--map-group=65534", "--", *as_anybody
    ]  # fmt: skip
    started = [options for words, options in machine.runs if program in words]
    assert all(options["start_new_session"] and options["check"] for options in started)


# Starting and ending


@pytest.mark.parametrize(("ready", "is_running"), [(0, True), (1, True), (2, False), (3, False)])
def test_it_runs_when_it_answers_or_says_not_yet(
    machine: Machine, tmp_path: Path, ready: int, is_running: bool
) -> None:
    """pg_isready: 0 takes connections, 1 does not yet, 2 is not there, 3 was asked wrongly."""
    postgres, machine.ready = made(tmp_path), ready
    assert postgres.is_running() is is_running
    postgres.start()
    assert len(machine.of("pg_ctl", "start")) == (not is_running)
    postgres.stop()
    stopped = ["stop", "-s", "-D", str(postgres.data), "-m", "fast", "-w", "-t", "30"]
    assert machine.of("pg_ctl", "stop") == [stopped] * is_running


def test_orphans_of_a_killed_one_are_given_time_to_go(
    machine: Machine, tmp_path: Path, pauses: list[float]
) -> None:
    postgres, machine.failures = made(tmp_path), 3
    postgres.start()
    assert pauses == [0.2, 1.0, 3.0]
    machine.failures = 4
    with pytest.raises(subprocess.CalledProcessError):
        postgres.start()
    machine.failures = 0
    pauses.clear()
    postgres.start()
    assert pauses == []


@pytest.fixture
def called_postgres(tmp_path: Path) -> Iterator[int]:
    """A process of this name, as the kernel sees it once it has begun."""
    program = shutil.copy(shutil.which("cat") or "cat", tmp_path / "postgres")
    pipe = subprocess.PIPE
    with subprocess.Popen([program], stdin=pipe, stdout=pipe, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"begun\n")
        assert process.stdout.readline() == b"begun\n"
        yield process.pid


def test_a_dead_ones_file_is_removed_and_a_living_ones_left(
    tmp_path: Path, called_postgres: int, machine: Machine
) -> None:
    postgres = made(tmp_path / "folder")
    file = postgres.data / "postmaster.pid"
    left = {}
    for number in (called_postgres, os.getpid(), 2**22 + 1):  # the last is more than Linux gives
        file.write_text(f"{number}\n{postgres.data}\n")
        postgres.start()
        left[number] = file.exists()
    assert list(left.values()) == [True, False, False]
    assert len(machine.of("pg_ctl", "start")) == 3


# Where it answers


def test_its_socket_lies_beside_it_for_its_owner_alone(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    assert postgres.sockets == tmp_path / "sockets"
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700
    assert postgres.url() == f"postgresql://mypost@/mypost?host={tmp_path}/sockets"
    assert postgres.url("a", "b") == f"postgresql://b@/a?host={tmp_path}/sockets"
    postgres.sockets.chmod(0o755)
    EmbeddedPostgres(tmp_path)
    assert postgres.sockets.stat().st_mode & 0o777 == 0o700


def test_a_path_too_long_for_a_socket_is_left_for_a_short_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Linux takes 107 bytes of a socket's path, and PostgreSQL adds its own name to it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep = tmp_path / ("d" * (90 - len(str(tmp_path / "x" / "sockets")) + 1))
    assert EmbeddedPostgres(deep).sockets == deep / "sockets"
    first, again, other = (EmbeddedPostgres(deep / name).sockets for name in ("a", "a", "b"))
    assert first == again != other
    assert first.parent == tmp_path
    assert first.name.startswith(f"mypost-{os.getuid()}-")
    assert first.stat().st_mode & 0o777 == 0o700


def test_a_socket_folder_of_somebody_else_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        EmbeddedPostgres(tmp_path)


# Its programs


def test_its_programs_are_the_wheels_or_the_newest_of_debian(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (binaries() / "initdb").exists()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    versions = ("9.6", "15", "17", "16")
    found = [Path("/usr/lib/postgresql", version, "bin") for version in versions[1:]]
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(found))
    assert binaries() == Path("/usr/lib/postgresql/17/bin")
    found.clear()
    with pytest.raises(FileNotFoundError, match="No PostgreSQL binaries"):
        binaries()


def test_a_statement_is_answered_or_raises_and_a_database_is_there_once() -> None:
    assert SERVER.psql("SELECT 1, NULL, 'a b'") == "1||a b"
    SERVER.ensure_database("postgres")
    with pytest.raises(subprocess.CalledProcessError):
        SERVER.psql("SELECT 1/0")
