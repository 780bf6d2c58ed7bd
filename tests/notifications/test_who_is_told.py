"""To whom a mail goes, what a confidential one hides, and what a server's answer means."""

import smtplib
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from mypost.accounts.models import Account
from mypost.common.clock import now
from mypost.evidence.models import Line
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.notifications import commands, notices, queries
from mypost.notifications.mailing import Answer, is_there, submit
from mypost.notifications.models import Alert, NoticeKind
from tests.conftest import NOW, SendLetter
from tests.told import commits_to, reasons_of

pytestmark = pytest.mark.django_db


class Server(BaseEmailBackend):
    """A mail server with one answer."""

    def __init__(self, answer: Exception | None) -> None:
        super().__init__()
        self.answer, self.is_closed = answer, False

    def open(self) -> bool:
        return self.send_messages([]) == 0

    def send_messages(self, email_messages: object) -> int:
        if self.answer is not None:
            raise self.answer
        return 0

    def close(self) -> None:
        self.is_closed = True


def refused(*codes: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({f"{n}@x": (code, b"") for n, code in enumerate(codes)})


@pytest.mark.parametrize(
    ("said", "means", "hangs_up"),
    [
        (None, Answer.TAKEN, False),
        (refused(499), Answer.LATER, False),
        (refused(500), Answer.NEVER, False),  # RFC 5321 §4.2.1: 5yz is final
        (refused(550, 450), Answer.LATER, False),
        (smtplib.SMTPDataError(499, b""), Answer.LATER, False),
        (smtplib.SMTPDataError(500, b""), Answer.NEVER, False),
        (smtplib.SMTPServerDisconnected(), Answer.LATER, True),
        (smtplib.SMTPSenderRefused(550, b"", "us"), Answer.LATER, True),
        (TimeoutError(), Answer.LATER, True),
    ],
    ids=repr,
)
def test_what_a_server_says_and_whether_it_is_asked_anew(
    said: Exception | None, means: Answer, hangs_up: bool
) -> None:
    server = Server(said)
    assert submit(EmailMessage(), server) is means
    assert server.is_closed is hangs_up


@pytest.mark.parametrize("trouble", [None, TimeoutError(), smtplib.SMTPConnectError(421, b"")])
def test_a_server_that_cannot_be_spoken_to_is_not_there(trouble: Exception | None) -> None:
    assert is_there(Server(trouble)) is (trouble is None)


def test_the_alert_of_an_account_that_another_took_in_goes_to_that_one(
    letter: Letter, hanako: Member, taro: Member
) -> None:
    Account.objects.filter(pk=taro.account_id).update(language="en")
    Member.objects.filter(id=hanako.id).update(merged_into=taro)
    commands.send(Alert.objects.get().batch_id)
    (sent,) = mail.outbox
    assert sent.to == ["taro@example.jp"]
    assert "new letter" in sent.subject
    line = Line.objects.get(event="ConsignmentNotification")
    assert (line.mailbox_id, line.subject_id) == (hanako.mailbox_id, letter.id)
    assert commits_to(line, channel="mail")
    assert reasons_of(line) == ()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_confidential_letters_mail_names_nobody(letter: Letter, language: str) -> None:
    Account.objects.update(language=language)
    Alert.objects.update(confidential=True)
    commands.send(Alert.objects.get().batch_id)
    (sent,) = mail.outbox
    assert "みなと市" not in f"{sent.subject}{sent.body}"
    assert sent.subject == " ".join(sent.subject.split()) != ""


def test_a_notice_is_written_in_one_line_and_from_us(jiro: Member) -> None:
    commands.tell(jiro.mailbox_id, NoticeKind.CARD_STOPPED, at=NOW)
    notices.send(queries.notices_since(jiro.mailboxes, NOW)[0].id)
    (sent,) = mail.outbox
    assert sent.subject == " ".join(sent.subject.split()) != ""


# What may be asked


def test_a_batch_is_overdue_once_from_the_moment_its_alert_is_due(letter: Letter) -> None:
    alert, at = Alert.objects.get(), now()
    Alert.objects.update(due_at=at)
    Alert.objects.create(
        mailbox_id=alert.mailbox_id, letter_id=uuid4(), sender_id=alert.sender_id,
        batch_id=alert.batch_id, due_at=at,
    )  # fmt: skip
    assert queries.overdue_batches(at=at - timedelta(microseconds=1)) == []
    assert queries.overdue_batches(at=at) == [alert.batch_id]
    Alert.objects.update(state="failed")
    assert queries.overdue_batches(at=at) == []


def test_what_a_server_has_put_off_is_late_though_it_is_not_due(letter: Letter) -> None:
    Alert.objects.update(attempts=1, due_at=NOW + timedelta(hours=1))
    counts = queries.count_alerts(at=NOW)
    assert (counts.waiting, counts.late, counts.failed) == (1, 1, 0)
    Alert.objects.update(state="sent", sent_at=NOW)
    counts = queries.count_alerts(at=NOW)
    assert (counts.waiting, counts.late, counts.failed) == (0, 0, 0)


def test_an_alert_has_left_when_it_was_sent_and_only_its_own(send_letter: SendLetter) -> None:
    first, second = (send_letter(reference=str(number)) for number in range(2))
    Alert.objects.filter(letter_id=first.letter_id).update(state="sent", sent_at=NOW)
    alert = Alert.objects.get(letter_id=second.letter_id)
    assert queries.alerted_at(alert.mailbox_id, UUID(str(first.letter_id))) == NOW
    assert queries.alerted_at(alert.mailbox_id, alert.letter_id) is None
    assert queries.alerted_at(uuid4(), UUID(str(first.letter_id))) is None
