"""Handing mail to a mail server, and when to try again."""

import smtplib
from datetime import timedelta
from enum import Enum, auto

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

PAUSES = [timedelta(minutes=m) for m in (1, 5, 30, 120, 480)]  # before each next try


class Answer(Enum):
    """What a mail server said to one mail."""

    TAKEN = auto()
    LATER = auto()
    NEVER = auto()


def is_there(server: BaseEmailBackend) -> bool:
    """Open the connection, and say whether there is one."""
    try:
        server.open()
    except (smtplib.SMTPException, OSError):
        return False
    return True


def submit(mail: EmailMessage, server: BaseEmailBackend) -> Answer:
    """Hand over one mail. Source: RFC 5321 §4.2.1, a reply of 5yz is final."""
    try:
        server.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        return Answer.NEVER if all(code >= 500 for code in codes) else Answer.LATER
    except smtplib.SMTPDataError as refused:
        return Answer.NEVER if refused.smtp_code >= 500 else Answer.LATER
    except (smtplib.SMTPException, OSError):
        server.close()  # whatever state it is in; the next one opens it anew
        return Answer.LATER
    return Answer.TAKEN
