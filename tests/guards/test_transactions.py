"""What is one transaction by itself: all of it happens, or nothing. Doors' views are in routes.py.

Most tests run inside a transaction of their own: they cannot miss one that a command opens no more.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.guards.catalogue import differences

PRODUCT = Path(__file__).resolve().parents[2] / "mypost"

TRANSACTIONS = """
    accounts.commands: close end_sessions forget_factors
    common.transactions: reads.wrapped writes.wrapped
    entrypoints.cli.operations: add_operator add_staff
    entrypoints.cli.rights: settle
    entrypoints.operator_web.queue: retry
    entrypoints.operator_web.senders: _added
    entrypoints.sender_web.composition: keep write
    entrypoints.sender_web.topics: _is_added
    evidence.commands: integrate
    intake.answers: answer_once
    intake.commands: change_reference discard open_consignment put_document put_items
        remove_document submit submit_letter
    intake.delivery: _cut_into_chunks deliver_chunk
    letters.commands: hand_over
    members.closing: _close ask_to_close take_back
    members.commands: certify declare flag_address lapse open_mailbox set_level
    notifications.commands: _send_group wake
    notifications.notices: owe send wake
    printing.commands: _claim _compose
    printing.feeds: _keep _take
    proofing.auth_app: prove
    proofing.cards: _hear _link _prove
    proofing.merging: _join _spend ask
    proofing.passcodes: _void_if_expired enter issue note request
    proofing.persons: claim
    proofing.watch: begin follow
    senders.commands: apply_for_contract make_api_key move_contract revoke_api_key
    subscriptions.commands: choose decline_topics join leave want_topic
    vault.commands: destroy_mailbox_keys
"""


def written() -> set[str]:
    found, module = set(), ""
    for word in TRANSACTIONS.split():
        if word.endswith(":"):
            module = word[:-1]
        else:
            found.add(f"{module}.{word}")
    return found


def opened(tree: ast.AST, within: str) -> Iterator[str]:
    """The functions that open a transaction: by a decorator, or in their body."""
    for node in ast.iter_child_nodes(tree):
        inner = f"{within}.{node.name}" if isinstance(node, ast.FunctionDef) else within
        if isinstance(node, ast.FunctionDef) and opens(*node.decorator_list):
            yield inner
        if isinstance(node, ast.With) and opens(*(item.context_expr for item in node.items)):
            yield within
        yield from opened(node, inner)


def opens(*expressions: ast.expr) -> bool:
    return any("transaction.atomic" in ast.unparse(expression) for expression in expressions)


def test_what_is_whole_or_nothing_says_so_and_is_in_the_table() -> None:
    found: set[str] = set()
    for path in PRODUCT.rglob("*.py"):
        module = ".".join(path.relative_to(PRODUCT).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        if "transaction.atomic" in source:  # reading is cheap, parsing is not
            found.update(opened(ast.parse(source), module))
    wrong = differences(found, written())
    assert not wrong, wrong
