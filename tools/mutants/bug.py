"""One bug: a place in a file, and what stands there instead."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """path: below the root. start, end: bytes in the file. kind: one word for what is done."""

    path: str
    kind: str
    start: int
    end: int
    instead: bytes

    def planted(self, source: bytes) -> bytes:
        """Return the file with the bug in it."""
        return source[: self.start] + self.instead + source[self.end :]

    def told(self, source: bytes) -> str:
        """Return one line that says where, what was there, and what is there now."""
        line = source.count(b"\n", 0, self.start) + 1
        before = " ".join(source[self.start : self.end].decode().split())
        after = " ".join(self.instead.decode().split())
        return f"{self.path}:{line} {self.kind}: {before[:90]} → {after[:90] or 'nothing'}"
