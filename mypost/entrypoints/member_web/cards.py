"""Senders as cards: where one stands for a member, and what may be done about it."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypost.senders.models import Sender, Topic
from mypost.subscriptions.queries import Choice, SenderChoice

AT_ONCE = 30  # further cards are shown on demand
KINDS = Sender.Kind.values
LABELS = {
    Choice.CHOSEN: _("Chosen"),
    Choice.SELECTABLE: _("Can be chosen"),
    Choice.NEEDS_VERIFICATION: _("Needs verification"),
}


@dataclass(frozen=True)
class TopicSwitch:
    """One topic of a sender: whether the member wants it, and whether it can reach them."""

    topic: Topic
    wanted: bool
    needs_verification: bool


@dataclass(frozen=True)
class SenderCard:
    """One sender as a member sees it."""

    sender: Sender
    choice: Choice
    topics: list[TopicSwitch]

    @property
    def is_chosen(self) -> bool:
        return self.choice == Choice.CHOSEN

    @property
    def needs_verification(self) -> bool:
        return self.choice == Choice.NEEDS_VERIFICATION


@dataclass(frozen=True)
class Tab:
    """One tab above the cards."""

    choice: Choice
    label: str | Promise
    count: int
    current: bool


@dataclass(frozen=True)
class CardList:
    """What the list of senders shows. more: how many further cards wait."""

    tabs: list[Tab]
    cards: list[SenderCard]
    asked_name: str
    more: int

    @property
    def needs_verification(self) -> bool:
        return any(tab.current and tab.choice == Choice.NEEDS_VERIFICATION for tab in self.tabs)


def as_card(choice: SenderChoice, *, level: int) -> SenderCard:
    """Return a choice as a card. level: the member's."""
    declined = set(choice.subscription.declined_topics) if choice.subscription else set()
    topics = [
        TopicSwitch(topic, topic.id not in declined, topic.required_assurance > level)
        for topic in choice.sender.topics.all()
    ]
    return SenderCard(choice.sender, choice.choice, topics)


def as_card_list(
    choices: Iterable[SenderChoice], *, level: int, asked: Mapping[str, str]
) -> CardList:
    """Return the cards that were asked for: `tab`, `name` (a part of it), `all` without a limit."""
    name = asked.get("name", "").strip()
    named = sorted((c for c in choices if _is_named(c.sender, name)), key=_kind)
    counts = {kind: sum(choice.choice == kind for choice in named) for kind in Choice}
    current = _current_tab(asked.get("tab", ""), counts)
    cards = [as_card(choice, level=level) for choice in named if choice.choice == current]
    shown = cards if "all" in asked else cards[:AT_ONCE]
    tabs = [Tab(kind, LABELS[kind], counts[kind], kind == current) for kind in Choice]
    return CardList(tabs, shown, name, more=len(cards) - len(shown))


def _kind(choice: SenderChoice) -> int:
    """Return where a sender's kind stands in the list: cities first, then agencies, companies."""
    return KINDS.index(choice.sender.kind)


def _current_tab(asked: str, counts: dict[Choice, int]) -> Choice:
    if asked in list(Choice):
        return Choice(asked)
    return Choice.CHOSEN if counts[Choice.CHOSEN] else Choice.SELECTABLE


def _is_named(sender: Sender, part: str) -> bool:
    """Say whether a name holds what was typed, whatever its width and case."""
    return _folded(part) in _folded(f"{sender.name}\n{sender.name_en}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
