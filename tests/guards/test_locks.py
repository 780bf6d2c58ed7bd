"""Every lock of the product has a test with two connections that misses it when it is gone."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SQL = [
    "FOR UPDATE", "FOR SHARE", "FOR NO KEY UPDATE", "FOR KEY SHARE", "LOCK TABLE", "ON CONFLICT",
    "ADVISORY_LOCK", "ADVISORY_XACT_LOCK", "SKIP LOCKED",
]  # fmt: skip
KEYWORDS = {"ignore_conflicts", "update_conflicts", "queueing_lock", "lock"}

LETTERS = "letters/test_at_once.py::"
SENDERS = "senders/test_at_once.py::"
MEMBERS = "members/test_at_once.py::"
CHOICES = "subscriptions/test_at_once.py::"
MAIL = "notifications/test_at_once.py::"
INTAKE = "intake/test_at_once.py::"
PAPER = "printing/test_at_once.py::"
LOG = "evidence/test_integrate.py::"
PROOFS = "proofing/test_proofs_at_once.py::"
CODES = "proofing/test_passcode_races.py::"

# Where a lock stands, and the test that turns red without it; where two stand, two tests.
LOCKS: dict[str, str | tuple[str, ...]] = {
    "letters.commands.hand_over": LETTERS
    + "test_two_openings_leave_one_evidence_line_and_one_time",
    "senders.commands.move_contract": SENDERS
    + "test_a_contract_that_ends_at_this_moment_takes_no_other_step",
    "senders.commands.revoke_api_key": SENDERS
    + "test_a_key_that_two_end_keeps_its_first_time_and_one_evidence_line",
    "members.commands.open_mailbox": MEMBERS + "test_one_account_gets_one_mailbox",
    "members.commands.set_level": MEMBERS
    + "test_a_fall_from_a_level_that_is_given_at_this_moment_is_told",
    "members.commands.declare": MEMBERS + "test_the_same_declaration_twice_stands_there_once",
    "members.commands.certify": MEMBERS + "test_the_same_certificate_twice_is_kept_once",
    "members.commands.lapse": MEMBERS + "test_what_was_certified_lapses_once",
    "members.closing.ask_to_close": MEMBERS
    + "test_two_wishes_to_close_are_one_with_the_first_date",
    "members.closing.take_back": MEMBERS
    + "test_a_wish_is_not_taken_back_from_a_mailbox_that_closes_at_this_moment",
    "members.closing._close": MEMBERS + "test_two_workers_close_a_mailbox_once",
    "subscriptions.queries.RESOLVE": CHOICES
    + "test_leaving_waits_for_the_letters_that_are_being_delivered",
    "subscriptions.commands.join": CHOICES
    + "test_accounts_that_are_joined_take_the_word_on_topics_that_is_given_at_this_moment",
    "subscriptions.commands._new": CHOICES
    + "test_a_sender_chosen_again_by_two_is_chosen_again_once",
    "subscriptions.commands._locked": CHOICES + "test_leaving_or_coming_back_twice_is_once",
    "notifications.notices.owe": MAIL + "test_told_twice_at_once_is_told_once",
    "notifications.notices.wake": MAIL + "test_two_that_wake_what_is_overdue_enqueue_it_once",
    "notifications.notices.send": MAIL
    + "test_a_notice_that_one_worker_sends_is_not_sent_nor_waited_for_by_another",
    "notifications.commands.wake": MAIL + "test_two_that_wake_what_is_overdue_enqueue_it_once",
    "notifications.commands._send_group": MAIL
    + "test_an_alert_that_one_worker_sends_is_not_sent_nor_waited_for_by_another",
    "intake.decision.CLAIM": INTAKE + "test_of_two_letters_of_one_reference_the_second_is_refused",
    "intake.commands._open_one": INTAKE + "test_a_consignment_is_submitted_once",
    "intake.answers.answer_once": INTAKE
    + "test_one_act_under_one_key_is_done_once_and_answered_every_time",
    "intake.delivery._cut_into_chunks": INTAKE + "test_two_workers_cut_a_consignment_once",
    "intake.delivery.deliver_chunk": INTAKE + "test_two_workers_deliver_a_chunk_once",
    "evidence.commands.integrate": LOG + "test_while_one_writes_the_other_leaves_the_log_alone",
    # Under the lock of integrate: the last tile of a level is written anew as it grows.
    "evidence.commands._grow": LOG + "test_each_growth_leaves_its_own_checkpoint",
    "printing.commands._claim": PAPER
    + "test_a_piece_that_one_worker_claims_is_not_claimed_nor_waited_for_by_another",
    "printing.feeds._keep": PAPER + "test_a_page_that_was_overtaken_changes_nothing",
    "printing.feeds._hold_members": PAPER
    + "test_two_parties_that_tell_of_two_members_crosswise_do_not_wait_for_ever",
    "printing.feeds._lock_piece": PAPER + "test_of_two_events_at_once_the_further_one_counts",
    "proofing.merging.ask": PROOFS + "test_of_two_codes_asked_for_at_once_one_counts",
    "proofing.merging._spend": PROOFS + "test_two_wrong_tries_cost_two",
    "proofing.merging._both": PROOFS + "test_a_chain_of_merges_loses_no_mailbox",
    "proofing.cards._held": PROOFS + "test_the_stop_waits_for_a_sign_in_that_has_begun",
    "proofing.cards._linked_now": PROOFS + "test_one_card_is_linked_to_one_of_two_accounts",
    "proofing.cards._place_for": PROOFS
    + "test_a_stop_holds_though_the_card_is_linked_at_this_moment",
    "proofing.cards._replace_others": PROOFS + "test_a_card_that_another_replaces_is_stopped_once",
    "proofing.watch.begin": PROOFS + "test_two_watches_enqueue_a_card_once",
    "proofing.watch.follow": (
        PROOFS + "test_the_watch_takes_the_member_before_the_card",
        PROOFS + "test_a_card_that_its_holder_and_the_authority_stop_is_stopped_once",
    ),
    "proofing.watch._end_account": PROOFS + "test_a_death_stops_a_card_once_that_its_holder_stops",
    "proofing.persons.hold": PROOFS + "test_two_cards_do_not_make_one_account_two_persons",
    "proofing.persons.claim": (
        PROOFS + "test_of_two_accounts_that_claim_one_person_the_second_is_refused",
        PROOFS + "test_what_a_closed_account_gave_up_is_taken_by_one_of_two",
    ),
    "proofing.passcodes.request": CODES + "test_browsers_at_once_ask_for_one_letter",
    "proofing.passcodes._lock_member": CODES + "test_browsers_at_once_get_no_sixth_try",
    "entrypoints.cli.rights.one_at_a_time": "entrypoints/cli/test_rights.py::"
    "test_two_migrations_go_one_after_the_other",
    "entrypoints.operator_web.queue.retry": "entrypoints/operator_web/test_at_once.py::"
    "test_a_failed_job_goes_back_to_its_queue_once",
    "entrypoints.member_web.card.stop_card": "entrypoints/member_web/test_at_once.py::"
    "test_a_card_that_two_browsers_stop_is_stopped_once",
}


def is_lock(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="select_for_update")):
            return True
        case ast.keyword(arg=str(name)):
            return name in KEYWORDS
        case ast.Constant(value=str(text)):
            return any(word in text.upper() for word in SQL)
    return False


def places_in(module: Path) -> Iterator[str]:
    """The function, or the constant, in which each lock of one module stands."""
    name = ".".join(module.relative_to(ROOT / "mypost").with_suffix("").parts)
    for place in ast.parse(module.read_text(encoding="utf-8")).body:
        named = place.targets[0] if isinstance(place, ast.Assign) else place
        for _lock in filter(is_lock, _without_docstrings(place)):
            yield f"{name}.{getattr(named, 'name', getattr(named, 'id', '?'))}"


def _without_docstrings(place: ast.AST) -> Iterator[ast.AST]:
    told = {id(node.value) for node in ast.walk(place) if isinstance(node, ast.Expr)}
    for node in ast.walk(place):
        if not (isinstance(node, ast.Constant) and id(node) in told):
            yield node


def modules() -> list[Path]:
    every = sorted((ROOT / "mypost").rglob("*.py"))
    return [module for module in every if "migrations" not in module.parts]


def proofs_of(place: str) -> tuple[str, ...]:
    named = LOCKS[place]
    return (named,) if isinstance(named, str) else named


def test_every_lock_stands_in_the_table_and_every_line_of_it_is_a_lock() -> None:
    found = Counter(place for module in modules() for place in places_in(module))
    assert found == {place: len(proofs_of(place)) for place in LOCKS}


def test_every_test_that_the_table_names_is_there() -> None:
    for place in LOCKS:
        for named in proofs_of(place):
            file, name = named.split("::")
            tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8"))
            assert name in {getattr(node, "name", "") for node in tree.body}, place
