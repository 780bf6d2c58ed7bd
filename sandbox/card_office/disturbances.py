"""What goes wrong at the office on purpose, until it is switched off again."""

from typing import Literal, get_args

from .register import Register

Disturbance = Literal["silent", "slow", "broken", "stale", "wrong_signer"]
DISTURBANCES: tuple[Disturbance, ...] = get_args(Disturbance)


class Disturbances:
    """The switches, kept in the register: every process of the office sees them at once.

    silent: hang up without an answer. slow: answer after some seconds. broken: answer with
    something else. stale: yesterday's word, no longer valid. wrong_signer: signed by a stranger.
    """

    def __init__(self, register: Register) -> None:
        self._register = register

    def switch(self, name: str, *, on: bool) -> None:
        """Switch one on or off. Raises KeyError for a name that is none."""
        if name not in DISTURBANCES:
            raise KeyError(name)
        with self._register.acting() as db:
            db.execute("delete from disturbance where name = ?", (name,))
            if on:
                db.execute("insert into disturbance values (?)", (name,))

    def is_on(self, name: Disturbance) -> bool:
        """Say whether it is on."""
        return bool(self._register.ask("select 1 from disturbance where name = ?", name))
