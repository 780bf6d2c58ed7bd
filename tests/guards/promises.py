"""The table of promises: what the database refuses, table by table, whatever the code says.

Names say what is promised; primary and foreign keys have none of their own. A promise is taken
away, or weakened, here and in a migration, or not at all.
"""

PROMISES = r"""
    accounts_account
        PRIMARY KEY (id)
        account_email_once: UNIQUE (lower(email))
        account_language_is_ours: CHECK ((language = ANY ((ARRAY['ja', 'en']))))
    accounts_signin
        PRIMARY KEY (id)
        sign_in_of_nobody_fails: CHECK (((account_id IS NOT NULL) OR (NOT succeeded)))
        FOREIGN KEY (account_id) REFERENCES accounts_account(id)
    evidence_checkpoint
        PRIMARY KEY (size)
    evidence_line
        PRIMARY KEY (mailbox_id, id)
        line_salt_is_32_bytes: CHECK ((length(salt) = 32))
    evidence_tile
        PRIMARY KEY (level, index)
    intake_answer
        PRIMARY KEY (sender_id, key)
    intake_chunk
        PRIMARY KEY (consignment_id, number)
        FOREIGN KEY (consignment_id) REFERENCES intake_consignment(id)
    intake_consignment
        PRIMARY KEY (id)
        consignment_counts_are_not_negative: CHECK (((in_mailbox >= 0) AND (on_paper >= 0) AND
            (pending >= 0) AND (refused >= 0)))
        consignment_ledger_balances: CHECK ((submitted = (((in_mailbox + on_paper) + refused) +
            pending)))
        consignment_times_follow_state: CHECK ((((completed_at IS NULL) AND (state = 'open') AND
            (submitted_at IS NULL)) OR ((completed_at IS NULL) AND (state = ANY
            ((ARRAY['submitted', 'delivering']))) AND (submitted_at IS NOT NULL)) OR ((completed_at
            IS NOT NULL) AND (pending = 0) AND (state = 'completed'))))
        consignment_transit_key_dies_with_completion: CHECK ((((items_secret IS NULL) AND (state =
            'completed') AND (transit_key IS NULL)) OR (NOT (state = 'completed'))))
        consignment_was_made_by_somebody: CHECK (((made_by_key_id IS NOT NULL) OR (made_by_staff_id
            IS NOT NULL)))
        FOREIGN KEY (made_by_key_id) REFERENCES senders_apikey(id)
        FOREIGN KEY (made_by_staff_id) REFERENCES senders_staff(id)
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
        FOREIGN KEY (topic_id) REFERENCES senders_topic(id)
    intake_consignmentdocument
        PRIMARY KEY (consignment_id, name)
        FOREIGN KEY (consignment_id) REFERENCES intake_consignment(id)
    intake_item
        PRIMARY KEY (consignment_id, "position")
        item_is_refused_with_a_code: CHECK ((((state = 'refused') AND (NOT (code = ''))) OR ((NOT
            (state = 'refused')) AND (code = ''))))
        FOREIGN KEY (consignment_id) REFERENCES intake_consignment(id)
    intake_usedreference
        PRIMARY KEY (sender_id, reference)
    letters_letter
        PRIMARY KEY (mailbox_id, id)
        letter_number_once: UNIQUE (mailbox_id, number)
        letter_required_aal_is_1_to_3: CHECK (((required_aal >= 1) AND (required_aal <= 3)))
        letter_required_assurance_is_0_to_3: CHECK (((required_assurance >= 0) AND
            (required_assurance <= 3)))
        letter_times_follow_state: CHECK ((((consigned_at IS NOT NULL) AND (handed_over_at IS NULL)
            AND (state = 'consigned')) OR ((handed_over_at >= consigned_at) AND (handed_over_at IS
            NOT NULL) AND (state = 'handed_over'))))
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
        FOREIGN KEY (topic_id) REFERENCES senders_topic(id)
    members_certifiedattributes
        PRIMARY KEY (id)
        certified_lapse_has_a_reason: CHECK ((((lapse_reason = '') AND (lapsed_at IS NULL)) OR
            ((lapsed_at IS NOT NULL) AND (NOT (lapse_reason = '')))))
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    members_declaredattributes
        PRIMARY KEY (id)
        declared_postal_code_is_7_digits: CHECK ((postal_code ~ '^[0-9]{7}$'))
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    members_levelchange
        PRIMARY KEY (id)
        level_change_has_a_reason: CHECK ((NOT (reason = '')))
        FOREIGN KEY (changed_by_id) REFERENCES accounts_account(id)
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    members_member
        PRIMARY KEY (id)
        member_closes_after_asking: CHECK (((closed_at IS NULL) OR ((closed_at >= closing_at) AND
            (closing_at IS NOT NULL))))
        member_is_not_merged_into_itself: CHECK ((NOT ((merged_into_id = id) AND (merged_into_id IS
            NOT NULL))))
        member_level_is_0_to_3: CHECK (((level >= 0) AND (level <= 3)))
        members_member_account_id_key: UNIQUE (account_id)
        members_member_mailbox_id_key: UNIQUE (mailbox_id)
        FOREIGN KEY (account_id) REFERENCES accounts_account(id)
        FOREIGN KEY (merged_into_id) REFERENCES members_member(id)
    notifications_alert
        PRIMARY KEY (mailbox_id, letter_id)
        alert_times_follow_state: CHECK ((((sent_at IS NOT NULL) AND (state = 'sent')) OR ((sent_at
            IS NULL) AND (state = ANY ((ARRAY['waiting', 'failed']))))))
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    notifications_notice
        PRIMARY KEY (id)
        notice_times_follow_state: CHECK ((((sent_at IS NOT NULL) AND (state = 'sent')) OR
            ((sent_at IS NULL) AND (state = ANY ((ARRAY['waiting', 'failed']))))))
        notice_waits_once: UNIQUE (mailbox_id, kind) WHERE (state = 'waiting')
    operators_operator
        PRIMARY KEY (id)
        operators_operator_account_id_key: UNIQUE (account_id)
        FOREIGN KEY (account_id) REFERENCES accounts_account(id)
    printing_feed
        PRIMARY KEY (party)
    printing_mailpiece
        PRIMARY KEY (mailbox_id, id)
        piece_given_up_has_no_paper: CHECK (((NOT (state = ANY ((ARRAY['failed', 'cancelled']))))
            OR (object_id IS NULL)))
        piece_number_once: UNIQUE (mailbox_id, number)
        piece_once_for_its_subject: UNIQUE (mailbox_id, kind, subject_id)
        piece_waits_with_its_paper: CHECK (((NOT (state = 'composed')) OR (object_id IS NOT NULL)))
    printing_partyevent
        PRIMARY KEY (mailbox_id, party, event_id)
    printing_strayevent
        PRIMARY KEY (party, event_id)
    proofing_cardchallenge
        PRIMARY KEY (id)
    proofing_linkedcard
        PRIMARY KEY (id)
        card_auth_certificate_once: UNIQUE (auth_issuer, auth_serial) WHERE (NOT (auth_serial =
            ''))
        card_has_a_certificate: CHECK ((NOT ((auth_serial = '') AND (sign_serial = ''))))
        card_sign_certificate_once: UNIQUE (sign_issuer, sign_serial) WHERE (NOT (sign_serial =
            ''))
        FOREIGN KEY (member_id) REFERENCES members_member(id)
        FOREIGN KEY (replaced_by_id) REFERENCES proofing_linkedcard(id)
    proofing_mergeticket
        PRIMARY KEY (id)
        merge_has_at_most_5_tries: CHECK (((tries_left >= 0) AND (tries_left <= 5)))
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    proofing_passcoderequest
        PRIMARY KEY (id)
        passcode_confirmed_was_entered: CHECK (((NOT (state = 'confirmed')) OR (code_entered_at IS
            NOT NULL)))
        passcode_has_at_most_5_tries: CHECK (((tries_left >= 0) AND (tries_left <= 5)))
        passcode_one_open_request: UNIQUE (member_id) WHERE (NOT (state = ANY ((ARRAY['returned',
            'confirmed', 'void']))))
        FOREIGN KEY (addressed_to_id) REFERENCES members_declaredattributes(id)
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    proofing_personkey
        PRIMARY KEY (kind, key)
        FOREIGN KEY (member_id) REFERENCES members_member(id)
    proofing_postalreport
        PRIMARY KEY (request_id, event)
        FOREIGN KEY (request_id) REFERENCES proofing_passcoderequest(id)
    senders_apikey
        PRIMARY KEY (id)
        api_key_digest_is_sha256: CHECK ((length(digest) = 32))
        senders_apikey_digest_key: UNIQUE (digest)
        FOREIGN KEY (created_by_id) REFERENCES senders_staff(id)
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    senders_contractchange
        PRIMARY KEY (id)
        contract_change_has_a_reason: CHECK ((NOT (reason = '')))
        FOREIGN KEY (changed_by_id) REFERENCES accounts_account(id)
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    senders_sender
        PRIMARY KEY (id)
        sender_code_fits_its_kind: CHECK ((((code ~ '^\d{6}$') AND (kind = 'municipality')) OR
            ((code ~ '^\d{13}$') AND (kind = ANY ((ARRAY['agency', 'company']))))))
        sender_code_once_in_force: UNIQUE (code) WHERE (NOT (contract_state = 'ended'))
        sender_contract_has_a_start: CHECK (((contract_state = 'applied') OR (contract_since IS NOT
            NULL)))
        sender_required_assurance_is_0_to_3: CHECK (((required_assurance >= 0) AND
            (required_assurance <= 3)))
    senders_staff
        PRIMARY KEY (id)
        senders_staff_account_id_key: UNIQUE (account_id)
        FOREIGN KEY (account_id) REFERENCES accounts_account(id)
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    senders_topic
        PRIMARY KEY (id)
        topic_once_a_sender: UNIQUE (sender_id, slug)
        topic_required_assurance_is_0_to_3: CHECK (((required_assurance >= 0) AND
            (required_assurance <= 3)))
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    subscriptions_subscription
        PRIMARY KEY (mailbox_id, id)
        subscription_ends_after_it_started: CHECK (((ended_at IS NULL) OR (ended_at >=
            started_at)))
        subscription_once_a_sender: UNIQUE (mailbox_id, sender_id)
        subscription_pseudonym_once_a_sender: UNIQUE (sender_id, pseudonym)
        FOREIGN KEY (sender_id) REFERENCES senders_sender(id)
    vault_envelope
        PRIMARY KEY (mailbox_id, letter_id)
    vault_mailboxkey
        PRIMARY KEY (mailbox_id, version)
    vault_storedobject
        PRIMARY KEY (id)
    verification_recordedverdict
        PRIMARY KEY (id)
        verdict_has_reasons_unless_valid: CHECK ((((outcome = 'valid') AND (reasons = '{}')) OR
            ((outcome = ANY ((ARRAY['invalid', 'indeterminate']))) AND (NOT (reasons = '{}')))))
        verdict_is_for_a_purpose: CHECK ((purpose = ANY ((ARRAY['sign_in', 'prove']))))
        verdict_is_valid_by_proof: CHECK (((NOT (outcome = 'valid')) OR ((proof_at IS NOT NULL) AND
            (NOT (proof_digest = '')))))
"""
