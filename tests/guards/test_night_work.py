"""Every task of the night work, with its queue and how it is tried again, stands in one table."""

import ast
from collections.abc import Iterator
from pathlib import Path

from procrastinate.contrib.django import app
from procrastinate.retry import RetryStrategy

from tests.guards.catalogue import differences

# Alerts and notices keep their own count of tries (notifications/models.py); watching cards begins
# anew each hour. What is handed in is tried twenty times, after 2, 4, 8 … seconds.
TASKS = """
    intake.examine_consignment        queue delivery   20 tries, 2 s to the power of the try
    intake.deliver_chunk              queue delivery   20 tries, 2 s to the power of the try
    notifications.send_alerts         queue alerts     1 try
    notifications.send_notice         queue alerts     1 try
    proofing.void_expired_passcodes   queue alerts     1 try   at 23 * * * *
    proofing.watch_cards              queue delivery   1 try   at 41 * * * *
    proofing.ask_after_cards          queue delivery   1 try
"""
# Where work is enqueued. What may be enqueued again while it waits has a lock of its own, so that
# a queue that stands still for an hour does not hold it a thousand times.
ENQUEUED = """
    intake/commands.py          intake.examine_consignment   queue delivery
    intake/delivery.py          intake.deliver_chunk         queue delivery
    notifications/commands.py   notifications.send_alerts    queue alerts
    notifications/commands.py   notifications.send_alerts    queue alerts      lock alerts …
    notifications/notices.py    notifications.send_notice    queue alerts
    notifications/notices.py    notifications.send_notice    queue alerts      lock notice …
    proofing/watch.py           proofing.ask_after_cards     queue delivery    lock cards …
"""
ROOMS = Path(__file__).resolve().parents[2] / "mypost"


def lines(written: str) -> set[str]:
    return {" ".join(line.split()) for line in written.splitlines() if line.strip()}


def tries(strategy: object) -> str:
    if not isinstance(strategy, RetryStrategy):
        return "1 try"
    waits = {"s": strategy.wait, "s linear": strategy.linear_wait} if strategy.wait else {}
    assert not waits, "say in the table how it waits"
    only = f" for {strategy.retry_exceptions}" if strategy.retry_exceptions else ""
    wait = f"{strategy.exponential_wait} s to the power of the try"
    return f"{strategy.max_attempts} tries, {wait}{only}"


def declared() -> Iterator[str]:
    crons = {name: task.cron for (name, _), task in app.periodic_registry.periodic_tasks.items()}
    for name, task in app.tasks.items():
        if name.startswith(("builtin:", "procrastinate.")):
            continue
        more = (task.lock, task.queueing_lock, task.priority)
        assert more == (None, None, 0), f"say in the table what {name} has more: {more}"
        at = f" at {crons[name]}" if name in crons else ""
        yield f"{name} queue {task.queue} {tries(task.retry_strategy)}{at}"


def test_each_task_has_its_queue_its_tries_and_its_hour() -> None:
    wrong = differences(set(declared()), lines(TASKS))
    assert not wrong, wrong


def word(value: ast.expr | None) -> str:
    """What an argument says; of a text that is put together, its beginning."""
    if isinstance(value, ast.JoinedStr):
        return f"{ast.literal_eval(value.values[0]).strip()} …"
    return str(ast.literal_eval(value)) if value is not None else ""


def enqueued_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    texts = {  # lock = f"…"
        target.id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.JoinedStr)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "configure_task":
            given = {key.arg: key.value for key in call.keywords}
            lock = given.pop("queueing_lock", None)
            lock = texts[lock.id] if isinstance(lock, ast.Name) else lock
            said = (
                f"{path.relative_to(ROOMS)} {word(call.args[0])} queue {word(given.pop('queue'))}"
            )
            assert not given, f"say in the table: {sorted(map(str, given))}"
            yield said + (f" lock {word(lock)}" if lock else "")


def test_work_is_enqueued_where_and_under_the_lock_that_the_table_says() -> None:
    found = {line for path in sorted(ROOMS.rglob("*.py")) for line in enqueued_in(path)}
    wrong = differences(found, lines(ENQUEUED))
    assert not wrong, wrong
