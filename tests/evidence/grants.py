"""Statements that try how rights act. Which rights there are: tests/guards/rights.py."""

from dataclasses import dataclass

from tests.guards.rights import MEMBER, OPERATOR, SENDER, WORKER

DOORS = {MEMBER, SENDER, OPERATOR, WORKER}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Rule:
    """Who may run a statement, and why nobody else."""

    statement: str
    allowed: set[str]
    reason: str


RULES = [
    Rule("UPDATE evidence_line SET entry = ''", NOBODY, "evidence is never rewritten"),
    Rule("UPDATE evidence_line SET at = now()", NOBODY, "nor dated anew"),
    Rule("DELETE FROM evidence_line", NOBODY, "nor deleted"),
    Rule("TRUNCATE evidence_line", NOBODY, "one by one or all at once"),
    Rule(
        "UPDATE evidence_line SET leaf_index = 0 WHERE false", {WORKER}, "one column, one process"
    ),
    Rule("SELECT * FROM vault_envelope", {MEMBER}, "only readers' doors read letters"),
    Rule("SELECT sealed FROM vault_envelope", {MEMBER}, "nor does another read that column"),
    Rule("SELECT letter_id FROM vault_envelope", {MEMBER, OPERATOR}, "the ledger's check counts"),
    Rule("SELECT wrapped_private_key FROM vault_mailboxkey", {MEMBER}, "who holds the custodian"),
    Rule("SELECT public_key FROM vault_mailboxkey", {MEMBER, SENDER, WORKER}, "who seals to it"),
    Rule("UPDATE vault_mailboxkey SET public_key = ''", NOBODY, "a swapped key reads new letters"),
    Rule("SELECT session_data FROM django_session", DOORS - {WORKER}, "the worker is nobody"),
    Rule("DELETE FROM django_session WHERE session_key = ''", DOORS, "it ends sessions, unread"),
    Rule("SELECT * FROM members_member", {MEMBER, WORKER}, "senders never learn who a member is"),
    Rule("SELECT mailbox_id, level FROM members_member", DOORS - {OPERATOR}, "what delivery needs"),
    Rule("SELECT count(*) FROM subscriptions_subscription", DOORS, "the office counts"),
    Rule("SELECT pseudonym FROM subscriptions_subscription", DOORS - {OPERATOR}, "and no more"),
    Rule(
        "SELECT 1 FROM subscriptions_subscription FOR SHARE",
        DOORS - {OPERATOR},
        "who delivers holds the choice still: UPDATE on one column is enough for it",
    ),
    Rule(
        "UPDATE subscriptions_subscription SET ended_at = now() WHERE false",
        {MEMBER, WORKER},
        "who may lock may not therefore end",
    ),
    Rule("UPDATE letters_letter SET mailbox_id = id", NOBODY, "a letter never moves"),
    Rule("UPDATE intake_item SET state = 'refused'", NOBODY, "a verdict is written once"),
    Rule(
        "INSERT INTO usersessions_usersession (session_key) SELECT '' WHERE false",
        DOORS - {WORKER},
        "an identity column asks for no right on its sequence",
    ),
    Rule(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('delivery', 'any', 0, NULL, NULL, '{}', NULL)"
        "::procrastinate_job_to_defer_v1])",
        {MEMBER, SENDER, WORKER},
        "who enqueues needs the job, its number and the event that a trigger writes",
    ),
    Rule("DELETE FROM procrastinate_jobs", {WORKER}, "no door makes work disappear"),
    Rule("SELECT procrastinate_register_worker_v1()", {WORKER}, "no door does night work"),
]
