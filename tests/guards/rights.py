"""The table of rights: what each role of a door may do with each table, and why nobody else may.

After a table's name stands why; below it, role by role, what it may do. A verb with columns in
parentheses holds for those alone. Whatever does not stand here, no door may do: DELETE on lines,
UPDATE on verdicts, anything on groups.
"""

MEMBER, SENDER = "mypost_member_web", "mypost_sender"
OPERATOR, WORKER = "mypost_operator_web", "mypost_worker"
ROLES = {"member": MEMBER, "sender": SENDER, "operator": OPERATOR, "worker": WORKER}

TABLES = """
    account_emailaddress: people change their address; a closed account leaves it
        member   SELECT, INSERT, UPDATE, DELETE
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT, INSERT, UPDATE, DELETE
        worker   SELECT, DELETE
    account_emailconfirmation: codes confirm; Django looks here before it deletes an address
        member   SELECT, DELETE
        sender   SELECT, DELETE
        operator SELECT, DELETE
        worker   SELECT, DELETE
    accounts_account: people change their own; only members sign up; the worker mails, and closes
        member   SELECT, INSERT, UPDATE
        sender   SELECT, UPDATE
        operator SELECT, UPDATE
        worker   SELECT, UPDATE (email, email_changed_at, is_active, last_login, name, password)
    accounts_signin: a history is added to, and forgotten by the worker after a year
        member   SELECT, INSERT
        sender   SELECT, INSERT
        operator SELECT, INSERT
        worker   SELECT (account_id, id), DELETE
    auth_group: nobody is in a group
    auth_group_permissions: nobody is in a group
    auth_permission: no door asks for a permission of Django's
    cache: limits on signing in
        member   SELECT, INSERT, UPDATE, DELETE
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT, INSERT, UPDATE, DELETE
    django_content_type: no door asks
    django_migrations: only whoever migrates asks
    django_session: each door has sessions; the worker ends them, and reads none
        member   SELECT, INSERT, UPDATE, DELETE
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT, INSERT, UPDATE, DELETE
        worker   SELECT (session_key), DELETE
    evidence_checkpoint: the log is public; who signs holds the log key
        member   SELECT
        sender   SELECT
        operator SELECT
        worker   SELECT, INSERT
    evidence_line: every act is proved at every door; one process gives a line its place
        member   SELECT, INSERT
        sender   SELECT, INSERT
        operator SELECT, INSERT
        worker   SELECT, INSERT, UPDATE (leaf_index)
    evidence_tile: receipts hold what lies here; one process writes the log
        member   SELECT
        sender   SELECT
        worker   SELECT, INSERT, UPDATE
    intake_answer: answers to repeated requests are the sender's; the worker forgets them
        sender   SELECT, INSERT, UPDATE
        worker   SELECT, DELETE
    intake_chunk: what waits lies between the two; the worker cuts
        sender   SELECT, UPDATE
        worker   SELECT, INSERT, UPDATE
    intake_consignment: handed in here, delivered there; the office looks at the ledger
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT
        worker   SELECT, UPDATE
    intake_consignmentdocument: handed in at one door, examined by the other, destroyed by both
        sender   SELECT, INSERT, DELETE
        worker   SELECT, UPDATE, DELETE
    intake_item: a verdict is written once; the sender and the office read it
        sender   SELECT, INSERT
        operator SELECT
        worker   INSERT
    intake_usedreference: a reference is used once, and never free again
        sender   SELECT, INSERT
        worker   SELECT, INSERT
    letters_letter: who delivers writes; only the member's door records an opening
        member   SELECT, UPDATE (handed_over_at, state)
        sender   SELECT, INSERT
        operator SELECT
        worker   INSERT
    members_certifiedattributes: shown at the member's door; it lapses, and goes with the mailbox
        member   SELECT, INSERT, UPDATE (lapse_reason, lapsed_at)
        worker   SELECT, UPDATE (lapse_reason, lapsed_at), DELETE
    members_declaredattributes: people speak for themselves; post comes back to the worker
        member   SELECT, INSERT
        worker   SELECT, UPDATE (address_returned), DELETE
    members_levelchange: a fact is never changed; whoever changes a level says why
        member   SELECT, INSERT
        worker   INSERT
    members_member: who they are is for their door; senders learn mailbox and level
        member   SELECT, INSERT, UPDATE (closing_at, level, merged_into_id, merged_mailboxes)
        sender   SELECT (closed_at, id, level, mailbox_id, merged_into_id)
        worker   SELECT, UPDATE (closed_at, level)
    mfa_authenticator: people keep their factors; the worker takes a closed account's away unread
        member   SELECT, INSERT, UPDATE, DELETE
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT, INSERT, UPDATE, DELETE
        worker   SELECT (user_id), DELETE
    notifications_alert: who delivers owes it, the worker sends it, the office counts
        sender   SELECT, INSERT
        operator SELECT
        worker   SELECT, INSERT, UPDATE
    notifications_notice: who changes an account owes it, the worker sends it
        member   SELECT, INSERT
        worker   SELECT, INSERT, UPDATE
    operators_operator: the office asks; the member's door says where to go; none is made here
        member   SELECT (account_id)
        operator SELECT
    printing_feed: paper is the worker's; one process asks
        worker   SELECT, INSERT, UPDATE
    printing_mailpiece: no page shows a mail piece; what was printed stays known
        worker   SELECT, INSERT, UPDATE
    printing_partyevent: what was told stays told
        worker   SELECT, INSERT
    printing_strayevent: who knows what stands in it; it stays told
        worker   SELECT, INSERT
    procrastinate_events: a trigger notes each change of a job; the office shows when
        member   INSERT
        sender   INSERT
        operator SELECT, INSERT
        worker   SELECT, INSERT
    procrastinate_jobs: two doors enqueue, the office puts back what failed, the worker does it
        member   SELECT, INSERT
        sender   SELECT, INSERT
        operator SELECT, UPDATE
        worker   SELECT, INSERT, UPDATE, DELETE
    procrastinate_periodic_defers: only the worker begins what is due by the clock
        worker   SELECT, INSERT, UPDATE, DELETE
    procrastinate_workers: only workers say that they live
        worker   SELECT, INSERT, UPDATE, DELETE
    proofing_cardchallenge: made and used at the member's door, cleared away by the worker
        member   SELECT, INSERT, UPDATE
        worker   SELECT, DELETE
    proofing_linkedcard: linked at the member's door; the authority reports to the worker
        member   SELECT, INSERT, UPDATE
        worker   SELECT, UPDATE, DELETE
    proofing_mergeticket: who holds both accounts makes them one
        member   SELECT, INSERT, UPDATE
        worker   SELECT, DELETE
    proofing_passcoderequest: asked for and entered at one door, made and reported on by the other
        member   SELECT, INSERT, UPDATE
        worker   SELECT, UPDATE, DELETE
    proofing_personkey: who is who in two accounts is nobody else's affair; it goes with the mailbox
        member   SELECT, INSERT, UPDATE
        worker   SELECT, INSERT, UPDATE, DELETE
    proofing_postalreport: nobody hands a letter over to oneself: the worker hears of it
        member   SELECT
        worker   SELECT, INSERT, DELETE
    senders_apikey: keys are made and checked at the sender's door alone
        sender   SELECT, INSERT, UPDATE
    senders_contractchange: why a contract changed is the office's; a fact is never changed
        operator SELECT, INSERT
    senders_sender: who writes is no secret; contracts are the office's
        member   SELECT
        sender   SELECT
        operator SELECT, INSERT, UPDATE
        worker   SELECT
    senders_staff: the member's door says where to go; no door takes on staff yet
        member   SELECT (account_id)
        sender   SELECT
    senders_topic: topics are the sender's; the office begins with some
        member   SELECT
        sender   SELECT, INSERT, UPDATE
        operator SELECT, INSERT
        worker   SELECT
    subscriptions_subscription: only members choose; who delivers reads and locks; the office counts
        member   SELECT, INSERT, UPDATE
        sender   SELECT, UPDATE (started_at)
        operator SELECT (ended_at, is_alias, sender_id)
        worker   SELECT, UPDATE (ended_at)
    usersessions_usersession: people see their devices; the worker ends those of a closed account
        member   SELECT, INSERT, UPDATE, DELETE
        sender   SELECT, INSERT, UPDATE, DELETE
        operator SELECT, INSERT, UPDATE, DELETE
        worker   SELECT (session_key, user_id), DELETE
    vault_envelope: who delivers seals; only the readers' door reads; the ledger counts
        member   SELECT
        sender   INSERT
        operator SELECT (letter_id, mailbox_id)
        worker   SELECT (mailbox_id), INSERT, DELETE
    vault_mailboxkey: only the door with the custodian opens; who delivers seals to the public key
        member   SELECT, INSERT
        sender   SELECT (mailbox_id, public_key)
        worker   SELECT (mailbox_id, public_key), DELETE
    vault_storedobject: who stores notes it, who destroys strikes it out
        sender   SELECT, INSERT, DELETE
        worker   SELECT, INSERT, DELETE
    verification_recordedverdict: where a card is used it is noted; what was judged stays
        member   INSERT
"""
# Numbers are drawn with the right of whoever inserts, except those of identity columns.
SEQUENCES = """
    evidence_line_seq: every act is proved at every door
        member   USAGE
        sender   USAGE
        operator USAGE
        worker   USAGE
    procrastinate_events_id_seq: every door changes jobs
        member   USAGE
        sender   USAGE
        operator USAGE
        worker   USAGE
    procrastinate_jobs_id_seq: who enqueues
        member   USAGE
        sender   USAGE
        worker   USAGE
    procrastinate_periodic_defers_id_seq: only the worker begins what is due by the clock
        worker   USAGE
"""
# PUBLIC is every role of the cluster, also those of others: it looks in, and holds nothing.
AROUND = """
    database: doors connect, and keep nothing of their own there
        PUBLIC   CONNECT
        member   CONNECT
        sender   CONNECT
        operator CONNECT
        worker   CONNECT
    schema public: names are no secret; only whoever migrates makes tables
        PUBLIC   USAGE
        member   USAGE
        sender   USAGE
        operator USAGE
        worker   USAGE
"""
# All of them are procrastinate's, run with the caller's own rights, and so are open to everybody.
FUNCTIONS = """
    procrastinate_cancel_job_v1 procrastinate_defer_jobs_v1 procrastinate_defer_periodic_job_v2
    procrastinate_fetch_job_v2 procrastinate_finish_job_v1 procrastinate_notify_queue_abort_job_v1
    procrastinate_notify_queue_job_inserted_v1 procrastinate_prune_stalled_workers_v1
    procrastinate_register_worker_v1 procrastinate_retry_job_v1 procrastinate_retry_job_v2
    procrastinate_trigger_abort_requested_events_procedure_v1
    procrastinate_trigger_function_scheduled_events_v1
    procrastinate_trigger_function_status_events_insert_v1
    procrastinate_trigger_function_status_events_update_v1 procrastinate_unlink_periodic_defers_v1
    procrastinate_unregister_worker_v1 procrastinate_update_heartbeat_v1
"""
# Tables that grow with letters have none: they would run once a row.
TRIGGERS = """
    procrastinate_jobs: procrastinate_jobs_notify_queue_job_aborted_v1
    procrastinate_jobs: procrastinate_jobs_notify_queue_job_inserted_v1
    procrastinate_jobs: procrastinate_trigger_abort_requested_events_v1
    procrastinate_jobs: procrastinate_trigger_delete_jobs_v1
    procrastinate_jobs: procrastinate_trigger_scheduled_events_v1
    procrastinate_jobs: procrastinate_trigger_status_events_insert_v1
    procrastinate_jobs: procrastinate_trigger_status_events_update_v1
"""
EXTENSIONS = {"plpgsql"}
