"""What the pages of signing in need to show: devices, and options for a passkey's ceremony."""

import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

from mypost.entrypoints.devices import device_of

register = template.Library()


@register.filter
def device(user_agent: str) -> str:
    """Return a browser's system and family in words that a person knows."""
    return device_of(user_agent)


@register.filter
def as_json(value: object) -> str:
    """Return a value as JSON for a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder)
