-- Members choose; who delivers reads and locks. FOR SHARE asks for UPDATE on one column, so it
-- gets the one that changes nothing a member chose.
GRANT SELECT, INSERT, UPDATE ON subscriptions_subscription TO mypost_member_web;
GRANT SELECT ON subscriptions_subscription TO mypost_sender, mypost_worker;
GRANT UPDATE (started_at) ON subscriptions_subscription TO mypost_sender;
GRANT SELECT (sender_id, ended_at, is_alias) ON subscriptions_subscription TO mypost_operator_web;
-- When a mailbox is closed, the worker ends its choices; that is enough to lock them, too.
GRANT UPDATE (ended_at) ON subscriptions_subscription TO mypost_worker;
