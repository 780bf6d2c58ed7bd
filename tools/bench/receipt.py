"""A stranger checks a receipt: the whole process, from exec to its verdict."""

import json
import subprocess
import sys
import time
from pathlib import Path

from mypost.common.clock import now
from mypost.evidence import commands as evidence
from mypost.intake import commands as intake
from mypost.intake.commands import HandedDocument
from mypost.intake.drafts import read_draft
from mypost.letters import queries as letters
from tools.bench import world
from tools.bench.figures import Figure, Row
from tools.bench.ground import Ground
from tools.bench.house import ROOT

TARGET = 1.0  # second


def measure(ground: Ground, runs: int) -> Figure:
    """Check the sender's receipt of one letter with its document."""
    ground.need_database()
    papers = _papers(ground.folder)
    taken, spans = ground.watch.repeat(runs, lambda: _run(*papers))
    bare, _ = ground.watch.repeat(runs, lambda: _run("-c", "pass"))
    return Figure(
        Row("receipt", "s", taken),
        "tools/verify_receipt.py checks a receipt with its document, as a whole process.",
        spans,
        TARGET,
        [Row("bare start of Python", "s", bare)],
    )


def _papers(folder: Path) -> list[str]:
    """Send a letter, take it into the log, and return the command that checks its receipt."""
    (to,) = world.make_members(1)
    paper = HandedDocument(world.PAPER, world.paper())
    reading = read_draft(world.letter(to, "receipt"))
    item = intake.submit_letter(world.origin(), reading, [paper], at=now())
    while evidence.integrate(at=now()):
        pass
    story = letters.story_for_sender(item.sender_id, item.letter_id)
    bundle = letters.receipt_for_sender(story, reference=item.reference)
    receipt, document = folder / "receipt.json", folder / "document.pdf"
    receipt.write_text(json.dumps(bundle), encoding="utf-8")
    document.write_bytes(paper.content)
    tool, key = ROOT / "tools" / "verify_receipt.py", folder / "keys" / "log.vkey"
    return [str(tool), str(receipt), "--key", str(key), "--document", str(document)]


def _run(*arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
