"""An account: how one person signs in. What the person may do, other rooms say."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _


class AccountManager(BaseUserManager["Account"]):
    """How Django and allauth make and find accounts."""

    def create_user(self, email: str, password: str | None = None, **facts: object) -> "Account":
        """Create an account that signs in with its e-mail address."""
        account = self.model(email=self.normalize_email(email).lower(), **facts)
        account.set_password(password)
        account.save()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """One sign-in: an e-mail address, its factors (kept by allauth), a name and a language."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=100, blank=True)  # as the person calls themselves
    language = models.CharField(max_length=2, default="ja")
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(db_default=Now())
    email_changed_at = models.DateTimeField(null=True)  # when another address became the main one

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="account_email_once"),
            models.CheckConstraint(
                name="account_language_is_ours", condition=models.Q(language__in=["ja", "en"])
            ),
        ]

    def __str__(self) -> str:
        return self.email


class SignIn(models.Model):
    """One try to sign in, whether or not it succeeded. Kept for a year.

    account: null when nobody has the address that was typed, so that such a try costs the same
    work as any other. network: too coarse to name a household. browser_mark: SHA-256 of the mark
    that this browser carries, in hex; empty for failures.
    """

    class Method(models.TextChoices):
        PASSWORD = "password", _("password")
        CODE = "code", _("password and one-time code")
        SPARE_CODE = "spare_code", _("password and spare code")
        PASSKEY = "passkey", _("passkey")
        CARD = "card", _("My Number Card")
        AUTH_APP = "auth_app", _("Digital Authentication App")

    id = models.UUIDField(primary_key=True)
    account = models.ForeignKey(
        Account, models.CASCADE, null=True, db_index=False, related_name="sign_ins"
    )
    method = models.CharField(max_length=10, choices=Method.choices)
    succeeded = models.BooleanField()
    browser = models.CharField(max_length=40, blank=True)  # family and system
    network = models.CharField(max_length=45, blank=True)  # IPv4 /24, IPv6 /48
    browser_mark = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="sign_in_of_account")]
        constraints = [
            models.CheckConstraint(
                name="sign_in_of_nobody_fails",
                condition=models.Q(account__isnull=False) | models.Q(succeeded=False),
            )
        ]
