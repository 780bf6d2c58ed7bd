"""Programs that call the API: the city's, and the other sender's."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from mypost.senders import commands as senders
from mypost.senders.models import Scope, Staff
from mypost.subscriptions.models import Subscription
from tests.conftest import NOW

PDF = b"%PDF-1.4\n"  # enough to be refused; good ones come from tests/pdf_makers.py


@dataclass
class Program:
    """A sender's program with its key."""

    secret: str
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(self, method: str, path: str, **more: Any) -> HttpResponse:
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return getattr(self.http, method)(f"/api/v1{path}", headers=headers, **more)

    def get(self, path: str, **more: Any) -> HttpResponse:
        return self.call("get", path, **more)

    def post(self, path: str, body: object = None, **more: Any) -> HttpResponse:
        content = json.dumps({} if body is None else body)
        return self.call("post", path, data=content, content_type="application/json", **more)

    def put(self, path: str, content: bytes, media_type: str, **more: Any) -> HttpResponse:
        return self.call("put", path, data=content, content_type=media_type, **more)

    def letter(
        self,
        fields: dict[str, object] | str,
        documents: Sequence[tuple[str, bytes]] = (),
        **headers: str,
    ) -> HttpResponse:
        """Submit one letter as multipart."""
        part = fields if isinstance(fields, str) else json.dumps(fields)
        files = [SimpleUploadedFile(name, content) for name, content in documents]
        data: dict[str, object] = {"letter": part, "document": files}
        return self.call("post", "/letters", data=data, headers=headers)


@pytest.fixture(autouse=True)
def _door(settings: Settings) -> None:
    settings.ROOT_URLCONF = "config.urls.sender"
    settings.DOOR = "sender"


def program_of(staff: Staff, *, live: bool = True, scopes: Sequence[Scope] = tuple(Scope)) -> Program:
    _key, secret = senders.make_api_key(staff, name="test", live=live, scopes=scopes, at=NOW)
    return Program(secret)


@pytest.fixture
def program(clerk: Staff) -> Program:
    """The city's program, with a live key."""
    return program_of(clerk)


@pytest.fixture
def test_program(clerk: Staff) -> Program:
    """The city's program, with a test key."""
    return program_of(clerk, live=False)


@pytest.fixture
def strange_program(power_clerk: Staff) -> Program:
    """The other sender's program, which must see nothing of the city's."""
    return program_of(power_clerk)


@pytest.fixture
def fields(chosen: Subscription) -> dict[str, object]:
    """A letter to Hanako that is right in every field."""
    return {
        "recipient": chosen.pseudonym,
        "reference": f"R-{uuid4().hex[:8]}",
        "subject": "お知らせ",
        "body": "本文",
    }
