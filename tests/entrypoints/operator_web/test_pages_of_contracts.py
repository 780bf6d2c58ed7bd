"""The back office's pages about a step of a contract, as wholes."""

from typing import Any

from django.test import Client

from mypost.senders.models import Sender
from tests.entrypoints.operator_web.test_senders import gas
from tests.entrypoints.outline import said, written

__all__ = ["gas"]  # fixture
NAMES = ("Midori",)
APPROVING = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - [Midori Gas](/senders/GAS/)
  - aria-current=page Approve the contract
# Approve the contract: Midori Gas
Members see the sender in their list at once, and it may send letters.
POST
  Kept with the contract, beside your name. The evidence of this step holds a
      fingerprint of these words.
  Reason ※required: <textarea reason maxlength=300 required describedby>
  {Approve the contract} [Cancel](/senders/GAS/)
""")
DECLINING = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - [Midori Gas](/senders/GAS/)
  - aria-current=page Decline the application
# Decline the application: Midori Gas
The application ends here. No member ever sees the sender.
POST
  Kept with the contract, beside your name. The evidence of this step holds a
      fingerprint of these words.
  Reason ※required: <textarea reason maxlength=300 required describedby>
  {Next: confirm} [Cancel](/senders/GAS/)
""")
WITHOUT_A_REASON = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - [Midori Gas](/senders/GAS/)
  - aria-current=page Decline the application
# Decline the application: Midori Gas
The application ends here. No member ever sees the sender.
POST
  div role=alert data-focus-first ~error
    :error Error:
    Please look at these points again. What you typed is still here.
    - [Reason](#id_reason): This field is required.
  Kept with the contract, beside your name. The evidence of this step holds a
      fingerprint of these words.
  Reason ※required: <textarea reason maxlength=300 required aria-invalid=true
      describedby>
  - This field is required.
  {Next: confirm} [Cancel](/senders/GAS/)
""")
CONFIRMING = written("""
nav aria-label=Where you are
  - [Senders](/senders/)
  - [Midori Gas](/senders/GAS/)
  - aria-current=page Decline the application
# Decline the application: Midori Gas
div role=status ~warning
  :warning Attention:
  This cannot be undone.
  The application ends here. No member ever sees the sender.
Sender
  Midori Gas (9380001999003)
Reason
  書類が / 足りません。
POST
  <hidden reason=書類が 足りません。> <hidden confirmed=on>
  {Decline the application ~danger} [Cancel](/senders/GAS/)
""")


def test_a_step_of_a_contract(office: Client, gas: Sender) -> None:
    named: dict[object, str] = {gas.id: "GAS"}
    approve, decline = (f"/senders/{gas.id}/contract/{state}/" for state in ("active", "ended"))
    assert said(office, approve, named, same=NAMES) == APPROVING
    assert said(office, decline, named, same=NAMES) == DECLINING

    def post(**typed: str) -> Any:
        return lambda: office.post(decline, typed)

    assert said(office, post(reason=""), named, same=NAMES) == WITHOUT_A_REASON
    assert said(office, post(reason="書類が\n足りません。"), named, same=NAMES) == CONFIRMING
