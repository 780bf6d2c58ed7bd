-- What a sender hands in is between its doors and the worker. Verdicts are written once.
GRANT SELECT, INSERT, UPDATE ON intake_consignment TO mypost_sender, mypost_worker;
GRANT DELETE ON intake_consignment TO mypost_sender; -- one that was never submitted
GRANT SELECT, INSERT, UPDATE, DELETE ON intake_consignmentdocument TO mypost_sender, mypost_worker;
GRANT SELECT, INSERT, UPDATE ON intake_chunk TO mypost_sender, mypost_worker;
GRANT SELECT, INSERT ON intake_item, intake_usedreference TO mypost_sender, mypost_worker;
GRANT SELECT, INSERT, UPDATE ON intake_answer TO mypost_sender;
GRANT SELECT, DELETE ON intake_answer TO mypost_worker;
GRANT SELECT ON intake_consignment, intake_item TO mypost_operator_web;
