-- A verdict is given where a card is used, and is never changed; no page shows it.
GRANT INSERT ON verification_recordedverdict TO mypost_member_web;
