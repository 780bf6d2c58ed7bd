"""Who calls: a bearer key with the scope that the call needs, within its limit."""

import time
from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from mypost.common.clock import now
from mypost.entrypoints.sender_api.errors import RateLimited, ScopeMissing
from mypost.entrypoints.sender_api.limits import Limiter
from mypost.intake.commands import Origin
from mypost.senders import commands as senders
from mypost.senders.errors import ApiKeyUnknown
from mypost.senders.models import ApiKey, Scope, Sender

limiter = Limiter()


class KeyRequest(HttpRequest):
    """A request whose key is known. limit_left: how many more it may make at once."""

    key: ApiKey
    sender: Sender
    origin: Origin
    limit_left: int


class KeyWith(HttpBearer):
    """Let in keys that have a scope. Raises ApiKeyUnknown, RateLimited, ScopeMissing."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey:
        if not token.isascii():
            raise ApiKeyUnknown
        address = request.META.get("REMOTE_ADDR") or "127.0.0.1"
        key = senders.recognise_api_key(token.strip(), address=address, at=now())
        known = cast(KeyRequest, request)
        known.key, known.sender = key, key.sender
        known.origin = Origin(key.sender, live=key.live, key=key)
        known.limit_left = limiter.take(key.id, at=time.monotonic())
        if known.limit_left < 0:
            raise RateLimited
        if self.scope not in key.scopes:
            raise ScopeMissing
        return key
