-- Only the back office asks who works there.
GRANT SELECT ON operators_operator TO mypost_operator_web;
