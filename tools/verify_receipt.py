"""Check a MyPost receipt on any machine, without network, database or trust in the operator.

    python tools/verify_receipt.py RECEIPT.json --key VKEY_FILE [--document A.pdf …] [--text FILE]

Needs this repository's `mypost/kernel` and the packages it imports, nothing else.
Exit status: 0 the receipt is valid, 1 it is not, 2 the files or the key cannot be used.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mypost.kernel.errors import VerifierKeyMalformed
from mypost.kernel.receipt import LineVerdict, Reason, ReceiptVerdict, check_receipt

VALID, INVALID, UNUSABLE = 0, 1, 2

# English, Japanese. The tool speaks alone, far from the pages' translations.
WORDS = {
    "valid": ("VALID: the receipt proves what it says.", "有効です。記載の内容が証明されました。"),
    "invalid": ("NOT VALID: do not rely on this receipt.", "無効です。証明として使えません。"),
    "unusable": ("Cannot check: {}", "確認できません: {}"),
    "letter": ("Letter {}", "手紙 {}"),
    "log": (
        "Log {}: {} entries under the signed checkpoint",
        "記録台帳 {}: 署名済みの控えに {} 件",
    ),
    "unchecked": (
        "not compared, because nothing was given: {}",
        "比べるものがなく、確かめていない項目: {}",
    ),
    "compared": (
        "The documents or text given are the letter's own.",
        "渡された文書・本文は手紙のものと一致しました。",
    ),
    "SubmissionAcceptance": ("accepted from the sender", "差出人から引き受けました"),
    "SubmissionRejection": ("refused to the sender", "差出人からの引受けを断りました"),
    "ContentConsignment": ("placed in the mailbox", "郵便受けに届けました"),
    "ContentConsignmentFailure": (
        "could not be placed in the mailbox",
        "郵便受けに届けられませんでした",
    ),
    "ConsignmentNotification": ("the member was alerted", "受取人に到着をお知らせしました"),
    "ConsignmentNotificationFailure": (
        "the alert could not be delivered",
        "到着のお知らせを届けられませんでした",
    ),
    "ContentHandover": ("opened by the member", "受取人が開封しました"),
    "LetterRecalled": ("recalled by the sender", "差出人が取り消しました"),
    Reason.RECEIPT_MALFORMED: (
        "The file does not have the form of a receipt.",
        "受領証の形式になっていません。",
    ),
    Reason.CHECKPOINT_INVALID: (
        "The checkpoint is not signed with this key.",
        "控えの署名がこの鍵のものではありません。",
    ),
    Reason.LINE_REPEATED: (
        "The same line of evidence stands here twice.",
        "同じ記録が二度載っています。",
    ),
    Reason.DOCUMENTS_NOT_DISCLOSED: (
        "The receipt does not say which documents the letter had.",
        "受領証から手紙の文書を確かめることはできません。",
    ),
    Reason.TEXT_NOT_DISCLOSED: (
        "The receipt does not say which text the letter had.",
        "受領証から手紙の本文を確かめることはできません。",
    ),
    Reason.ENTRY_MALFORMED: (
        "This line of evidence cannot be read.",
        "この記録は読み取れません。",
    ),
    Reason.LETTER_MISMATCH: (
        "This line is about another letter.",
        "この記録は別の手紙のものです。",
    ),
    Reason.PROOF_INVALID: (
        "This line does not stand in the signed log.",
        "この記録は署名された台帳に載っていません。",
    ),
    Reason.FACT_UNKNOWN: (
        "A fact is shown that the line does not hold.",
        "記録にない項目が示されています。",
    ),
    Reason.FACT_MISMATCH: (
        "A fact is not what was put on record.",
        "記録された内容と異なる項目があります。",
    ),
    Reason.DOCUMENTS_MISMATCH: (
        "A document given is not one of the letter's.",
        "渡された文書は手紙の文書と一致しません。",
    ),
    Reason.TEXT_MISMATCH: (
        "The text given is not the letter's.",
        "渡された本文は手紙の本文と一致しません。",
    ),
}


class Unusable(Exception):
    """A file or the key cannot be used, so there is nothing to judge."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the receipt named on the command line, print the verdict, return the exit status."""
    options = _parser().parse_args(arguments)
    japanese = options.lang == "ja"
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every console knows every character
    try:
        verdict = _verdict(options)
    except Unusable as error:
        print(_say("unusable", japanese).format(error), file=sys.stderr)
        return UNUSABLE
    for line in _report(verdict, japanese, compared=bool(options.document or options.text)):
        print(_harmless(line))
    return VALID if verdict.valid else INVALID


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check a MyPost receipt without any network.")
    parser.add_argument("receipt", type=Path, help="the receipt, a JSON file")
    parser.add_argument("--key", type=Path, required=True, help="file with the log's verifier key")
    parser.add_argument("--document", type=Path, nargs="+", action="extend", default=[])
    parser.add_argument("--text", type=Path, help="file with subject, empty line, body (UTF-8)")
    language = "ja" if os.environ.get("LANG", "").startswith("ja") else "en"
    parser.add_argument("--lang", choices=("en", "ja"), default=language)
    return parser


def _verdict(options: argparse.Namespace) -> ReceiptVerdict:
    """Return the verdict on the files. Raises Unusable."""
    bundle = _bundle(options.receipt)
    key = _text(options.key).strip()
    documents = [_content(path) for path in options.document]
    text = None if options.text is None else _text(options.text)
    try:
        verdict = check_receipt(bundle, verifier_key=key, documents=documents, text=text)
        if text is not None and text.endswith("\n") and not verdict.valid:  # an editor's last \n
            shorter = text.removesuffix("\n")
            second = check_receipt(bundle, verifier_key=key, documents=documents, text=shorter)
            return second if second.valid else verdict
    except VerifierKeyMalformed as error:
        raise Unusable(f"{options.key}: {error.__doc__}") from error
    return verdict


def _bundle(path: Path) -> object:
    """Return the JSON of a file. Raises Unusable, also for a name that stands twice."""
    try:
        return json.loads(_text(path), object_pairs_hook=_unrepeated)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path}: {error}") from error


def _unrepeated(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):  # two readers could see two receipts in one file
        raise ValueError("a name stands twice in one object")
    return fields


def _text(path: Path) -> str:
    try:
        return _content(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Unusable(f"{path}: {error}") from error


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unusable(str(error)) from error


def _report(verdict: ReceiptVerdict, japanese: bool, *, compared: bool) -> list[str]:
    """Return the verdict in plain words, line by line, the conclusion last."""
    told = [_say("letter", japanese).format(verdict.letter)] if verdict.letter else []
    if verdict.checkpoint is not None:
        head = verdict.checkpoint
        told.append(_say("log", japanese).format(head.origin, f"{head.size:,}"))
    for line in verdict.lines:
        told += _report_line(line, japanese)
    told += [_say(reason, japanese) for reason in verdict.reasons]
    if compared and verdict.valid:
        told.append(_say("compared", japanese))
    return [*told, _say("valid" if verdict.valid else "invalid", japanese)]


def _report_line(line: LineVerdict, japanese: bool) -> list[str]:
    meaning = f": {_say(line.event, japanese)}" if line.event in WORDS else ""
    told = [f"{'✓' if line.ok else '✗'} {line.time} {line.event}{meaning}"]
    told += [f"    {_say(reason, japanese)}" for reason in line.reasons]
    told += [f"    {fact}: {value}" for fact, value in line.proved.items()]
    if line.unchecked:
        told.append("    " + _say("unchecked", japanese).format(", ".join(line.unchecked)))
    return told


def _harmless(text: str) -> str:
    """Escape what does not print: a forged receipt could overwrite the verdict on a screen."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def _say(word: str, japanese: bool) -> str:
    return WORDS[word][japanese]


if __name__ == "__main__":
    sys.exit(main())
