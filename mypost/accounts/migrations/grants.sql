-- Each door with people signs them in; the worker reads where their mail goes.
GRANT SELECT, INSERT, UPDATE ON accounts_account TO mypost_member_web;
GRANT SELECT, UPDATE ON accounts_account TO mypost_sender, mypost_operator_web;
GRANT SELECT ON accounts_account TO mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, account_emailaddress, mfa_authenticator,
      usersessions_usersession, cache TO mypost_member_web, mypost_sender, mypost_operator_web;
-- Addresses are confirmed by codes: nothing is written there, but Django looks before it deletes an address.
GRANT SELECT, DELETE ON account_emailconfirmation TO mypost_member_web, mypost_sender, mypost_operator_web;
-- Each door keeps the history of signing in; the worker forgets it after a year.
GRANT SELECT, INSERT ON accounts_signin TO mypost_member_web, mypost_sender, mypost_operator_web;
-- The worker closes accounts: it deletes what signs in, and reads none of it.
GRANT UPDATE (email, name, is_active, last_login, email_changed_at, password) ON accounts_account TO mypost_worker;
GRANT SELECT (id, account_id), DELETE ON accounts_signin TO mypost_worker;
GRANT SELECT (session_key), DELETE ON django_session TO mypost_worker;
GRANT SELECT (user_id, session_key), DELETE ON usersessions_usersession TO mypost_worker;
GRANT SELECT (user_id), DELETE ON mfa_authenticator TO mypost_worker;
GRANT SELECT, DELETE ON account_emailaddress, account_emailconfirmation TO mypost_worker;
-- Two doors put work into the queue, in the transaction of the act that needs it; the back office puts
-- back what was given up; the worker does it. Each change of a job is noted as an event, by a trigger.
GRANT SELECT, INSERT ON procrastinate_jobs TO mypost_member_web, mypost_sender;
GRANT INSERT ON procrastinate_events TO mypost_member_web, mypost_sender;
GRANT SELECT, UPDATE ON procrastinate_jobs TO mypost_operator_web;
GRANT SELECT, INSERT ON procrastinate_events TO mypost_operator_web, mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers TO mypost_worker;
GRANT USAGE ON SEQUENCE procrastinate_jobs_id_seq TO mypost_member_web, mypost_sender, mypost_worker;
GRANT USAGE ON SEQUENCE procrastinate_events_id_seq TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT USAGE ON SEQUENCE procrastinate_periodic_defers_id_seq TO mypost_worker;
