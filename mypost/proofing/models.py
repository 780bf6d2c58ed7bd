"""Proofs of identity: the passcode that came by post, the card that answered."""

from typing import ClassVar

from django.db import models

from mypost.members.models import DeclaredAttributes, Member


class PasscodeRequest(models.Model):
    """One passcode letter, from the wish to the code. Bound to the account and to its address."""

    class State(models.TextChoices):
        REQUESTED = "requested"  # waits for the next print run
        COMPOSED = "composed"  # the code exists: hashed here, and in the sealed mail piece
        PRINTED = "printed"
        ACCEPTED = "accepted"  # 引受: the carrier has it
        NOTICE_LEFT = "notice_left"  # 到着通知, held (保管) for ten days
        HANDED_OVER = "handed_over"  # 交付, after the ID check
        RETURNED = "returned"  # 返還
        CONFIRMED = "confirmed"  # handed over, and the code was entered
        VOID = "void"  # expired, locked, or given up for another

    OPEN: ClassVar = [
        State.REQUESTED,
        State.COMPOSED,
        State.PRINTED,
        State.ACCEPTED,
        State.NOTICE_LEFT,
        State.HANDED_OVER,
    ]

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="passcode_requests")
    addressed_to = models.ForeignKey(DeclaredAttributes, models.PROTECT, related_name="+")
    state = models.CharField(max_length=11, choices=State.choices, default=State.REQUESTED)
    void_reason = models.CharField(max_length=20, blank=True)  # see reasons.py
    code_hash = models.CharField(max_length=100, blank=True)
    tries_left = models.SmallIntegerField(default=5)
    code_entered_at = models.DateTimeField(null=True)  # right, whether or not the post has told
    tracking_number = models.CharField(max_length=20, blank=True)
    id_document = models.CharField(max_length=30, blank=True)  # kind that the carrier looked at
    id_last_digits = models.CharField(max_length=4, blank=True)
    return_reason = models.CharField(max_length=20, blank=True)  # see reasons.py
    requested_at = models.DateTimeField()
    held_until = models.DateField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=~models.Q(state__in=["returned", "confirmed", "void"]),
                name="passcode_one_open_request",
            ),
            models.CheckConstraint(
                name="passcode_has_at_most_5_tries", condition=models.Q(tries_left__range=(0, 5))
            ),
            models.CheckConstraint(
                name="passcode_confirmed_was_entered",
                condition=~models.Q(state="confirmed") | models.Q(code_entered_at__isnull=False),
            ),
        ]


class PostalReport(models.Model):
    """One thing that the print shop or the carrier has told about a passcode letter."""

    pk = models.CompositePrimaryKey("request", "event")
    request = models.ForeignKey(PasscodeRequest, models.PROTECT, related_name="reports")
    event = models.CharField(max_length=11)  # a PostalEvent, once
    at = models.DateTimeField()


class CardChallenge(models.Model):
    """What a card is asked to sign: for one purpose, one browser session, once."""

    id = models.UUIDField(primary_key=True)
    purpose = models.CharField(max_length=10)  # sign_in, prove, step_up
    session = models.CharField(max_length=64)  # SHA-256 of the browser's session, in hex
    nonce = models.BinaryField()  # 32 random bytes
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class LinkedCard(models.Model):
    """A member's card: the serials of its two certificates, and whether each still counts.

    An issuer is the identifier of the authority's key, in hex. A CRL point is the name of the
    municipality's revocation list, RFC 4514. The certificates themselves are not kept.
    """

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="cards")
    sign_issuer = models.CharField(max_length=64, blank=True)
    sign_serial = models.CharField(max_length=40, blank=True)
    sign_crl_point = models.CharField(max_length=300, blank=True)
    sign_expires_at = models.DateTimeField(null=True)
    sign_stopped_at = models.DateTimeField(null=True)
    sign_stop_reason = models.CharField(max_length=40, blank=True)
    auth_issuer = models.CharField(max_length=64, blank=True)
    auth_serial = models.CharField(max_length=40, blank=True)
    auth_crl_point = models.CharField(max_length=300, blank=True)
    auth_expires_at = models.DateTimeField(null=True)
    auth_stopped_at = models.DateTimeField(null=True)
    auth_stop_reason = models.CharField(max_length=40, blank=True)
    linked_at = models.DateTimeField()
    checked_at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sign_issuer", "sign_serial"],
                condition=~models.Q(sign_serial=""),
                name="card_sign_certificate_once",
            ),
            models.UniqueConstraint(
                fields=["auth_issuer", "auth_serial"],
                condition=~models.Q(auth_serial=""),
                name="card_auth_certificate_once",
            ),
            models.CheckConstraint(
                name="card_has_a_certificate",
                condition=~models.Q(sign_serial="", auth_serial=""),
            ),
        ]
        indexes = [models.Index(fields=["checked_at"], name="card_to_check")]


class PersonKey(models.Model):
    """By which a person is recognised in a second account: keyed hashes, never the attributes."""

    pk = models.CompositePrimaryKey("kind", "key")
    kind = models.CharField(max_length=10)  # platform, auth_app, attributes
    key = models.CharField(max_length=64)  # HMAC-SHA-256 under the person key, in hex
    member = models.ForeignKey(Member, models.PROTECT, related_name="person_keys")
    noted_at = models.DateTimeField()


class MergeTicket(models.Model):
    """A second account's wish to become part of the first: whoever holds both enters its code."""

    id = models.UUIDField(primary_key=True)
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")  # the account to merge
    code_hash = models.CharField(max_length=64)
    tries_left = models.SmallIntegerField(default=5)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="merge_has_at_most_5_tries", condition=models.Q(tries_left__range=(0, 5))
            )
        ]
