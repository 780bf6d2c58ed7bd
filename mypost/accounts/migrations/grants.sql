-- Each door with people signs them in; the worker reads where their mail goes.
GRANT SELECT, INSERT, UPDATE ON accounts_account TO mypost_member_web;
GRANT SELECT, UPDATE ON accounts_account TO mypost_sender, mypost_operator_web;
GRANT SELECT ON accounts_account TO mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, account_emailaddress, account_emailconfirmation,
      mfa_authenticator, usersessions_usersession, cache TO mypost_member_web, mypost_sender, mypost_operator_web;
-- Each door keeps the history of signing in; the worker forgets it after a year.
GRANT SELECT, INSERT ON accounts_signin TO mypost_member_web, mypost_sender, mypost_operator_web;
-- The worker closes accounts: it deletes what signs in, and reads none of it.
GRANT UPDATE (email, name, is_active, last_login, email_changed_at, password) ON accounts_account TO mypost_worker;
GRANT SELECT (id, account_id), DELETE ON accounts_signin TO mypost_worker;
GRANT SELECT (session_key), DELETE ON django_session TO mypost_worker;
GRANT SELECT (id, user_id, session_key), DELETE ON usersessions_usersession TO mypost_worker;
GRANT SELECT (id, user_id), DELETE ON mfa_authenticator TO mypost_worker;
GRANT SELECT, DELETE ON account_emailaddress, account_emailconfirmation TO mypost_worker;
GRANT SELECT ON django_content_type TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
      procrastinate_periodic_defers TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
