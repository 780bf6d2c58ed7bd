"""The table of grants: who may run which statement, and why nobody else."""

from dataclasses import dataclass

MEMBER, SENDER = "mypost_member_web", "mypost_sender"
OPERATOR, WORKER = "mypost_operator_web", "mypost_worker"
DOORS = {MEMBER, SENDER, OPERATOR, WORKER}
NOBODY: set[str] = set()


@dataclass(frozen=True)
class Rule:
    """Who may run a statement, and why nobody else."""

    statement: str
    allowed: set[str]
    reason: str


RULES = [
    # evidence
    Rule("INSERT INTO evidence_line (event) SELECT '' WHERE false", DOORS, "every act is proved"),
    Rule("SELECT entry, salt FROM evidence_line", DOORS, "receipts are made at every door"),
    Rule("UPDATE evidence_line SET entry = ''", NOBODY, "evidence is never rewritten"),
    Rule("UPDATE evidence_line SET at = now()", NOBODY, "nor dated anew"),
    Rule("UPDATE evidence_line SET salt = ''", NOBODY, "nor made impossible to open"),
    Rule("DELETE FROM evidence_line", NOBODY, "evidence is never deleted"),
    Rule("TRUNCATE evidence_line", NOBODY, "evidence is never deleted"),
    Rule(
        "UPDATE evidence_line SET leaf_index = 0 WHERE false",
        {WORKER},
        "one process writes the log",
    ),
    Rule("SELECT hashes FROM evidence_tile", DOORS, "the log is public"),
    Rule(
        "INSERT INTO evidence_tile (level) SELECT 0::smallint WHERE false",
        {WORKER},
        "one process writes the log",
    ),
    Rule("UPDATE evidence_tile SET hashes = '' WHERE false", {WORKER}, "the last tile grows"),
    Rule("DELETE FROM evidence_tile", NOBODY, "the log only grows"),
    Rule("SELECT note FROM evidence_checkpoint", DOORS, "the log is public"),
    Rule(
        "INSERT INTO evidence_checkpoint (note) SELECT '' WHERE false",
        {WORKER},
        "who signs holds the log key",
    ),
    Rule("UPDATE evidence_checkpoint SET note = ''", NOBODY, "what was signed stays signed"),
    Rule("DELETE FROM evidence_checkpoint", NOBODY, "what was signed stays signed"),
    # vault
    Rule("SELECT sealed FROM vault_envelope", {MEMBER}, "only readers' doors read letters"),
    Rule("SELECT * FROM vault_envelope", {MEMBER}, "only readers' doors read letters"),
    Rule(
        "SELECT letter_id FROM vault_envelope",
        {MEMBER, OPERATOR},
        "the ledger's check asks whether each letter has one",
    ),
    Rule(
        "INSERT INTO vault_envelope (sealed) SELECT ''::bytea WHERE false",
        {SENDER, WORKER},
        "who delivers seals",
    ),
    Rule("UPDATE vault_envelope SET sealed = ''", NOBODY, "a sealed letter is never changed"),
    Rule("DELETE FROM vault_envelope", {WORKER}, "the worker closes mailboxes"),
    Rule(
        "SELECT wrapped_private_key FROM vault_mailboxkey",
        {MEMBER},
        "only the door with the custodian opens mailboxes",
    ),
    Rule(
        "SELECT public_key FROM vault_mailboxkey",
        {MEMBER, SENDER, WORKER},
        "whoever delivers seals to the public key",
    ),
    Rule(
        "INSERT INTO vault_mailboxkey (public_key) SELECT ''::bytea WHERE false",
        {MEMBER},
        "mailboxes are opened at the member's door",
    ),
    Rule("DELETE FROM vault_mailboxkey", {WORKER}, "the worker closes mailboxes"),
    Rule("UPDATE vault_mailboxkey SET public_key = ''", NOBODY, "a swapped key reads new letters"),
    Rule("SELECT id FROM vault_storedobject", {MEMBER, SENDER, WORKER}, "where documents lie"),
    Rule(
        "DELETE FROM vault_storedobject WHERE false", {SENDER, WORKER}, "what waited is destroyed"
    ),
    # accounts
    Rule("SELECT email FROM accounts_account", DOORS, "people sign in, mail is sent to them"),
    Rule(
        "UPDATE accounts_account SET name = '' WHERE false",
        DOORS,
        "people change their own account; the worker closes one",
    ),
    Rule(
        "INSERT INTO accounts_account (name) SELECT '' WHERE false",
        {MEMBER},
        "only members sign up",
    ),
    Rule("DELETE FROM accounts_account", NOBODY, "accounts are closed, not deleted"),
    Rule("UPDATE accounts_account SET language = 'ja'", DOORS - {WORKER}, "the worker only closes"),
    Rule(
        "SELECT network FROM accounts_signin",
        {MEMBER, SENDER, OPERATOR},
        "people see their own history of signing in",
    ),
    Rule("UPDATE accounts_signin SET succeeded = true", NOBODY, "history is never rewritten"),
    Rule("DELETE FROM accounts_signin", {WORKER}, "and forgotten after a year"),
    Rule("DELETE FROM mfa_authenticator WHERE false", DOORS, "factors go with a closed account"),
    Rule("SELECT session_data FROM django_session", DOORS - {WORKER}, "the worker is nobody"),
    Rule(
        "SELECT data FROM mfa_authenticator",
        {MEMBER, SENDER, OPERATOR},
        "the worker signs nobody in",
    ),
    Rule("SELECT id FROM procrastinate_jobs", DOORS, "every door enqueues in its transaction"),
    # members
    Rule(
        "SELECT account_id FROM members_member",
        {MEMBER, WORKER},
        "senders never learn whose a mailbox is; the worker mails its alert",
    ),
    Rule("SELECT * FROM members_member", {MEMBER, WORKER}, "senders never learn who a member is"),
    Rule(
        "SELECT mailbox_id, level FROM members_member",
        {MEMBER, SENDER, WORKER},
        "delivery needs the mailbox and its level; the back office neither",
    ),
    Rule(
        "UPDATE members_member SET level = 3 WHERE false",
        {MEMBER, WORKER},
        "levels are proved at the one door; post and authorities report to the other",
    ),
    Rule("UPDATE members_member SET closed_at = now() WHERE false", {WORKER}, "after the grace"),
    Rule("UPDATE members_member SET mailbox_id = id", NOBODY, "a mailbox never changes hands"),
    Rule("SELECT reason FROM members_levelchange", {MEMBER}, "a level's source is the member's"),
    Rule(
        "INSERT INTO members_levelchange (reason) SELECT 'x' WHERE false",
        {MEMBER, WORKER},
        "whoever changes a level says why",
    ),
    Rule("UPDATE members_levelchange SET reason = 'x'", NOBODY, "a fact is never changed"),
    Rule(
        "SELECT address FROM members_declaredattributes",
        {MEMBER, WORKER},
        "letters go there; no sender learns an address",
    ),
    Rule(
        "INSERT INTO members_declaredattributes (name) SELECT '' WHERE false",
        {MEMBER},
        "people speak for themselves",
    ),
    Rule("UPDATE members_declaredattributes SET name = ''", NOBODY, "what was said stays said"),
    Rule(
        "UPDATE members_declaredattributes SET address_returned = 'moved' WHERE false",
        {MEMBER, WORKER},
        "the post comes back",
    ),
    Rule(
        "SELECT address FROM members_certifiedattributes",
        {MEMBER, WORKER},
        "no sender learns what a card says",
    ),
    Rule(
        "INSERT INTO members_certifiedattributes (name) SELECT '' WHERE false",
        {MEMBER},
        "the card is shown at the member's door",
    ),
    Rule("UPDATE members_certifiedattributes SET name = ''", NOBODY, "what was certified stays"),
    Rule(
        "UPDATE members_certifiedattributes SET lapsed_at = now() WHERE false",
        {MEMBER, WORKER},
        "until it lapses",
    ),
    # proofing
    Rule(
        "SELECT code_hash FROM proofing_passcoderequest",
        {MEMBER, WORKER},
        "entered at the one door, made by the other",
    ),
    Rule(
        "INSERT INTO proofing_passcoderequest (state) SELECT '' WHERE false",
        {MEMBER},
        "only members ask for a letter",
    ),
    Rule(
        "INSERT INTO proofing_postalreport (event) SELECT '' WHERE false",
        {WORKER},
        "nobody hands a letter over to oneself",
    ),
    Rule("UPDATE proofing_postalreport SET event = ''", NOBODY, "what was reported stays reported"),
    Rule(
        "SELECT key FROM proofing_personkey",
        {MEMBER, WORKER},
        "who is who in two accounts is nobody else's affair",
    ),
    Rule(
        "SELECT nonce FROM proofing_cardchallenge",
        {MEMBER, WORKER},
        "made here, cleared away there",
    ),
    Rule(
        "INSERT INTO proofing_cardchallenge (nonce) SELECT ''::bytea WHERE false",
        {MEMBER},
        "cards are shown at the member's door",
    ),
    Rule(
        "INSERT INTO proofing_linkedcard (sign_serial) SELECT '' WHERE false",
        {MEMBER},
        "cards are shown at the member's door",
    ),
    Rule(
        "UPDATE proofing_linkedcard SET auth_stopped_at = now() WHERE false",
        {MEMBER, WORKER},
        "the authority reports to the worker",
    ),
    Rule(
        "UPDATE proofing_mergeticket SET used_at = now() WHERE false",
        {MEMBER},
        "who holds both accounts makes them one",
    ),
    # senders
    Rule("SELECT reason FROM senders_contractchange", {OPERATOR}, "why is the operator's affair"),
    Rule("UPDATE senders_contractchange SET reason = 'x'", NOBODY, "a fact is never changed"),
    Rule("SELECT name FROM senders_sender", DOORS, "who writes is no secret"),
    Rule(
        "UPDATE senders_sender SET contract_state = 'active' WHERE false",
        {OPERATOR},
        "a sender does not approve itself",
    ),
    Rule(
        "INSERT INTO senders_sender (name) SELECT '' WHERE false",
        {OPERATOR},
        "contracts are the operator's",
    ),
    Rule(
        "INSERT INTO senders_topic (name) SELECT '' WHERE false",
        {SENDER, OPERATOR},
        "topics are the sender's own",
    ),
    Rule("SELECT digest FROM senders_apikey", {SENDER}, "keys are checked at the sender's door"),
    Rule(
        "INSERT INTO senders_staff (role) SELECT '' WHERE false",
        NOBODY,
        "no door takes on staff yet",
    ),
    # operators
    Rule("SELECT id FROM operators_operator", {OPERATOR}, "only the back office asks"),
    Rule(
        "INSERT INTO operators_operator (since) SELECT now() WHERE false",
        NOBODY,
        "nobody lets oneself in",
    ),
    # subscriptions
    Rule(
        "SELECT pseudonym FROM subscriptions_subscription",
        {MEMBER, SENDER, WORKER},
        "the back office counts, and resolves nobody",
    ),
    Rule(
        "SELECT id, sender_id, ended_at FROM subscriptions_subscription",
        DOORS,
        "the back office counts",
    ),
    Rule(
        "UPDATE subscriptions_subscription SET ended_at = now() WHERE false",
        {MEMBER, WORKER},
        "only members choose and leave; a closed mailbox leaves all",
    ),
    Rule(
        "INSERT INTO subscriptions_subscription (pseudonym) SELECT '' WHERE false",
        {MEMBER},
        "only members choose and leave",
    ),
    Rule(
        "SELECT 1 FROM subscriptions_subscription FOR SHARE",
        {MEMBER, SENDER, WORKER},
        "who delivers holds the choice still",
    ),
    # notifications
    Rule(
        "INSERT INTO notifications_alert (state) SELECT '' WHERE false",
        {SENDER, WORKER},
        "who delivers owes the alert",
    ),
    Rule(
        "UPDATE notifications_alert SET state = 'sent' WHERE false", {WORKER}, "who sends says so"
    ),
    Rule(
        "SELECT state FROM notifications_alert", {SENDER, OPERATOR, WORKER}, "counts for the office"
    ),
    Rule(
        "INSERT INTO notifications_notice (state) SELECT '' WHERE false",
        {MEMBER, WORKER},
        "who changes an account tells its member",
    ),
    Rule(
        "UPDATE notifications_notice SET state = 'sent' WHERE false", {WORKER}, "who sends says so"
    ),
    # letters
    Rule(
        "INSERT INTO letters_letter (number) SELECT '' WHERE false",
        {SENDER, WORKER},
        "who delivers writes letters",
    ),
    Rule(
        "UPDATE letters_letter SET handed_over_at = now() WHERE false",
        {MEMBER},
        "only the member's door records an opening",
    ),
    Rule("UPDATE letters_letter SET mailbox_id = id", NOBODY, "a letter never moves"),
    Rule("UPDATE letters_letter SET consigned_at = now()", NOBODY, "nor arrives at another time"),
    Rule("DELETE FROM letters_letter", NOBODY, "no door deletes letters yet"),
    # printing
    Rule("SELECT state FROM printing_mailpiece", {WORKER}, "no page shows mail pieces"),
    Rule("UPDATE printing_mailpiece SET state = '' WHERE false", {WORKER}, "paper is night work"),
    Rule("DELETE FROM printing_mailpiece", NOBODY, "what was printed stays known"),
    Rule(
        "INSERT INTO printing_partyevent (kind) SELECT '' WHERE false",
        {WORKER},
        "the parties tell the worker alone",
    ),
    Rule("UPDATE printing_partyevent SET kind = ''", NOBODY, "what was told stays told"),
    Rule("DELETE FROM printing_partyevent", NOBODY, "what was told stays told"),
    Rule("SELECT body FROM printing_strayevent", {WORKER}, "who knows what stands in it"),
    Rule("UPDATE printing_feed SET cursor = '' WHERE false", {WORKER}, "one process asks"),
    # intake
    Rule(
        "UPDATE intake_consignment SET pending = 0 WHERE false",
        {SENDER, WORKER},
        "the back office only looks at the ledger",
    ),
    Rule("SELECT state FROM intake_consignment", {SENDER, OPERATOR, WORKER}, "not the member's"),
    Rule("UPDATE intake_item SET state = 'refused'", NOBODY, "a verdict is written once"),
    Rule("DELETE FROM intake_item", NOBODY, "a verdict is written once"),
    Rule("SELECT secret FROM intake_chunk", {SENDER, WORKER}, "what waits is between the two"),
    Rule(
        "SELECT secret FROM intake_consignmentdocument",
        {SENDER, WORKER},
        "what waits is between the two",
    ),
    Rule("UPDATE intake_usedreference SET reference = ''", NOBODY, "a reference is used once"),
    Rule("SELECT body FROM intake_answer", {SENDER, WORKER}, "an answer is the sender's"),
    # verification
    Rule(
        "INSERT INTO verification_recordedverdict (serial) SELECT '' WHERE false",
        {MEMBER, WORKER},
        "where a card is used, and where it is checked again",
    ),
    Rule("SELECT * FROM verification_recordedverdict", {MEMBER, WORKER}, "as above"),
    Rule("UPDATE verification_recordedverdict SET outcome = 'valid'", NOBODY, "what was judged"),
    Rule("DELETE FROM verification_recordedverdict", NOBODY, "stays on record"),
]
