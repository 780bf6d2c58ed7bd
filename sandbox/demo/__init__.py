"""The demo world: who lives in it, and what they have been sent. Plain data, no framework."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from .calendar import Calendar
from .world import Category, Document, Letter, Member, Sender, Staff, Topic, World

__all__ = [
    "Category",
    "Document",
    "Letter",
    "Member",
    "Sender",
    "Staff",
    "Topic",
    "World",
    "load",
]

_HERE = Path(__file__).parent
PASSWORD = "minato-no-asa-2026"  # noqa: S105 # no secret: every demo prints it

# What a JSON file holds: its shape is told in README.md, and the dataclasses refuse any other.
_Json = dict[str, Any]


def load(today: date) -> World:
    """Return the demo world as it stands on one day in Japan, letters in order of sending.

    Dates in letters and documents are counted from the latest Sunday; the rest is fixed.
    """
    world = World(
        password=PASSWORD,
        categories=tuple(Category(**entry) for entry in _read("categories")),
        senders=tuple(_sender(entry) for entry in _read("senders")),
        members=tuple(_member(entry) for entry in _read("members")),
        operators=tuple(Staff(**entry) for entry in _read("operators")),
        letters=(),
    )
    letters = sorted(_letters(world, today), key=lambda letter: letter.sent_on)
    return replace(world, letters=tuple(letters))


def _read(name: str) -> list[_Json]:
    entries: list[_Json] = json.loads((_HERE / f"{name}.json").read_text("utf-8"))
    return entries


def _sender(entry: _Json) -> Sender:
    topics = tuple(Topic(**topic) for topic in entry["topics"])
    staff = tuple(Staff(**person) for person in entry["staff"])
    return Sender(**{**entry, "topics": topics, "staff": staff})


def _member(entry: _Json) -> Member:
    choices = {sender: tuple(topics) for sender, topics in entry["choices"].items()}
    birth_date = date.fromisoformat(entry["birth_date"])
    return Member(**{**entry, "birth_date": birth_date, "choices": choices})


def _letters(world: World, today: date) -> Iterator[Letter]:
    for path in sorted((_HERE / "letters").glob("*.json")):
        entry: _Json = json.loads(path.read_text("utf-8"))
        calendar = Calendar.around(today, language=entry["language"])
        for ordinal, member in enumerate(entry["members"], start=1):
            filled = calendar.fill(entry, {"ordinal": f"{ordinal:04}"})
            assert isinstance(filled, dict)
            yield _letter(filled, world.sender(entry["sender"]), world.member(member), calendar)


def _letter(entry: _Json, sender: Sender, member: Member, calendar: Calendar) -> Letter:
    due, reply_by = entry.get("due_in_days"), entry.get("reply_by_in_days")
    return Letter(
        reference=entry["reference"],
        sender=sender.key,
        topic=entry["topic"],
        member=member.key,
        language=entry["language"],
        subject=entry["subject"],
        safe_subject=entry["safe_subject"],
        body="\n\n".join(entry["body"]),
        sent_on=calendar.day(-entry["sent_days_ago"]),
        due=None if due is None else calendar.day(due),
        reply_by=None if reply_by is None else calendar.day(reply_by),
        required_assurance=entry["required_assurance"],
        documents=tuple(
            _document(document, sender, member, entry["language"])
            for document in entry["documents"]
        ),
    )


def _document(entry: _Json, sender: Sender, member: Member, language: str) -> Document:
    letterhead = {"language": language, "sender": _letterhead(sender, language)}
    # A newsletter is one document for everybody: with an address on it, it would be many.
    if entry["template"] != "newsletter":
        letterhead["addressee"] = _addressee(member, language)
    return Document(entry["name"], entry["template"], {**letterhead, **entry["data"]})


def _letterhead(sender: Sender, language: str) -> dict[str, str]:
    english = language == "en"
    return {
        "name": sender.name_en if english else sender.name,
        "address": sender.address_en if english else f"〒{sender.postal_code}　{sender.address}",
        "phone": sender.phone,
        "website": sender.website,
        "colour": sender.colour,
        "mark": sender.mark,
    }


def _addressee(member: Member, language: str) -> dict[str, str]:
    return {
        "name": member.name_en if language == "en" else member.name,
        "postal_code": member.postal_code,
        "address": member.address,
    }
