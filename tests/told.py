"""What a line of evidence commits to: nobody reads it there, but whoever knows it can check it."""

from mypost.evidence.models import Line
from mypost.kernel.evidence_entry import commitment, read_entry


def commits_to(line: Line, **facts: str) -> bool:
    """Say whether these are the facts of a line, all of them and no others."""
    kept = read_entry(line.entry.encode()).facts
    salt = bytes(line.salt)
    return kept == {name: commitment(salt, name, value) for name, value in facts.items()}


def reasons_of(line: Line) -> tuple[str, ...]:
    """The codes that stand in a line for everybody to read."""
    return read_entry(line.entry.encode()).reasons
