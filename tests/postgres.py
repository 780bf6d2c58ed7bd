"""The tests' own PostgreSQL and keys, ready before Django reads its settings.

It does not wait for a disk: nobody needs a test's rows after a loss of power.
"""

import os
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError

import certifi

from config.embedded_postgres import EmbeddedPostgres
from mypost.entrypoints.cli import keys, messages

FOLDER = Path(__file__).resolve().parent.parent / "var" / "test"
SERVER = EmbeddedPostgres(FOLDER, durable=False)
END = "-----END CERTIFICATE-----\n"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname LIKE 'test_%'"

IS_FIRST = False  # this process has started the server, and ends it

if "PYTEST_XDIST_WORKER" not in os.environ:
    IS_FIRST = not SERVER.is_running()
    (FOLDER / "static").mkdir(parents=True, exist_ok=True)
    SERVER.start()
    keys.make(FOLDER / "keys")
    messages.compile_all()
    # No test asks anybody by TLS: one authority will do; all of them cost each client 30 ms.
    first = Path(certifi.where()).read_text(encoding="utf-8").partition(END)[0]
    (FOLDER / "authority.pem").write_text(first + END, encoding="utf-8")

os.environ.update(
    DATABASE_URL=os.environ.get("TEST_DATABASE_URL", SERVER.url("postgres")),
    MYPOST_TEST_MODE="1",
    SSL_CERT_FILE=str(FOLDER / "authority.pem"),
    MYPOST_STATIC_FOLDER=str(FOLDER / "static"),
    MYPOST_CUSTODIAN_KEY_FILE=str(FOLDER / "keys/custodian.key"),
    MYPOST_INTAKE_KEY_FILE=str(FOLDER / "keys/intake.key"),
    MYPOST_PERSON_KEY_FILE=str(FOLDER / "keys/person.key"),
    MYPOST_LOG_KEY_FILE=str(FOLDER / "keys/log.key"),
    MYPOST_LOG_VERIFIER_KEY_FILE=str(FOLDER / "keys/log.vkey"),
)


def pytest_unconfigure() -> None:
    """Leave no server behind; one that was running before, or serves another run, stays."""
    with suppress(CalledProcessError):  # whoever took the folder away took the server, too
        if IS_FIRST and SERVER.psql(OTHERS) == "0":
            SERVER.stop()
