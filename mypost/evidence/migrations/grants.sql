-- Evidence is insert-only for every door. The worker alone gives a line its place in the log.
GRANT SELECT, INSERT ON evidence_line TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT USAGE ON SEQUENCE evidence_line_seq TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT SELECT ON evidence_checkpoint TO mypost_member_web, mypost_sender, mypost_operator_web, mypost_worker;
GRANT SELECT ON evidence_tile TO mypost_member_web, mypost_sender, mypost_worker;
GRANT UPDATE (leaf_index) ON evidence_line TO mypost_worker;
GRANT INSERT, UPDATE ON evidence_tile TO mypost_worker;
GRANT INSERT ON evidence_checkpoint TO mypost_worker;
