"""A feed of events in a file: each is told once, and may be asked for again and again."""

import json
import os
from datetime import datetime
from pathlib import Path
from threading import Lock

PAGE = 200


class EventFeed:
    """Events in the order they were told. A cursor is the number of events already taken."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file, self._lock = file, Lock()
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        self._events: list[dict[str, str]] = [json.loads(line) for line in lines]
        self._ids = {event["id"] for event in self._events}

    def tell(self, number: str, kind: str, *, at: datetime, **facts: str) -> None:
        """Tell an event durably. The same kind of the same piece is told only once."""
        event_id = f"{kind}-{number}"
        event = {"id": event_id, "number": number, "kind": kind, "at": at.isoformat(), **facts}
        with self._lock:
            if event_id in self._ids:
                return
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(event) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._events.append(event)
            self._ids.add(event_id)

    def after(self, cursor: str) -> tuple[list[dict[str, str]], str]:
        """Return the next events after a cursor, and the cursor behind them."""
        start = int(cursor) if cursor.isascii() and cursor.isdigit() else 0
        with self._lock:
            events = self._events[start : start + PAGE]
        return events, str(start + len(events))

    def of(self, number: str) -> list[dict[str, str]]:
        """Return the events of one piece."""
        with self._lock:
            return [event for event in self._events if event["number"] == number]
