"""Two acts at once, without chance: each in a transaction of its own, stopped before it commits.

An act runs in a thread with its own connection. It stops after each of its steps until the test
lets it go on, so that another can be begun at exactly that moment; the database itself says who
waits for whom. The tests that use it commit: mark them django_db(transaction=True).
"""

from collections.abc import Callable
from threading import Event, Semaphore, Thread
from time import monotonic, sleep
from typing import Any

from django.db import connection, transaction

from mypost.common.problems import Refusal

LIMIT = 60  # seconds after which a race is stuck; none takes one
STANDING = "SELECT count(*) FROM unnest(%s::int[]) AS pid WHERE pg_blocking_pids(pid) && %s::int[]"


class _Abandoned(Exception):
    """The test has ended before the act."""


class Act:
    """One transaction: its steps, and the commit. A refusal commits too, as it does at a door."""

    def __init__(self, steps: tuple[Callable[[], Any], ...]) -> None:
        self.pid = 0
        self.is_over = False
        self._rests = Event()  # between two steps, before the commit, or for good
        self._steps, self._turns, self._abandoned = steps, Semaphore(0), False
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            with transaction.atomic():
                self._begin()
                self._walk()
        except BaseException as error:  # it is the test's, which raises it
            self._error = error
        finally:
            connection.close()
            self.is_over = True
            self._rests.set()

    def _begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LIMIT}s'")
            cursor.execute("SELECT pg_backend_pid()")
            (self.pid,) = cursor.fetchone()

    def _walk(self) -> None:
        for step in self._steps:
            try:
                self._value = step()
            except Refusal as refusal:
                self._value, self._error = None, refusal
            self._rest()

    def _rest(self) -> None:
        self._rests.set()
        assert self._turns.acquire(timeout=LIMIT), "nobody lets the act go on"
        if self._abandoned:
            raise _Abandoned

    @property
    def waits(self) -> bool:
        """Say whether it is not done with its step: once a race stands, it waits for a lock."""
        return not self._rests.is_set()

    def wake(self, *, abandoned: bool = False) -> None:
        """Let it go on to its next step, or to its end."""
        self._abandoned = abandoned
        if not self.is_over:
            self._rests.clear()
        self._turns.release()

    def outcome(self) -> Any:
        """Return what its last step returned, or raise what it raised."""
        self.join()
        if self._error is not None:
            raise self._error
        return self._value

    def join(self) -> None:
        """Wait until nothing of it is left."""
        self._thread.join(LIMIT)
        assert not self._thread.is_alive(), "the act does not end"


class Race:
    """Acts that run at once. The test is the conductor, in a connection of its own."""

    def __init__(self) -> None:
        self._acts: list[Act] = []

    def begin(self, *steps: Callable[[], Any]) -> Act:
        """Begin a transaction. Return when its first step is done, or waits for another act."""
        act = Act(steps)
        self._acts.append(act)
        self._settle()
        return act

    def go_on(self, act: Act) -> None:
        """Let an act do its next step. Return when that is done, or waits."""
        act.wake()
        self._settle()

    def commit(self, act: Act) -> Any:
        """Let an act commit, and those who wait for it go on; return or raise how it ended."""
        assert not act.waits, "it waits for another act"
        act.wake()
        self._settle()
        return act.outcome()

    def _settle(self) -> None:
        """Wait until every act rests, or stands behind one that does."""
        until = monotonic() + LIMIT
        while running := [act for act in self._acts if act.waits]:
            if self._all_stand(running):
                return
            assert monotonic() < until, "an act is neither done nor waiting"
            sleep(0.002)  # until the database says so, or the act does

    def _all_stand(self, running: list[Act]) -> bool:
        alive = [act.pid for act in self._acts if not act.is_over]
        with connection.cursor() as cursor:
            cursor.execute(STANDING, [[act.pid for act in running], alive])
            return bool(cursor.fetchone() == (len(running),))

    def __enter__(self) -> "Race":
        return self

    def __exit__(self, *_: object) -> None:
        for act in self._acts:
            act.wake(abandoned=True)
        for act in self._acts:
            act.join()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Begin each act before any other commits, then let them commit in their order.

    Returns how each ended: what it returned, or the code with which it was refused. Without a
    lock the later ones have by then seen the world as it was before the first.
    """
    with Race() as race:
        begun = [race.begin(act) for act in acts]
        ends: dict[int, Any] = {}
        while waiting := [act for act in begun if id(act) not in ends]:
            first = next(act for act in waiting if not act.waits)
            try:
                ends[id(first)] = race.commit(first)
            except Refusal as refusal:
                ends[id(first)] = refusal.code
    return [ends[id(act)] for act in begun]
