"""The stand-alone tool, run as a stranger would run it: another process, files, an exit status."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from mypost.kernel.receipt import Reason
from tests.kernel.receipts import DOCUMENTS, KEY, TEXT, receipt
from tools import verify_receipt

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "verify_receipt.py"

# Runs the tool under an audit hook that forbids sockets, then tells which modules it loaded.
ISOLATED = """
import runpy, sys
def forbid(event, arguments):
    if event.startswith("socket.") or event in ("subprocess.Popen", "os.system", "os.exec"):
        raise SystemExit(f"the tool did {event}")
sys.addaudithook(forbid)
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit as end:
    print("\\nEXIT", end.code, *sorted(sys.modules))
"""


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    (tmp_path / "receipt.json").write_text(json.dumps(receipt(), indent=2))
    (tmp_path / "log.vkey").write_text(KEY + "\n")
    (tmp_path / "text.txt").write_text(TEXT)
    for number, document in enumerate(DOCUMENTS):
        (tmp_path / f"{number}.pdf").write_bytes(document)
    return tmp_path


def run(
    papers: Path, *arguments: str, start: tuple[str, ...] = (), lang: str = "C.UTF-8"
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *start, str(TOOL), "receipt.json", "--key", "log.vkey", *arguments]
    environment = {"PATH": os.environ["PATH"], "LANG": lang}
    return subprocess.run(
        command, cwd=papers, env=environment, capture_output=True, text=True, check=False
    )


def test_a_valid_receipt_is_told_in_plain_words(papers: Path) -> None:
    ran = run(papers, "--document", "0.pdf", "1.pdf", "--text", "text.txt")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("VALID: the receipt proves what it says.\n")
    assert "ContentHandover: opened by the member" in ran.stdout
    assert "The documents or text given are the letter's own." in ran.stdout


@pytest.mark.parametrize(("arguments", "lang"), [(["--lang", "ja"], "C"), ([], "ja_JP.UTF-8")])
def test_it_speaks_japanese(papers: Path, arguments: list[str], lang: str) -> None:
    ran = run(papers, *arguments, lang=lang)
    assert ran.returncode == 0
    assert "受取人が開封しました" in ran.stdout
    assert ran.stdout.endswith("有効です。記載の内容が証明されました。\n")


def test_a_changed_document_makes_the_receipt_invalid(papers: Path) -> None:
    (papers / "1.pdf").write_bytes(b"%PDF-1.7 forged")
    ran = run(papers, "--document", "0.pdf", "--document", "1.pdf")
    assert ran.returncode == 1
    assert "A document given is not one of the letter's." in ran.stdout
    assert ran.stdout.endswith("NOT VALID: do not rely on this receipt.\n")


def test_a_line_break_that_an_editor_added_is_forgiven(papers: Path) -> None:
    (papers / "text.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode() + b"\n")
    assert run(papers, "--text", "text.txt").returncode == 0
    (papers / "text.txt").write_text(TEXT + " ")
    assert run(papers, "--text", "text.txt").returncode == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("receipt.json", ""),
        ("receipt.json", "[" * 100_000),
        ("receipt.json", '{"format": 1, "format": 2}'),
        ("log.vkey", "no key"),
        ("log.vkey", ""),
    ],
)
def test_files_that_cannot_be_used_end_with_status_two(
    papers: Path, name: str, content: str
) -> None:
    (papers / name).write_text(content)
    ran = run(papers)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith("Cannot check: ")
    assert "Traceback" not in ran.stderr


def test_missing_binary_or_unnamed_files_end_with_status_two(papers: Path) -> None:
    assert run(papers, "--document", "absent.pdf").returncode == 2
    assert run(papers, "--text", str(papers)).returncode == 2
    (papers / "text.txt").write_bytes(b"\xff\xfe")
    assert run(papers, "--text", "text.txt").returncode == 2
    assert run(papers, "--unknown").returncode == 2


def test_any_json_is_judged_and_never_crashes_the_tool(papers: Path) -> None:
    for content in ("null", "[]", "{}", '"text"', "1e999"):
        (papers / "receipt.json").write_text(content)
        ran = run(papers)
        assert (ran.returncode, ran.stderr) == (1, "")


def test_a_forged_receipt_cannot_rewrite_the_screen(papers: Path) -> None:
    bundle = receipt()
    bundle["letter"] = "\x1b[2J\r\u202eVALID"
    (papers / "receipt.json").write_text(json.dumps(bundle))
    ran = run(papers)
    assert ran.returncode == 1
    assert all(sign.isprintable() or sign == "\n" for sign in ran.stdout)


def test_it_needs_no_framework_no_database_and_no_network(papers: Path) -> None:
    ran = run(papers, "--document", "0.pdf", start=("-c", ISOLATED))
    status = ran.stdout.rpartition("EXIT ")[2].split()
    assert status[0] == "0", ran.stdout + ran.stderr
    loaded = {module.partition(".")[0] for module in status[1:]}
    assert not loaded & {"django", "psycopg", "procrastinate", "config", "socket"}
    rooms = {module for module in status[1:] if module.startswith("mypost.")}
    assert rooms
    assert all(module.startswith("mypost.kernel") for module in rooms)


def test_it_takes_less_than_a_second_of_processor_time(papers: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert run(papers, "--document", "0.pdf", "1.pdf", "--text", "text.txt").returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 1


# Printed beside the words, and read by programs: none is renamed.
REASONS = [
    "receipt_malformed", "checkpoint_invalid", "line_repeated", "documents_not_disclosed",
    "text_not_disclosed", "entry_malformed", "letter_mismatch", "proof_invalid", "fact_unknown",
    "fact_mismatch", "documents_mismatch", "text_mismatch",
]  # fmt: skip


def test_every_reason_has_words_in_both_languages() -> None:
    assert list(Reason) == REASONS
    for reason in Reason:
        english, japanese = verify_receipt.WORDS[reason]
        assert english.isascii()
        assert japanese.endswith("。")
