"""What the database refuses of members, cards, passcodes and senders: see refusals.py."""

from tests.conftest import LATER, NOW
from tests.guards.shown import BEFORE, DAY, LEVELS, ONE, OTHER, TRIES, Row, Shown, column, once

MEMBER: dict[str, list[Shown]] = {
    "member_closes_after_asking": [
        Shown(
            [
                {},
                {"closing_at": LATER},
                {"closing_at": NOW, "closed_at": NOW},
                {"closing_at": NOW, "closed_at": LATER},
            ],
            [{"closed_at": NOW}, {"closing_at": NOW, "closed_at": BEFORE}],
        )
    ],
    "member_is_not_merged_into_itself": [
        Shown([{"id": ONE, "merged_into_id": OTHER}], [{"id": ONE, "merged_into_id": ONE}])
    ],
    "member_level_is_0_to_3": column("level", **LEVELS),
    "members_member_account_id_key": once("account_id"),
    "members_member_mailbox_id_key": once("mailbox_id"),
}


def certificate_once(kind: str, other: str) -> list[Shown]:
    """A certificate is one card's; that a card has none of a kind says nothing of another's."""
    issuer, serial = f"{kind}_issuer", f"{kind}_serial"
    taken: Row = {issuer: "I", serial: "S", f"{other}_serial": "1"}
    own: Row = {f"{other}_serial": "2"}
    return [
        Shown(
            [{issuer: "J", serial: "S", **own}, {issuer: "I", serial: "T", **own}],
            [{issuer: "I", serial: "S", **own}],
            taken,
        ),
        Shown([{issuer: "I", serial: "", **own}], [], {**taken, serial: ""}),
    ]


CARD: dict[str, list[Shown]] = {
    "card_auth_certificate_once": certificate_once("auth", "sign"),
    "card_has_a_certificate": [
        Shown(
            [
                {"sign_serial": "S", "auth_serial": ""},
                {"sign_serial": "", "auth_serial": "S"},
                {"sign_serial": "S", "auth_serial": "S"},
            ],
            [{"sign_serial": "", "auth_serial": ""}],
        )
    ],
    "card_sign_certificate_once": certificate_once("sign", "auth"),
}

OPEN = ("requested", "composed", "printed", "accepted", "notice_left", "handed_over")
PASSCODE: dict[str, list[Shown]] = {
    "passcode_confirmed_was_entered": [
        Shown(
            [{"state": "confirmed", "code_entered_at": NOW}, {"state": "handed_over"}],
            [{"state": "confirmed"}],
        )
    ],
    "passcode_has_at_most_5_tries": column("tries_left", **TRIES),
    "passcode_one_open_request": [
        Shown(
            [
                {"member_id": OTHER},
                {"member_id": ONE, "state": "returned"},
                {"member_id": ONE, "state": "confirmed", "code_entered_at": NOW},
                {"member_id": ONE, "state": "void"},
            ],
            [{"member_id": ONE, "state": state} for state in OPEN],
            {"member_id": ONE},
        )
    ],
}

SENDER: dict[str, list[Shown]] = {
    "sender_code_fits_its_kind": [
        Shown(
            [
                {"kind": "municipality", "code": "131016"},
                {"kind": "agency", "code": "7000012050002"},
                {"kind": "company", "code": "2380001999001"},
            ],
            [
                {"kind": "municipality", "code": "7000012050002"},
                {"kind": "municipality", "code": "13101"},
                {"kind": "municipality", "code": "1310167"},
                {"kind": "municipality", "code": "13101X"},
                {"kind": "agency", "code": "131016"},
                {"kind": "agency", "code": "700001205000"},
                {"kind": "company", "code": "238000199900X"},
                {"kind": "other", "code": "131016"},
                {"kind": "other", "code": "2380001999001"},
            ],
        )
    ],
    "sender_code_once_in_force": [
        Shown(
            [
                {"code": "131016", "contract_state": "ended", "contract_since": DAY},
                {"code": "131024"},
            ],
            [
                {"code": "131016", "contract_state": state, "contract_since": DAY}
                for state in ("applied", "active", "suspended")
            ],
            {"code": "131016"},
        ),
        Shown(  # who comes back applies anew
            [{"code": "131016"}],
            [],
            {"code": "131016", "contract_state": "ended", "contract_since": DAY},
        ),
    ],
    "sender_contract_has_a_start": [
        Shown(
            [{"contract_state": "applied"}, {"contract_state": "active", "contract_since": DAY}],
            [{"contract_state": state} for state in ("active", "suspended", "ended")],
        )
    ],
    "sender_required_assurance_is_0_to_3": column("required_assurance", **LEVELS),
}
