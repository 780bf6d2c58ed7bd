"""An account: how one person signs in. What the person may do, other rooms say."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now


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
