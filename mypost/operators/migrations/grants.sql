-- Only the back office asks who works there; the member's door tells them where to go.
GRANT SELECT ON operators_operator TO mypost_operator_web;
GRANT SELECT (account_id) ON operators_operator TO mypost_member_web;
