-- Only the member's door reads envelopes and wrapped private keys. Senders and the worker seal.
GRANT SELECT, INSERT ON vault_mailboxkey TO mypost_member_web;
GRANT SELECT ON vault_envelope TO mypost_member_web;
GRANT SELECT (mailbox_id, public_key) ON vault_mailboxkey TO mypost_sender, mypost_worker;
GRANT INSERT ON vault_envelope TO mypost_sender, mypost_worker;
GRANT SELECT, INSERT, DELETE ON vault_storedobject TO mypost_sender, mypost_worker;
-- The back office checks the ledger: that each letter has an envelope, not what is in it.
GRANT SELECT (mailbox_id, letter_id) ON vault_envelope TO mypost_operator_web;
-- The worker closes mailboxes: it destroys their keys and envelopes, and reads neither.
GRANT DELETE ON vault_mailboxkey, vault_envelope TO mypost_worker;
GRANT SELECT (mailbox_id) ON vault_envelope TO mypost_worker;
