"""Who calls: a bearer key with the scope that the call needs, within its limit."""

import time
from typing import cast

from django.http import HttpRequest
from ninja.security import HttpBearer

from mypost.common.clock import now
from mypost.common.problems import Refusal
from mypost.entrypoints.sender_api.limits import Limiter
from mypost.intake.commands import Origin
from mypost.senders import commands as senders
from mypost.senders.errors import ApiKeyUnknown
from mypost.senders.models import ApiKey, Scope, Sender

limiter = Limiter()


class ScopeMissing(Refusal):
    """The key may not do this."""

    code = "scope_missing"


class RateLimited(Refusal):
    """Too many requests; this one has cost nothing."""

    code = "rate_limited"
    permanent = False


class KeyRequest(HttpRequest):
    """A request whose key is known. limit_left: how many more it may make at once."""

    key: ApiKey
    limit_left: int

    @property
    def sender(self) -> Sender:
        return self.key.sender

    def origin(self) -> Origin:
        return Origin(self.key.sender, live=self.key.live, key=self.key)


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
        known.key, known.limit_left = key, limiter.take(key.id, at=time.monotonic())
        if known.limit_left < 0:
            raise RateLimited
        if self.scope not in key.scopes:
            raise ScopeMissing
        return key
