-- Whoever delivers owes the alert; the worker sends it.
GRANT SELECT, INSERT ON notifications_alert TO mypost_sender, mypost_worker;
GRANT UPDATE ON notifications_alert TO mypost_worker;
GRANT SELECT ON notifications_alert TO mypost_operator_web;
