-- A verdict is given where a card is used or checked again, and is never changed.
GRANT SELECT, INSERT ON verification_recordedverdict TO mypost_member_web, mypost_worker;
