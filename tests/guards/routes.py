"""The table of routes: every address of every door, who may come in, and whether it writes.

Access is what stands in entrypoints/access.py; the pages of django-allauth, which are the same at
each door, are public or for whoever is signed in, and each is one writing transaction.
"""

# Who comes in: anybody; with a session; with a mailbox; staff or administrators of a sender;
# operators; programs with a key of that scope.
ACCOUNT = """
    public          writes  account/login/
    public          writes  account/logout/
    public          writes  account/inactive/
    public          writes  account/signup/
    signed_in       writes  account/reauthenticate/
    signed_in       writes  account/email/
    public          writes  account/confirm-email/
    signed_in       writes  account/password/change/
    signed_in       writes  account/password/set/
    public          writes  account/password/reset/
    public          writes  account/login/code/confirm/
    public          writes  account/password/reset/confirm/
    public          writes  account/password/reset/complete/
    public          writes  account/password/reset/done/
    signed_in       writes  account/2fa/
    public          writes  account/2fa/authenticate/
    signed_in       writes  account/2fa/reauthenticate/
    signed_in       writes  account/2fa/totp/activate/
    signed_in       writes  account/2fa/totp/deactivate/
    signed_in       writes  account/2fa/recovery-codes/
    signed_in       writes  account/2fa/recovery-codes/generate/
    signed_in       writes  account/2fa/recovery-codes/download/
    signed_in       writes  account/2fa/webauthn/
    signed_in       writes  account/2fa/webauthn/add/
    signed_in       writes  account/2fa/webauthn/reauthenticate/
    signed_in       writes  account/2fa/webauthn/keys/<int:pk>/remove/
    signed_in       writes  account/2fa/webauthn/keys/<int:pk>/edit/
    public          writes  account/2fa/webauthn/login/
    signed_in       writes  account/sessions/
    signed_in       writes  account/sessions/<int:session_id>/end
    public          writes  language
"""
PUBLIC_LOG = """
    public          reads   log/checkpoint
    public          reads   log/vkey
    public          reads   log/tile/entries/<tile_index:index>
    public          reads   log/tile/entries/<tile_index:index>.p/<tile_width:width>
    public          reads   log/tile/<tile_level:level>/<tile_index:index>
    public          reads   log/tile/<tile_level:level>/<tile_index:index>.p/<tile_width:width>
"""
MEMBER_WEB = """
    public          reads   (first page)
    member          reads   box/
    member          reads   letters/<uuid:letter_id>/
    member          writes  letters/<uuid:letter_id>/open
    member          reads   letters/<uuid:letter_id>/documents/<int:position>
    member          reads   letters/<uuid:letter_id>/receipt
    public          reads   viewer/
    public          reads   receipts/
    member          reads   senders/
    member          reads   senders/<uuid:sender_id>/
    member          writes  senders/<uuid:sender_id>/choose
    member          writes  senders/<uuid:sender_id>/leave
    member          writes  senders/<uuid:sender_id>/topics/<uuid:topic_id>
    member          reads   due/
    member          reads   me/
    member          writes  me/name
    member          reads   me/history/
    member          writes  me/profile/
    member          reads   me/profile/address
    member          writes  me/passcode/
    member          writes  me/passcode/ask
    member          reads   me/card/
    member          writes  me/card/<uuid:card_id>/stop
    member          writes  me/card/prove/
    member          writes  me/card/prove/answer
    member          writes  me/card/sign-in/
    member          writes  me/card/sign-in/answer
    member          writes  me/card/step-up/
    member          writes  me/card/step-up/answer
    public          writes  account/card/
    public          writes  account/card/answer
    member          writes  me/app/
    member          writes  me/app/step-up/
    public          writes  account/app/sign-in/
    public          writes  account/app/
    member          writes  me/merge/
    member          writes  me/merge/ask
    member          reads   me/merge/same-person/
    member          reads   me/security/
    member          reads   me/export/
    member          writes  me/export/archive
    member          reads   me/closing/
    member          writes  me/closing/ask
    member          writes  me/closing/keep
    signed_in       reads   mailbox/
    signed_in       writes  mailbox/open
    public          reads   help/
"""
SENDER_API = """
    public          reads   api/v1/docs
    public          reads   api/v1/problems
    public          reads   api/v1/problems/<slug:code>
    public          reads   api/v1/openapi.json
    public          reads   api/v1/
    public          reads   api/v1/<path:rest>
    letters:write   writes  POST api/v1/letters
    letters:read    reads   GET api/v1/letters/<uuidstr:letter_id>
    letters:read    reads   GET api/v1/letters/<uuidstr:letter_id>/receipt
    letters:write   writes  POST api/v1/consignments
    letters:write   writes  PUT api/v1/consignments/<uuidstr:consignment_id>/documents/<name>
    letters:write   writes  PUT api/v1/consignments/<uuidstr:consignment_id>/items
    letters:read    reads   GET api/v1/consignments/<uuidstr:consignment_id>/items
    letters:write   writes  POST api/v1/consignments/<uuidstr:consignment_id>/submit
    letters:read    reads   GET api/v1/consignments/<uuidstr:consignment_id>
    events:read     reads   GET api/v1/events
"""
SENDER_WEB = """
    staff           reads   (first page)
    staff           reads   running
    staff           reads   more
    staff           writes  letters/new
    staff           writes  letters/new/<uuid:consignment_id>/text
    staff           writes  letters/new/<uuid:consignment_id>/recipients
    staff           reads   letters
    staff           reads   letters/<uuid:letter_id>
    staff           reads   letters/<uuid:letter_id>/receipt
    staff           reads   consignments
    staff           writes  consignments/new
    staff           reads   consignments/<uuid:consignment_id>
    staff           reads   consignments/<uuid:consignment_id>/progress
    staff           reads   consignments/<uuid:consignment_id>/results.csv
    staff           reads   consignments/<uuid:consignment_id>/check
    staff           writes  consignments/<uuid:consignment_id>/files
    staff           writes  consignments/<uuid:consignment_id>/send
    staff           writes  consignments/<uuid:consignment_id>/discard
    staff           reads   members
    staff           reads   members.csv
    staff           reads   topics
    administrator   writes  topics/new
    administrator   writes  topics/<uuid:topic_id>
    administrator   reads   developers
    administrator   writes  developers/keys/new
    administrator   writes  developers/keys/<uuid:key_id>/end
    staff           reads   organisation
"""
OPERATOR_WEB = """
    operator        reads   (first page)
    operator        reads   senders/
    operator        writes  senders/new/
    operator        reads   senders/<uuid:sender_id>/
    operator        writes  senders/<uuid:sender_id>/topics/new/
    operator        writes  senders/<uuid:sender_id>/contract/<slug:state>/
    operator        reads   ledger/
    operator        reads   ledger/check/
    operator        reads   ledger/<uuid:consignment_id>/
    operator        reads   jobs/
    operator        writes  jobs/<int:job_id>/retry/
    operator        reads   evidence/
"""
DOORS = {
    "member_web": ACCOUNT + PUBLIC_LOG + MEMBER_WEB,
    "sender": ACCOUNT + SENDER_API + SENDER_WEB,
    "operator_web": ACCOUNT + OPERATOR_WEB,
}
