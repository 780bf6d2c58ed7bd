"""A sender's topics."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from mypost.senders.commands import add_topic, change_topic
from mypost.senders.errors import TopicNotFound
from mypost.senders.models import Sender, Topic
from tests.conftest import NOW


def topic(sender: Sender, **facts: object) -> Topic:
    given = {"slug": "water", "name": "水道", "category": "infrastructure", **facts}
    return add_topic(Topic(sender=sender, **given), at=NOW)


def test_a_slug_stands_once_a_sender(city: Sender, power: Sender) -> None:
    topic(city)
    topic(power)
    with pytest.raises(ValidationError):
        topic(city)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slug", "水道"),
        ("slug", ""),
        ("name", ""),
        ("category", "other"),
        ("required_assurance", 4),
    ],
)
def test_a_wrong_fact_is_refused(city: Sender, field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        topic(city, **{field: value})


def test_its_words_are_as_long_as_we_say_and_no_longer(city: Sender) -> None:
    for field, longest, sign in (("slug", 50, "s"), ("name", 100, "名"), ("name_en", 100, "n")):
        made = topic(city, **{"slug": f"for-{field}", field: sign * longest})
        assert getattr(made, field) == sign * longest
        with pytest.raises(ValidationError) as refused:
            topic(city, **{"slug": f"no-{field}", field: sign * (longest + 1)})
        assert list(refused.value.message_dict) == [field]


def test_a_topic_may_be_renamed_and_demand_more(city: Sender) -> None:
    changed = change_topic(city, topic(city).id, name="上下水道", required_assurance=2)
    changed.refresh_from_db()
    assert (changed.name, changed.required_assurance, changed.slug) == ("上下水道", 2, "water")


def test_a_stranger_cannot_change_it(city: Sender, power: Sender) -> None:
    own = topic(city)
    with pytest.raises(TopicNotFound):
        change_topic(power, own.id, name="電気")


def test_it_is_called_in_the_readers_language(city: Sender) -> None:
    own = topic(city, name_en="Water")
    with translation.override("en"):
        assert str(own) == "Water"
        assert str(topic(city, slug="gas", name="ガス")) == "ガス"
    with translation.override("ja"):
        assert str(own) == "水道"
