-- Paper is the worker's: no page shows or moves a mail piece.
GRANT SELECT, INSERT, UPDATE ON printing_mailpiece, printing_feed TO mypost_worker;
GRANT SELECT, INSERT ON printing_partyevent, printing_strayevent TO mypost_worker;
