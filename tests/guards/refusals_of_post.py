"""What the database refuses of consignments, letters, notices and paper: see refusals.py."""

from tests.conftest import LATER, NOW
from tests.guards.shown import BEFORE, LEVELS, ONE, OTHER, SENT_WITH_ITS_TIME, Shown, column

CONSIGNMENT: dict[str, list[Shown]] = {
    "consignment_counts_are_not_negative": [
        Shown([{}], [{name: -1, "submitted": -1}])
        for name in ("in_mailbox", "on_paper", "refused", "pending")
    ],
    "consignment_ledger_balances": [
        Shown(
            [{"in_mailbox": 1, "on_paper": 2, "refused": 4, "pending": 8, "submitted": 15}],
            [
                {"in_mailbox": 1, "on_paper": 2, "refused": 4, "pending": 8, "submitted": sum_}
                for sum_ in (14, 13, 11, 7, 16)
            ],
        )
    ],
    "consignment_times_follow_state": [
        Shown(
            [
                {"state": "open"},
                {"state": "submitted", "submitted_at": NOW},
                {"state": "delivering", "submitted_at": NOW},
                {"state": "completed", "submitted_at": NOW, "completed_at": NOW},
            ],
            [
                {"state": "open", "submitted_at": NOW},
                {"state": "open", "completed_at": NOW},
                {"state": "submitted"},
                {"state": "delivering"},
                {"state": "submitted", "submitted_at": NOW, "completed_at": NOW},
                {"state": "delivering", "submitted_at": NOW, "completed_at": NOW},
                {"state": "completed", "submitted_at": NOW},
                {"state": "completed", "completed_at": NOW, "pending": 1, "submitted": 1},
                {"state": "other"},
            ],
        )
    ],
    "consignment_transit_key_dies_with_completion": [
        Shown(
            [
                {"state": "open", "transit_key": b"x", "items_secret": b"x"},
                {"state": "completed", "completed_at": NOW},
            ],
            [
                {"state": "completed", "completed_at": NOW, "transit_key": b"x"},
                {"state": "completed", "completed_at": NOW, "items_secret": b"x"},
            ],
        )
    ],
    "consignment_was_made_by_somebody": [
        Shown([{"made_by_staff_id": None, "made_by_key_id": ONE}, {}], [{"made_by_staff_id": None}])
    ],
}

LETTER: dict[str, list[Shown]] = {
    "letter_number_once": [
        Shown(
            [{"mailbox_id": OTHER, "number": "N"}, {"mailbox_id": ONE, "number": "M"}],
            [{"mailbox_id": ONE, "number": "N"}],
            {"mailbox_id": ONE, "number": "N"},
        )
    ],
    "letter_required_aal_is_1_to_3": column("required_aal", kept=[1, 2, 3], refused=[0, 4]),
    "letter_required_assurance_is_0_to_3": column("required_assurance", **LEVELS),
    "letter_times_follow_state": [
        Shown(
            [
                {"state": "consigned"},
                {"state": "handed_over", "handed_over_at": NOW},
                {"state": "handed_over", "handed_over_at": LATER},
            ],
            [
                {"state": "consigned", "handed_over_at": NOW},
                {"state": "handed_over"},
                {"state": "handed_over", "handed_over_at": BEFORE},
                {"state": "other"},
            ],
        )
    ],
}

NOTICE: dict[str, list[Shown]] = {
    "notice_times_follow_state": SENT_WITH_ITS_TIME,
    "notice_waits_once": [
        Shown(
            [
                {"mailbox_id": ONE, "kind": "k", "state": "failed"},
                {"mailbox_id": ONE, "kind": "k", "state": "sent", "sent_at": NOW},
                {"mailbox_id": ONE, "kind": "other"},
                {"mailbox_id": OTHER, "kind": "k"},
            ],
            [{"mailbox_id": ONE, "kind": "k"}],
            {"mailbox_id": ONE, "kind": "k"},
        )
    ],
}

PIECE: dict[str, list[Shown]] = {
    "piece_given_up_has_no_paper": [
        Shown(
            [{"state": "failed"}, {"state": "cancelled"}, {"state": "ordered", "object_id": ONE}],
            [{"state": "failed", "object_id": ONE}, {"state": "cancelled", "object_id": ONE}],
        )
    ],
    "piece_number_once": [
        Shown(
            [{"mailbox_id": OTHER, "number": "N"}, {"mailbox_id": ONE, "number": "M"}],
            [{"mailbox_id": ONE, "number": "N"}],
            {"mailbox_id": ONE, "number": "N"},
        )
    ],
    "piece_once_for_its_subject": [
        Shown(
            [
                {"mailbox_id": OTHER, "kind": "passcode", "subject_id": ONE, "number": "M"},
                {"mailbox_id": ONE, "kind": "other", "subject_id": ONE, "number": "M"},
                {"mailbox_id": ONE, "kind": "passcode", "subject_id": OTHER, "number": "M"},
            ],
            [{"mailbox_id": ONE, "kind": "passcode", "subject_id": ONE, "number": "M"}],
            {"mailbox_id": ONE, "kind": "passcode", "subject_id": ONE},
        )
    ],
    "piece_waits_with_its_paper": [
        Shown(
            [{"state": "composed", "object_id": ONE}, {"state": "ordered"}], [{"state": "composed"}]
        )
    ],
}
