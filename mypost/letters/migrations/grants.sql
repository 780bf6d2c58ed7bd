-- Whoever delivers writes letters; the member's door alone records an opening.
GRANT INSERT ON letters_letter TO mypost_sender, mypost_worker;
GRANT SELECT ON letters_letter TO mypost_sender;
GRANT SELECT, UPDATE (state, handed_over_at) ON letters_letter TO mypost_member_web;
GRANT SELECT ON letters_letter TO mypost_operator_web;
