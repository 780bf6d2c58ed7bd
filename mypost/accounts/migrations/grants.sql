-- Each door with people signs them in; the worker reads where their mail goes.
GRANT SELECT, INSERT, UPDATE ON accounts_account TO mypost_member_web;
GRANT SELECT, UPDATE ON accounts_account TO mypost_sender, mypost_operator_web;
GRANT SELECT ON accounts_account TO mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session, account_emailaddress, account_emailconfirmation,
      mfa_authenticator, usersessions_usersession, cache TO mypost_member_web, mypost_sender, mypost_operator_web;
GRANT SELECT ON django_content_type TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_jobs, procrastinate_events, procrastinate_workers,
      procrastinate_periodic_defers TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
