"""The back office's page about the log, as a whole."""

from django.test import Client
from pytest_django import Settings

from mypost.evidence.commands import integrate
from mypost.evidence.models import Checkpoint
from tests.conftest import LATER, NOW
from tests.entrypoints.outline import said, written
from tests.evidence.acts import record

NO_EVIDENCE = written("""
# Evidence
Everything that happens to a letter leaves a line here, with no content and no
    names. Anybody may check the log without trusting us.
Lines in the log
  0
Last signed
  —
Recorded, not yet in the log
  0
## Newest checkpoint
The log is empty.
The worker signs the first checkpoint when it takes in the first line.
## The key that checks it
VERIFIER-KEY
{:copy: ‹Copy aria-live=polite› type=button data-copy=#verifier-key
    data-copied=Copied hidden}
[The public log, as everybody sees it](http://localhost:8000/log/checkpoint)
""")
EVIDENCE = written("""
# Evidence
Everything that happens to a letter leaves a line here, with no content and no
    names. Anybody may check the log without trusting us.
Lines in the log
  1,234
Last signed
  @2026-11-22T11:00:00+09:00
Recorded, not yet in the log
  3
## Newest checkpoint
THE-NOTE
{:copy: ‹Copy aria-live=polite› type=button data-copy=#checkpoint
    data-copied=Copied hidden}
## The key that checks it
VERIFIER-KEY
{:copy: ‹Copy aria-live=polite› type=button data-copy=#verifier-key
    data-copied=Copied hidden}
[The public log, as everybody sees it](http://localhost:8000/log/checkpoint)
## Recent checkpoints
Recent checkpoints, the newest first
| Signed | Lines
| @2026-11-22T11:00:00+09:00 | 1,234
| @2026-11-22T10:00:00+09:00 | 2
""")


def test_the_log(office: Client, settings: Settings) -> None:
    named: dict[object, str] = {settings.LOG_VERIFIER_KEY: "VERIFIER-KEY"}
    assert said(office, "/evidence/", named) == NO_EVIDENCE
    record(2)
    integrate(at=NOW)
    record(3)
    Checkpoint.objects.create(size=1_234, note="THE-NOTE", signed_at=LATER)
    assert said(office, "/evidence/", named) == EVIDENCE
