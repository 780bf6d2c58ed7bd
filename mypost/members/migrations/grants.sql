-- Who members are is for the member's door; senders learn a mailbox and a level, by pseudonym only.
GRANT SELECT, INSERT ON members_member TO mypost_member_web;
GRANT UPDATE (level, merged_into_id, merged_mailboxes, closing_at) ON members_member TO mypost_member_web;
GRANT SELECT, INSERT ON members_levelchange, members_declaredattributes, members_certifiedattributes TO mypost_member_web;
GRANT UPDATE (lapsed_at, lapse_reason) ON members_certifiedattributes TO mypost_member_web, mypost_worker;
GRANT SELECT (id, mailbox_id, level, merged_into_id, closed_at) ON members_member TO mypost_sender;
-- The worker learns from post and authorities what a level is still worth, and closes boxes.
GRANT SELECT ON members_member, members_declaredattributes, members_certifiedattributes TO mypost_worker;
GRANT UPDATE (level, closed_at) ON members_member TO mypost_worker;
GRANT INSERT ON members_levelchange TO mypost_worker;
GRANT UPDATE (address_returned) ON members_declaredattributes TO mypost_worker;
-- When a mailbox is closed, who its member was is forgotten.
GRANT DELETE ON members_declaredattributes, members_certifiedattributes TO mypost_worker;
