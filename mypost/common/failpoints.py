"""Named places where a test may make a process fail, to prove that nothing is lost there.

FAILPOINT=name:action, read once; refused unless MYPOST_TEST_MODE=1 (config/settings.py).
Actions: exit (the process is gone as after kill -9), raise, sleep.
"""

import os
import signal
import time

from django.conf import settings


class FailpointReached(Exception):
    """A test asked for a failure here."""


def failpoint(name: str) -> None:
    """Do what the environment asks for at this place; in production, nothing."""
    wanted, _, action = settings.FAILPOINT.partition(":")
    if wanted != name:
        return
    if action == "exit":
        os.kill(os.getpid(), signal.SIGKILL)
    if action == "sleep":
        time.sleep(3600)
    raise FailpointReached(name)
