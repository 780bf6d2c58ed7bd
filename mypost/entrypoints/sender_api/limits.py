"""How many requests a key may make: a bucket a key, in this process, refilled all the time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mypost.entrypoints.sender_api.problems import problem

BURST = 1_000  # requests at once
PER_SECOND = 200.0
POLICY = f'"key";q={BURST};w={int(BURST / PER_SECOND)}'


@dataclass
class _Bucket:
    left: float
    filled_at: float


class Limiter:
    """Counts in memory: a limit that counted rows would fall over when it is needed most."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: dict[UUID, _Bucket] = {}

    def take(self, key_id: UUID, *, at: float) -> int:
        """Take one request at a time in seconds; return how many are left, -1 for none."""
        with self._lock:
            bucket = self._buckets.setdefault(key_id, _Bucket(BURST, at))
            refilled = bucket.left + (at - bucket.filled_at) * PER_SECOND
            bucket.left, bucket.filled_at = min(BURST, refilled), at
            if bucket.left < 1:
                return -1
            bucket.left -= 1
            return int(bucket.left)


class ApiAnswers:
    """Middleware: announce the limit in each answer, and tell a wrong method as a problem.

    Source: draft-ietf-httpapi-ratelimit-headers §RateLimit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code == 405 and request.path.startswith("/api/"):
            allowed = response["Allow"]
            response = problem(request, "method_not_allowed")
            response["Allow"] = allowed
        left = getattr(request, "limit_left", None)
        if left is not None:
            response["RateLimit-Policy"] = POLICY
            response["RateLimit"] = f'"key";r={max(left, 0)};t=1'
        return response
