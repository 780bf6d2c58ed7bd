import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from time import sleep

import pytest

from mypost.intake.antivirus import AntivirusUnavailable, scan
from sandbox import clamd
from sandbox.clamd import EICAR
from tests.pdf_makers import by_hand, stream
from tests.scanner import serving

CLEAN = by_hand()


@pytest.fixture(params=["unix", "tcp"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    by_path = f"unix://{tmp_path}/clamd.sock"
    if request.param == "unix":
        with serving(clamd.listen(by_path)):
            yield by_path
    else:
        server = clamd.listen("tcp://127.0.0.1:0")
        with serving(server):
            yield f"tcp://127.0.0.1:{server.socket.getsockname()[1]}"


@contextmanager
def answering(answer: Iterable[bytes], path: Path) -> Iterator[str]:
    """A scanner that says one thing, whatever it is asked, and hangs up."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def answer_once() -> None:
        caller, _ = listener.accept()
        with caller, suppress(ConnectionError):
            question = b""
            while not question.endswith(bytes(4)):
                question += caller.recv(4096)
            for part in answer:
                caller.sendall(part)

    thread = threading.Thread(target=answer_once)
    thread.start()
    try:
        yield f"unix://{path}"
    finally:
        thread.join()
        listener.close()


def test_a_clean_document_matches_nothing(address: str) -> None:
    assert scan(CLEAN, address=address) is None


def test_an_infected_document_is_told_by_its_signature(address: str) -> None:
    assert scan(EICAR, address=address) == "Eicar-Test-Signature"
    infected = by_hand({1: b"<< >>", 4: stream(EICAR)})
    assert scan(infected, address=address) == "Eicar-Test-Signature"


def test_a_document_of_many_chunks_is_scanned_to_its_last_byte(address: str) -> None:
    assert scan(bytes(300_000), address=address) is None
    assert scan(bytes(300_000) + EICAR, address=address) == "Eicar-Test-Signature"


def test_a_virus_across_two_chunks_is_found(address: str) -> None:
    assert scan(bytes(64 * 1024 - 30) + EICAR, address=address) == "Eicar-Test-Signature"


def test_an_empty_document_is_clean(address: str) -> None:
    assert scan(b"", address=address) is None


def test_a_document_too_long_for_the_scanner_is_not_called_clean(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clamd, "STREAM_MAX_LENGTH", 100_000)
    with pytest.raises(AntivirusUnavailable):
        scan(bytes(2_000_000), address=address)


def test_many_threads_may_ask_at_once(address: str) -> None:
    with ThreadPoolExecutor(max_workers=16) as threads:
        answers = list(threads.map(partial(scan, address=address), [CLEAN, EICAR] * 8))
    assert answers == [None, "Eicar-Test-Signature"] * 8


@pytest.mark.parametrize(
    ("reason", "answer"),
    [
        ("silence", b""),
        ("half an answer", b"stream: "),
        ("a word that only begins well", b"stream: OKAY\0"),
        ("an error", b"INSTREAM: Can't open file or directory ERROR\0"),
        ("a command that it does not know", b"UNKNOWN COMMAND\0"),
        ("another server", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("bytes that are no text", b"\xff\xfe\0"),
        ("an answer without end", b"stream: " + b"x" * 100_000),
        ("two answers", b"stream: OK\0stream: Virus FOUND\0"),
        ("a nameless find", b"stream:  FOUND\0"),
    ],
)
def test_only_a_clear_answer_counts(reason: str, answer: bytes, tmp_path: Path) -> None:
    with (
        answering([answer], tmp_path / "clamd.sock") as address,
        pytest.raises(AntivirusUnavailable),
    ):
        scan(CLEAN, address=address)


def test_a_clean_answer_that_comes_too_late_does_not_count(tmp_path: Path) -> None:
    given_up = threading.Event()

    def in_drops() -> Iterator[bytes]:
        yield b"stream: "
        given_up.wait(timeout=10)
        yield b"OK\0"

    with answering(in_drops(), tmp_path / "clamd.sock") as address:
        with pytest.raises(AntivirusUnavailable):
            scan(CLEAN, address=address, patience=0.05)
        given_up.set()


def test_an_answer_in_drops_takes_no_more_time_than_one_in_a_piece(tmp_path: Path) -> None:
    # Each drop comes in time, all of them together do not: the slower this machine, the later.
    def in_drops() -> Iterator[bytes]:
        for drop in b"stream: OK\0":
            sleep(0.02)
            yield bytes([drop])

    with (
        answering(in_drops(), tmp_path / "clamd.sock") as address,
        pytest.raises(AntivirusUnavailable),
    ):
        scan(CLEAN, address=address, patience=0.1)


def test_a_signature_with_spaces_and_dots_is_given_whole(tmp_path: Path) -> None:
    answer = b"stream: Pdf.Exploit CVE-2010-0188.UNOFFICIAL FOUND\0"
    with answering([answer], tmp_path / "clamd.sock") as address:
        assert scan(CLEAN, address=address) == "Pdf.Exploit CVE-2010-0188.UNOFFICIAL"


@pytest.mark.parametrize(
    "address",
    [
        "unix:///nowhere/clamd.sock",
        "tcp://127.0.0.1:1",
        "tcp://",
        "tcp://127.0.0.1:port",
        "http://127.0.0.1",
        "/run/clamd.sock",
        "",
    ],
)
def test_an_address_where_nobody_scans_is_no_clean_answer(address: str) -> None:
    with pytest.raises(AntivirusUnavailable):
        scan(CLEAN, address=address)


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("tcp://clamd", ("clamd", 3310)),  # clamd.conf(5), TCPSocket
        ("tcp://clamd:3311", ("clamd", 3311)),
        ("tcp://[::1]", ("::1", 3310)),
    ],
)
def test_a_scanner_is_called_at_its_own_port_and_not_waited_for_without_end(
    address: str, called: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[object, ...]] = []

    def call(*arguments: object) -> socket.socket:
        calls.append(arguments)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", call)
    with pytest.raises(AntivirusUnavailable):
        scan(CLEAN, address=address, patience=7)
    assert calls == [(called, 7)]


def test_a_scanner_that_is_away_is_worth_another_try() -> None:
    assert not AntivirusUnavailable.permanent


def test_the_sandbox_scanner_runs_by_itself(tmp_path: Path) -> None:
    address = f"unix://{tmp_path}/clamd.sock"
    command = [sys.executable, "-u", "-m", "sandbox.clamd", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        assert address.encode() in server.stdout.readline()
        found = scan(EICAR, address=address)
        server.terminate()
    assert found == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    ("command", "answer"),
    [(b"zPING\0", b"PONG\0"), (b"nPING\n", b"PONG\n"), (b"zNONSENSE\0", b"UNKNOWN COMMAND\0")],
)
def test_the_sandbox_scanner_answers_as_clamd_does(
    command: bytes, answer: bytes, tmp_path: Path
) -> None:
    with serving(clamd.listen(f"unix://{tmp_path}/clamd.sock")), socket.socket(socket.AF_UNIX) as s:
        s.connect(f"{tmp_path}/clamd.sock")
        s.sendall(command)
        assert s.recv(100) == answer
