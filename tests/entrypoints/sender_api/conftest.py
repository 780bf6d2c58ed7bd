"""Programs that call the API: the city's, and the other sender's."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from mypost.common.clock import now
from mypost.evidence import commands as evidence
from mypost.senders import commands as senders
from mypost.senders.models import ApiKey, Scope, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW
from tests.pdf_makers import by_hand
from tests.scanner import scanner, scanners

__all__ = ["scanner", "scanners"]  # fixtures

Fields = dict[str, object]
PDF = by_hand()  # one empty page: good, and quickly read


@cache
def door() -> Client:
    """One for all tests: each new one would look at every static file before its first call."""
    return Client(raise_request_exception=False)


@dataclass
class Program:
    """A sender's program with its key."""

    secret: str
    key: ApiKey
    http: Client = field(default_factory=door)

    def call(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return getattr(self.http, method)(f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.call("get", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> Any:
        content = json.dumps({} if body is None else body)
        return self.call("post", path, data=content, content_type="application/json", **more)

    def put(self, path: str, content: bytes, media_type: str, **more: Any) -> Any:
        return self.call("put", path, data=content, content_type=media_type, **more)

    def letter(
        self, fields: Fields | str, documents: Sequence[tuple[str, bytes]] = (), **headers: str
    ) -> Any:
        """Submit one letter as multipart. headers: with _ for -."""
        part = fields if isinstance(fields, str) else json.dumps(fields)
        files = [SimpleUploadedFile(name, content) for name, content in documents]
        data: Fields = {"letter": part, "document": files}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.call("post", "/letters", data=data, headers=named)


def problem_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Return a problem document, after making sure that it is one."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem: dict[str, Any] = json.loads(answer.content)
    assert (problem["code"], problem["status"]) == (code, status), problem
    assert problem["type"] == f"/api/v1/problems/{code}"
    return problem


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.sender"
    settings.DOOR = "sender"


def program_of(
    staff: Staff, *, live: bool = True, scopes: Sequence[Scope] = tuple(Scope), **more: Any
) -> Program:
    key, secret = senders.make_api_key(staff, name="test", live=live, scopes=scopes, at=NOW, **more)
    return Program(secret, key)


@pytest.fixture
def program(clerk: Staff) -> Program:
    """The city's program, with a live key."""
    return program_of(clerk)


@pytest.fixture
def rehearsing(clerk: Staff) -> Program:
    """The city's program, with a test key."""
    return program_of(clerk, live=False)


@pytest.fixture
def stranger(power_clerk: Staff) -> Program:
    """The other sender's program, which must see nothing of the city's."""
    return program_of(power_clerk)


@pytest.fixture
def fields(chosen: Subscription) -> Fields:
    """A letter to Hanako that is right in every field."""
    return {
        "recipient": chosen.pseudonym,
        "reference": f"R-{uuid4().hex[:8]}",
        "subject": "お知らせ",
        "body": "本文",
    }


@pytest.fixture
def integrate(db: None) -> Callable[[], int]:
    """Take waiting evidence into the log, as the worker does each second."""
    return lambda: evidence.integrate(at=now())
