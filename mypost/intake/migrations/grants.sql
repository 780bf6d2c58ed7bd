-- What a sender hands in is between its doors and the worker. Verdicts are written once.
GRANT SELECT, UPDATE ON intake_consignment, intake_chunk TO mypost_sender, mypost_worker;
GRANT INSERT, DELETE ON intake_consignment TO mypost_sender; -- deleted when it was never submitted
GRANT SELECT, DELETE ON intake_consignmentdocument TO mypost_sender, mypost_worker;
GRANT INSERT ON intake_consignmentdocument TO mypost_sender;
GRANT UPDATE ON intake_consignmentdocument TO mypost_worker; -- what examining found
GRANT INSERT ON intake_chunk TO mypost_worker;
GRANT SELECT, INSERT ON intake_usedreference TO mypost_sender, mypost_worker;
GRANT INSERT ON intake_item TO mypost_sender, mypost_worker;
GRANT SELECT ON intake_item TO mypost_sender;
GRANT SELECT, INSERT, UPDATE ON intake_answer TO mypost_sender;
GRANT SELECT, DELETE ON intake_answer TO mypost_worker;
GRANT SELECT ON intake_consignment, intake_item TO mypost_operator_web;
