"""Operators: the people who run the service. They see states and counts, never content."""

from django.conf import settings
from django.db import models


class Operator(models.Model):
    """A person of the operator's staff."""

    id = models.UUIDField(primary_key=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="operator"
    )
    since = models.DateTimeField()
