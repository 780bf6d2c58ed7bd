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


def told(papers: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    """Run it in this process: most answers need no other one. Returns status, output, errors."""
    files = [str(papers / "receipt.json"), "--key", str(papers / "log.vkey")]
    status = verify_receipt.main([*files, *more])
    return status, *capsys.readouterr()


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
    papers: Path, capsys: pytest.CaptureFixture[str], name: str, content: str
) -> None:
    (papers / name).write_text(content)
    status, output, errors = told(papers, capsys, "--lang", "en")
    assert (status, output) == (2, "")
    assert errors.startswith(f"Cannot check: {papers / name}: ")
    assert errors.count("\n") == 1


def test_missing_binary_or_unnamed_files_end_with_status_two(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(papers, capsys, "--document", str(papers / "absent.pdf"))[0] == 2
    assert told(papers, capsys, "--text", str(papers))[0] == 2
    (papers / "text.txt").write_bytes(b"\xff\xfe")
    assert told(papers, capsys, "--text", str(papers / "text.txt"))[0] == 2
    assert run(papers, "--unknown").returncode == 2


def test_any_json_is_judged_and_never_crashes_the_tool(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in ("null", "[]", "{}", '"text"', "1e999"):
        (papers / "receipt.json").write_text(content)
        assert told(papers, capsys, "--lang", "en") == (
            1,
            "The file does not have the form of a receipt.\n"
            "NOT VALID: do not rely on this receipt.\n",
            "",
        )


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


# What it says, whole: a third person reads it aloud in a dispute

FACTS = """\
    documents: ["5ff5e590a68af2351458914ef5c723933502f1ed17e1b11587c1ee15557e9473",\
"197c695fde8bf27dd7f420d4256d58a909f82c31a57607b7af84fd182b55f3ce"]
    recipient: 0123-4567-89AB-CDEF-GHJK
    reference: R8-税-000123
    sender: 019d4000-0000-7000-8000-00000000c17e
"""
UNCHECKED = "    not compared, because nothing was given: text\n"
VALID = f"""\
Letter 019d4000-0000-7000-8000-000000000001
Log mypost.example/log: 333 entries under the signed checkpoint
✓ 2026-04-01T00:00:00.000000Z SubmissionAcceptance: accepted from the sender
{FACTS}{UNCHECKED}\
✓ 2026-04-01T00:01:00.000000Z ContentConsignment: placed in the mailbox
{FACTS}{UNCHECKED}\
✓ 2026-04-01T00:02:00.000000Z ContentHandover: opened by the member
{FACTS}{UNCHECKED}\
VALID: the receipt proves what it says.
"""
VALID_IN_JAPANESE = f"""\
手紙 019d4000-0000-7000-8000-000000000001
記録台帳 mypost.example/log: 署名済みの控えに 333 件
✓ 2026-04-01T00:00:00.000000Z SubmissionAcceptance: 差出人から引き受けました
{FACTS}\
✓ 2026-04-01T00:01:00.000000Z ContentConsignment: 郵便受けに届けました
{FACTS}\
✓ 2026-04-01T00:02:00.000000Z ContentHandover: 受取人が開封しました
{FACTS}\
渡された文書・本文は手紙のものと一致しました。
有効です。記載の内容が証明されました。
"""
INVALID = f"""\
Letter 019d4000-0000-7000-8000-000000000001
Log mypost.example/log: 333 entries under the signed checkpoint
✗ 2026-04-01T00:00:00.000000Z SubmissionAcceptance: accepted from the sender
    A fact is not what was put on record.
✗ 2026-04-01T00:01:00.000000Z ContentConsignment: placed in the mailbox
    This line does not stand in the signed log.
✓ 2026-04-01T00:02:00.000000Z ContentHandover: opened by the member
{FACTS}{UNCHECKED}\
✓ 2026-04-01T00:02:00.000000Z ContentHandover: opened by the member
{FACTS}{UNCHECKED}\
The same line of evidence stands here twice.
NOT VALID: do not rely on this receipt.
"""


def test_it_tells_all_that_is_proved_and_the_conclusion_last(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told(papers, capsys, "--lang", "en") == (0, VALID, "")
    given = ["--document", str(papers / "0.pdf"), "--text", str(papers / "text.txt")]
    assert told(papers, capsys, "--lang", "ja", *given) == (0, VALID_IN_JAPANESE, "")


def test_it_tells_what_is_wrong_at_the_line_that_is_wrong(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = receipt()
    first, second, third = bundle["lines"]
    first["disclosed"]["sender"]["value"] = "somebody else"
    second["leaf_index"] += 1
    bundle["lines"].append(third)
    (papers / "receipt.json").write_text(json.dumps(bundle))
    assert told(papers, capsys, "--lang", "en") == (1, INVALID, "")


def test_whoever_signed_with_another_key_proved_nothing(
    papers: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = receipt()
    bundle["checkpoint"] = bundle["checkpoint"].replace("333", "334")
    (papers / "receipt.json").write_text(json.dumps(bundle))
    assert told(papers, capsys, "--lang", "en", "--document", str(papers / "0.pdf")) == (
        1,
        "Letter 019d4000-0000-7000-8000-000000000001\n"
        "The checkpoint is not signed with this key.\n"
        "NOT VALID: do not rely on this receipt.\n",
        "",
    )


def test_a_console_that_knows_few_characters_gets_the_verdict_all_the_same(papers: Path) -> None:
    ran = subprocess.run(
        [sys.executable, TOOL, "receipt.json", "--key", "log.vkey"], cwd=papers, check=False,
        env={"PYTHONIOENCODING": "ascii", "LANG": "C"}, capture_output=True, text=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Letter 019d4000-")
    assert "? 2026-04-01T00:02:00.000000Z ContentHandover: opened by the member" in ran.stdout
