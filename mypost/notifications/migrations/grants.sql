-- Whoever delivers owes the alert; the worker sends it.
GRANT SELECT, INSERT ON notifications_alert TO mypost_sender, mypost_worker;
GRANT UPDATE ON notifications_alert TO mypost_worker;
GRANT SELECT ON notifications_alert TO mypost_operator_web;
-- Whatever changes an account tells its member: their own door, and the night work.
GRANT SELECT, INSERT ON notifications_notice TO mypost_member_web, mypost_worker;
GRANT UPDATE ON notifications_notice TO mypost_worker;
