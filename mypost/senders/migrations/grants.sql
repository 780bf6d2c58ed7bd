-- Contracts are the operator's; staff, topics and keys are the sender's own.
GRANT SELECT ON senders_sender, senders_topic TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT INSERT, UPDATE ON senders_sender TO mypost_operator_web;
GRANT INSERT ON senders_topic TO mypost_operator_web;
GRANT SELECT, INSERT ON senders_contractchange TO mypost_operator_web;
GRANT INSERT, UPDATE ON senders_topic TO mypost_sender;
GRANT SELECT ON senders_staff TO mypost_sender;
GRANT SELECT, INSERT, UPDATE ON senders_apikey TO mypost_sender;
-- The member's door tells staff which door is theirs; it learns nothing else of them.
GRANT SELECT (account_id) ON senders_staff TO mypost_member_web;
