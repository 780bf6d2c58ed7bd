-- A proof is begun and ended at the member's door; post and authorities report to the worker.
GRANT SELECT, INSERT, UPDATE ON proofing_passcoderequest, proofing_cardchallenge, proofing_linkedcard,
      proofing_mergeticket TO mypost_member_web;
GRANT SELECT, INSERT, UPDATE ON proofing_personkey TO mypost_member_web, mypost_worker;
GRANT DELETE ON proofing_cardchallenge TO mypost_worker;
GRANT SELECT ON proofing_cardchallenge, proofing_mergeticket TO mypost_worker;
GRANT SELECT, UPDATE ON proofing_passcoderequest, proofing_linkedcard TO mypost_worker;
GRANT SELECT ON proofing_postalreport TO mypost_member_web;
GRANT SELECT, INSERT ON proofing_postalreport TO mypost_worker;
-- When a mailbox is closed, the worker forgets by what its member was recognised.
GRANT DELETE ON proofing_personkey, proofing_postalreport, proofing_passcoderequest, proofing_linkedcard, proofing_mergeticket TO mypost_worker;
