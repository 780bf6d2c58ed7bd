"""The table of refusals: for each promise of the database, rows that keep and rows that break it.

A row names only the columns that matter. tests/guards/promises.py says what is promised; here it
is shown. What must be filled in besides is filled in, with nothing in particular.
"""

from tests.conftest import LATER, NOW
from tests.guards.refusals_of_people import CARD, MEMBER, PASSCODE, SENDER
from tests.guards.refusals_of_post import CONSIGNMENT, LETTER, NOTICE, PIECE
from tests.guards.shown import (
    A_REASON,
    BEFORE,
    DIGEST,
    LEVELS,
    ONE,
    OTHER,
    SENT_WITH_ITS_TIME,
    TRIES,
    Row,
    Shown,
    column,
    once,
)

# What else a row of the table must say to keep all its other promises.
PLAIN: dict[str, Row] = {
    "accounts_account": {"language": "ja"},
    "intake_consignment": {"state": "open", "made_by_staff_id": ONE},
    "letters_letter": {"state": "consigned", "consigned_at": NOW},
    "members_declaredattributes": {"postal_code": "1000001"},
    "members_levelchange": {"reason": "x"},
    "notifications_alert": {"state": "waiting"},
    "notifications_notice": {"state": "waiting"},
    "printing_mailpiece": {"state": "ordered"},
    "proofing_linkedcard": {"sign_serial": "plain"},
    "proofing_passcoderequest": {"state": "requested"},
    "senders_contractchange": {"reason": "x"},
    "senders_sender": {"kind": "municipality", "code": "999999", "contract_state": "applied"},
    "verification_recordedverdict": {"purpose": "prove", "outcome": "invalid", "reasons": ["x"]},
}

VERDICT: dict[str, list[Shown]] = {
    "verdict_has_reasons_unless_valid": [
        Shown(
            [
                {"outcome": "valid", "reasons": [], "proof_at": NOW, "proof_digest": "x"},
                {"outcome": "invalid", "reasons": ["x"]},
                {"outcome": "indeterminate", "reasons": ["x"]},
            ],
            [
                {"outcome": "valid", "reasons": ["x"], "proof_at": NOW, "proof_digest": "x"},
                {"outcome": "invalid", "reasons": []},
                {"outcome": "indeterminate", "reasons": []},
                {"outcome": "other", "reasons": ["x"]},
            ],
        )
    ],
    "verdict_is_for_a_purpose": column(
        "purpose", kept=["sign_in", "prove"], refused=["", "step_up", "PROVE"]
    ),
    "verdict_is_valid_by_proof": [
        Shown(
            [{"outcome": "valid", "reasons": [], "proof_at": NOW, "proof_digest": "x"}],
            [
                {"outcome": "valid", "reasons": [], "proof_digest": "x"},
                {"outcome": "valid", "reasons": [], "proof_at": NOW, "proof_digest": ""},
            ],
        )
    ],
}

CHOICE: Row = {"mailbox_id": ONE, "sender_id": ONE}
NAMED: Row = {"pseudonym": "other"}
REFUSALS: dict[str, dict[str, list[Shown]]] = {
    "accounts_account": {
        "account_email_once": [
            Shown(
                [{"email": "hanako@example.org"}],
                [{"email": "hanako@example.jp"}, {"email": "HANAKO@Example.jp"}],
                {"email": "hanako@example.jp"},
            )
        ],
        "account_language_is_ours": column("language", kept=["ja", "en"], refused=["", "fr", "JA"]),
    },
    "accounts_signin": {
        "sign_in_of_nobody_fails": [
            Shown(
                [{"succeeded": False}, {"succeeded": True, "account_id": ONE}],
                [{"succeeded": True}],
            )
        ]
    },
    "evidence_line": {"line_salt_is_32_bytes": column("salt", **DIGEST)},
    "intake_consignment": CONSIGNMENT,
    "intake_item": {
        "item_is_refused_with_a_code": [
            Shown(
                [{"state": "refused", "code": "x"}, {"state": "consigned"}, {"state": "paper"}],
                [
                    {"state": "refused"},
                    {"state": "consigned", "code": "x"},
                    {"state": "paper", "code": "x"},
                ],
            )
        ]
    },
    "letters_letter": LETTER,
    "members_certifiedattributes": {
        "certified_lapse_has_a_reason": [
            Shown(
                [{}, {"lapsed_at": NOW, "lapse_reason": "x"}],
                [{"lapsed_at": NOW}, {"lapse_reason": "x"}],
            )
        ]
    },
    "members_declaredattributes": {
        "declared_postal_code_is_7_digits": column(
            "postal_code",
            kept=["1000001", "0000000"],
            refused=["", "100000", "100-000", "100000a", "１００００００", "100000\n"],
        )
    },
    "members_levelchange": {"level_change_has_a_reason": column("reason", **A_REASON)},
    "members_member": MEMBER,
    "notifications_alert": {"alert_times_follow_state": SENT_WITH_ITS_TIME},
    "notifications_notice": NOTICE,
    "operators_operator": {"operators_operator_account_id_key": once("account_id")},
    "printing_mailpiece": PIECE,
    "proofing_linkedcard": CARD,
    "proofing_mergeticket": {"merge_has_at_most_5_tries": column("tries_left", **TRIES)},
    "proofing_passcoderequest": PASSCODE,
    "senders_apikey": {
        "api_key_digest_is_sha256": column("digest", **DIGEST),
        "senders_apikey_digest_key": [
            Shown([{"digest": b"y" * 32}], [{"digest": b"x" * 32}], {"digest": b"x" * 32})
        ],
    },
    "senders_contractchange": {"contract_change_has_a_reason": column("reason", **A_REASON)},
    "senders_sender": SENDER,
    "senders_staff": {"senders_staff_account_id_key": once("account_id")},
    "senders_topic": {
        "topic_once_a_sender": [
            Shown(
                [{"sender_id": ONE, "slug": "gas"}, {"sender_id": OTHER, "slug": "water"}],
                [{"sender_id": ONE, "slug": "water"}],
                {"sender_id": ONE, "slug": "water"},
            )
        ],
        "topic_required_assurance_is_0_to_3": column("required_assurance", **LEVELS),
    },
    "subscriptions_subscription": {
        "subscription_ends_after_it_started": [
            Shown(
                [
                    {"started_at": NOW},
                    {"started_at": NOW, "ended_at": NOW},
                    {"started_at": NOW, "ended_at": LATER},
                ],
                [{"started_at": NOW, "ended_at": BEFORE}],
            )
        ],
        "subscription_once_a_sender": [
            Shown(
                [{**CHOICE, **NAMED, "mailbox_id": OTHER}, {**CHOICE, **NAMED, "sender_id": OTHER}],
                [{**CHOICE, **NAMED}],
                CHOICE,
            )
        ],
        "subscription_pseudonym_once_a_sender": [
            Shown(
                [{"sender_id": ONE, "pseudonym": "Q"}, {"sender_id": OTHER, "pseudonym": "P"}],
                [{"sender_id": ONE, "pseudonym": "P"}],
                {"sender_id": ONE, "pseudonym": "P"},
            )
        ],
    },
    "verification_recordedverdict": VERDICT,
}
