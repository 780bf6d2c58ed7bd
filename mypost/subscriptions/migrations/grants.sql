-- Members choose; who delivers reads and locks. FOR SHARE asks for UPDATE on one column, so it
-- gets the one that changes nothing a member chose.
GRANT SELECT, INSERT, UPDATE ON subscriptions_subscription TO mypost_member_web;
GRANT SELECT, UPDATE (started_at) ON subscriptions_subscription TO mypost_sender, mypost_worker;
GRANT SELECT (mailbox_id, id, sender_id, started_at, ended_at, is_alias) ON subscriptions_subscription TO mypost_operator_web;
-- When a mailbox is closed, the worker ends its choices.
GRANT UPDATE (ended_at) ON subscriptions_subscription TO mypost_worker;
