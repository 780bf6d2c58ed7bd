"""Everything on one machine: database, doors, worker, and the outside world, until Ctrl-C.

The address of each door, and the demo's logins, are printed when everything answers. A process
that dies is started again; when this one dies, however it does, the others end with it.
"""

import argparse
import datetime
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from config.embedded_postgres import EmbeddedPostgres
from mypost.entrypoints.cli import keys, messages
from sandbox.neighbours import NAMES as NEIGHBOURS
from sandbox.neighbours import Neighbours, Ports
from sandbox.processes import ROOT, Service, await_an_end

PATIENCE = 60.0  # seconds until everything must answer
WORKERS = ("worker", "worker 2")
SERVICES = (*NEIGHBOURS, "member_web", "sender", "operator_web", *WORKERS)
ALL_KEYS = ("custodian", "intake", "log", "person")


class House:
    """The processes of one folder, and their life from first start to Ctrl-C."""

    def __init__(self, folder: Path, ports: Ports) -> None:
        self.folder, self.ports = folder.resolve(), ports
        self.postgres = EmbeddedPostgres(self.folder)
        self.neighbours = Neighbours(self.folder, ports)
        self.services: list[Service] = []
        self.stopping = False
        self._news = -1  # readable when a signal has come

    def run(self, *, demo: bool) -> int:
        """Start everything, keep it going, end it in order. Returns the exit status."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _only_one(self.folder / "running.lock"):
            self._news, told = os.pipe2(os.O_NONBLOCK)
            signal.set_wakeup_fd(told)  # a signal ends the waiting, too
            signal.signal(signal.SIGTERM, self._ask_to_stop)
            signal.signal(signal.SIGINT, self._ask_to_stop)
            try:
                self._start(demo=demo)
                self._announce(demo=demo)
                self._watch()
            finally:
                self._stop()
        return 0

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self, *, demo: bool) -> None:
        _refuse_taken_ports(self.ports)
        self._make_keys()
        self.services = [self.service(name) for name in SERVICES]
        # The outside world first: the demo's alerts go out at once, and its cards are judged.
        for service in self.services[: len(NEIGHBOURS)]:
            service.start()
        self.prepare(demo=demo)
        # Then the doors, which somebody waits for; the night work takes no core from their start.
        for service in self.services[len(NEIGHBOURS) : -len(WORKERS)]:
            service.start()
        self._await_doors()
        for service in self.services[-len(WORKERS) :]:
            service.start()

    def prepare(self, *, demo: bool) -> None:
        """Bring keys, translations, database and demo world up to date, and start PostgreSQL."""
        (self.folder / "static").mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_keys()
        messages.compile_all()
        self.postgres.start()
        self.postgres.ensure_database()
        self._bring_up_to_date(demo=demo)

    def _bring_up_to_date(self, *, demo: bool) -> None:
        """Migrate and seed, unless the database says of itself that it has had all that."""
        wanted = _state_of_tables(demo=demo)
        known = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
        if self.postgres.psql(f"{known}'mypost'") == wanted:
            return  # it would have cost a start of Django
        if demo:
            self.command("-m", "sandbox.demo.seed")  # migrates, too
        else:
            self.command("-m", "mypost.entrypoints.cli", "migrate")
        self.postgres.psql(f"COMMENT ON DATABASE mypost IS '{wanted}'")

    def _make_keys(self) -> None:
        keys.make(self.folder / "keys")
        self.neighbours.prepare()

    def service(self, name: str, **more: str) -> Service:
        """Return one process of the house, not yet started. more: its further environment."""
        if name in NEIGHBOURS:
            return Service(name, self.neighbours.command(name), more)
        command = [sys.executable, "-m", "mypost.entrypoints.cli", "worker"]
        environment = self.environment("worker", "intake", "log", "person")
        if name in self._doors():
            port, keys_held = self._doors()[name]
            command = _granian(port)
            environment = self.environment(name, *keys_held)
        return Service(name, command, {**environment, **more})

    def _doors(self) -> dict[str, tuple[int, list[str]]]:
        """Each door's port, and which keys it may hold."""
        return {
            "member_web": (self.ports.member, ["custodian", "person"]),
            "sender": (self.ports.sender, ["intake"]),
            "operator_web": (self.ports.operator, []),
        }

    def environment(self, door: str, *keys_held: str) -> dict[str, str]:
        """Return what one process is told: its door, its role, its keys, its neighbours."""
        folder, ports = self.folder / "keys", self.ports
        user = "mypost" if door == "cli" else f"mypost_{door}"
        environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MYPOST_DOOR": door,
            "MYPOST_DEVELOPMENT": "1",
            "DATABASE_URL": self.postgres.url(user=user),
            "MYPOST_MEMBER_URL": f"http://localhost:{ports.member}",
            "MYPOST_SENDER_URL": f"http://localhost:{ports.sender}",
            "MYPOST_OPERATOR_URL": f"http://localhost:{ports.operator}",
            "MYPOST_STORE_FOLDER": str(self.folder / "store"),
            "MYPOST_STATIC_FOLDER": str(self.folder / "static"),
            "MYPOST_SMTP_HOST": "127.0.0.1",
            "MYPOST_SMTP_PORT": str(ports.smtp),
            "MYPOST_LOG_VERIFIER_KEY_FILE": str(folder / "log.vkey"),
        }
        if door != "cli":
            environment["SECRET_KEY_FILE"] = str(folder / f"{door}.secret")
        environment |= self._neighbours_of(door)
        for key in ALL_KEYS:
            held = str(folder / f"{key}.key") if key in keys_held else ""
            environment[f"MYPOST_{key.upper()}_KEY_FILE"] = held
        return environment

    def _neighbours_of(self, door: str) -> dict[str, str]:
        """Return what a process is told of the outside world: what its work needs, no more."""
        around = self.neighbours
        if door == "member_web":
            return around.cards() | around.sign_in_helpers()
        if door in ("worker", "cli"):
            return around.cards() | around.paper()
        return {}

    def command(self, *arguments: str) -> None:
        """Run one of our own commands to its end. Raises CalledProcessError."""
        environment = self.environment("cli", *ALL_KEYS)
        subprocess.run(  # noqa: S603
            [sys.executable, *arguments],
            env={**os.environ, **environment},
            cwd=ROOT,
            check=True,
        )

    def _await_doors(self) -> None:
        deadline = time.monotonic() + PATIENCE
        for port in (self.ports.member, self.ports.sender, self.ports.operator):
            while not _answers(port):
                if time.monotonic() > deadline:
                    raise SystemExit(f"Nothing answers on port {port}.")
                self._restart_dead()
                time.sleep(0.1)

    def _watch(self) -> None:
        while not self.stopping:
            running = [service.process.pid for service in self.services if service.process]
            await_an_end([*running, *self._postmaster()], self._news, seconds=5.0)
            if self.stopping:
                break
            self._restart_dead()
            if not self.postgres.is_running():
                self.postgres.start()

    def _postmaster(self) -> list[int]:
        with suppress(FileNotFoundError, ValueError):
            lock = (self.postgres.data / "postmaster.pid").read_text(encoding="utf-8")
            return [int(lock.split("\n", 1)[0])]
        return []

    def _restart_dead(self) -> None:
        for service in self.services:
            if service.is_dead():
                service.deaths += 1
                print(f"{service.name} ended; starting it again.", flush=True)
                service.clear_up()
                time.sleep(min(service.deaths, 10) * 0.2)
                service.start()

    def _stop(self) -> None:
        for service in reversed(self.services):
            service.stop()
        self.postgres.stop()

    def _announce(self, *, demo: bool) -> None:
        ports = self.ports
        print(f"""
MyPost is running.

  Members     http://localhost:{ports.member}/
  Senders     http://localhost:{ports.sender}/        API: http://localhost:{ports.sender}/api/v1/docs
  Operator    http://localhost:{ports.operator}/
  Mail        http://localhost:{ports.mail_page}/        (what the house has mailed)
  Cards       http://localhost:{ports.card_office}/        (the card office: who holds which card)
  Print shop  http://localhost:{ports.print_shop}/        (what was printed)
  Carrier     http://localhost:{ports.carrier}/        (what becomes of it)
""")
        if demo:
            print(_logins())
        print("Ctrl-C ends everything.", flush=True)


def _state_of_tables(*, demo: bool) -> str:
    """Return a fingerprint of everything that migrating and seeding go by."""
    read = [*ROOT.glob("mypost/*/migrations/*.*"), *ROOT.glob("sandbox/demo/**/*.*")]
    read += [ROOT / "requirements" / "base.txt", *ROOT.glob("mypost/entrypoints/cli/*.py")]
    content = b"".join(path.read_bytes() for path in sorted(read) if path.suffix != ".pyc")
    return f"demo={demo} {hashlib.sha256(content).hexdigest()}"


def _granian(port: int) -> list[str]:
    return [
        str(Path(sys.executable).with_name("granian")), "--interface", "wsgi",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
        "--blocking-threads", "8", "--no-ws", "--log-level", "error",
        "--respawn-failed-workers", "config.wsgi:application",
    ]  # fmt: skip


def _logins() -> str:
    from sandbox import demo

    world = demo.load(datetime.datetime.now(tz=datetime.UTC).date())
    lines = [f"  Everybody's password: {world.password}", ""]
    lines += [f"  {m.email:24} member, level {m.level}  {m.name}" for m in world.members]
    lines += [
        f"  {person.email:24} {sender.name}" for sender in world.senders for person in sender.staff
    ]
    lines += [f"  {person.email:24} operator  {person.name}" for person in world.operators]
    lines += ["", "  Staff and operators register a passkey when they first sign in.", ""]
    return "\n".join(lines)


class _only_one:  # noqa: N801  reads as a sentence where it is used
    """Hold a lock that dies with the process, so that two houses never share a folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        self._file = self._path.open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("MyPost is already running from this folder.") from None

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _refuse_taken_ports(ports: Ports) -> None:
    # A killed house's processes may need a moment to notice.
    for _attempt in range(50):
        taken = [port for port in ports.all() if _is_taken(port)]
        if not taken:
            return
        time.sleep(0.2)
    raise SystemExit(f"Port {taken[0]} is taken. Try: make run PORT={ports.first + 100}")


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def main() -> int:
    """Read the command line and run the house."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "var")
    parser.add_argument("--port", type=int, default=8000, help="the first of five")
    parser.add_argument("--empty", action="store_true", help="without the demo world")
    parser.add_argument("--fresh", action="store_true", help="delete the folder first")
    given = parser.parse_args()
    if given.fresh:
        shutil.rmtree(given.folder, ignore_errors=True)
    return House(given.folder, Ports(given.port)).run(demo=not given.empty)


if __name__ == "__main__":
    sys.exit(main())
