"""The pages of the counter: who lives here, which card they hold, and what may happen to them."""

from dataclasses import dataclass
from datetime import datetime
from html import escape

from .authority import Status
from .card import KINDS, Kind, Pins
from .disturbances import DISTURBANCES, Disturbance
from .office import Holder, Office
from .page import alert, beside, choice, field, heading, page, paragraph, say
from .residents import JAPAN, Resident
from .words import REASONS, WORDS
from .world import MUNICIPALITIES

_PLAIN_EVENTS = ("issue", "renew", "lose", "hold", "give_up", "emigrate", "die")


@dataclass(frozen=True)
class Counter:
    """The pages of one office, at one time. at: aware."""

    office: Office
    at: datetime

    def everybody(self) -> str:
        """Return the first page: everybody's cards, their PINs, and the switches for tests."""
        rows = "".join(self._row(holder) for holder in self.office.holders())
        pins = Pins()
        return page(
            "office",
            f"{paragraph('office_text')}<p>{say('pins')}</p>"
            f"<dl><dt>{say('auth')}</dt><dd><code>{pins.auth}</code></dd>"
            f"<dt>{say('sign')}</dt><dd><code>{pins.sign}</code></dd></dl>"
            f'{heading("residents")}<ul class="people">{rows}</ul>'
            f"{heading('disturbances')}{paragraph('disturbances_text')}"
            + "".join(map(self._switch, DISTURBANCES)),
        )

    def resident(self, holder: Holder, *, refusal: str = "") -> str:
        """Return one resident's page. refusal: code of what the counter did not do, or empty."""
        person = holder.resident
        state = holder.state or "resident"
        return page(
            state,
            f'<p><a href="/">{say("back")}</a></p>'
            + (alert(f"refused_{refusal}") if refusal else "")
            + f"{_facts(holder)}{heading('certificates')}{self._certificates(holder)}"
            f"{heading('events')}{_forms(person)}",
            heading=f"{escape(_shown_name(person))} <small>{say(state)}</small>",
        )

    def _row(self, holder: Holder) -> str:
        person = holder.resident
        marks = "".join(f"<li>{say(kind)}: {self._mark(holder, kind)}</li>" for kind in KINDS)
        link = f'<a href="/residents/{escape(person.id)}">{escape(_shown_name(person))}</a>'
        return f"<li>{link}<p>{escape(person.address)}</p><ul>{marks}</ul></li>"

    def _certificates(self, holder: Holder) -> str:
        rows = "".join(
            f"<dt>{say(kind)}</dt><dd>{_serial(holder, kind)}{self._mark(holder, kind)}</dd>"
            for kind in KINDS
        )
        return f"<dl>{rows}</dl>"

    def _mark(self, holder: Holder, kind: Kind) -> str:
        status = self.office.status(holder, kind, self.at)
        if status is None:
            return say("none")
        return f"{_status_words(status)}; {say('tries', left=holder.card.tries_left(kind))}"

    def _switch(self, name: Disturbance) -> str:
        on = self.office.authority.disturbances.is_on(name)
        return (
            f'<form method="post" action="/disturbances/{name}" class="row"><b>{say(name)}</b>'
            f'<button name="on" value="{"" if on else "1"}">'
            f"{say('switch_off' if on else 'switch_on')}</button></form>"
        )


def _shown_name(person: Resident) -> str:
    return person.registered_name or person.name


def _facts(holder: Holder) -> str:
    person = holder.resident
    facts = {
        "registered_name": person.registered_name,
        "address": person.address,
        "birth_date": person.birth_date,
        "card_number": holder.card.number,
    }
    rows = "".join(
        f"<dt>{say(word)}</dt><dd>{escape(fact)}</dd>" for word, fact in facts.items() if fact
    )
    return f"<dl>{rows}</dl>"


def _serial(holder: Holder, kind: Kind) -> str:
    if not holder.card.has(kind):
        return ""
    return f"<code>{holder.card.issuer_and_serial(kind)[1]}</code> "


def _status_words(status: Status) -> str:
    if status.state != "revoked" or status.revoked_at is None:
        return say(status.state)
    ja, en = WORDS["revoked"]
    since = f"{status.revoked_at.astimezone(JAPAN):%Y-%m-%d %H:%M}"
    reason = f"{status.reason} {status.cause}".strip().replace("_", " ")
    return beside(f"{ja}（{REASONS[status.reason]}）{since}", f"{en}: {reason}")


def _forms(person: Resident) -> str:
    cities = {city: city for city in MUNICIPALITIES}
    lives_in = next((c for c, place in MUNICIPALITIES.items() if place == person.municipality), "")
    kinds = {str(kind): WORDS[kind][0] for kind in KINDS}
    fields = {
        "move": field("address", "new_address", person.address) + choice("city", cities, lives_in),
        "rename": field("name", "new_name", person.name),
        "unlock": choice("kind", kinds) + field("pin", "new_pin", ""),
    }
    filled_in = "".join(_form(person, event, inner) for event, inner in fields.items())
    plain = "".join(_form(person, event, "") for event in _PLAIN_EVENTS)
    return f'{filled_in}<div class="acts">{plain}</div>'


def _form(person: Resident, event: str, fields: str) -> str:
    action = f"/residents/{escape(person.id)}/{event}"
    return f'<form method="post" action="{action}">{fields}<button>{say(event)}</button></form>'
