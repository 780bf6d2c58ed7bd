-- Who members are is for the member's door; senders learn a mailbox and a level, by pseudonym only.
GRANT SELECT, INSERT ON members_member TO mypost_member_web;
GRANT UPDATE (level) ON members_member TO mypost_member_web;
GRANT SELECT, INSERT ON members_levelchange TO mypost_member_web;
GRANT SELECT (mailbox_id, level) ON members_member TO mypost_sender;
GRANT SELECT ON members_member TO mypost_worker;
