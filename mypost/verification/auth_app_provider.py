"""Talking to the provider of the Digital Authentication App, over HTTPS.

Source: OpenID Connect Discovery §4; RFC 7523 §2.2.
"""

import json
import secrets
import time
from datetime import datetime
from typing import Any

import httpx
from django.conf import settings
from joserfc import jwk, jwt

from mypost.verification.errors import AppTokenInvalid, AppUnavailable
from mypost.verification.exchange import trust

PATIENCE = httpx.Timeout(4.0)
LARGEST_ANSWER = 256 * 1024  # bytes
KNOWN_FOR = 600.0  # seconds; then configuration and keys are asked for anew
ASSERTION_LASTS = 60  # seconds
_known: dict[str, tuple[float, dict[str, Any]]] = {}


def issuer() -> str:
    """Return the provider's name, which is also where all its addresses begin."""
    return str(settings.AUTH_APP_URL)


def client_id() -> str:
    """Return our name at the provider."""
    return str(settings.AUTH_APP_CLIENT_ID)


def endpoint(name: str) -> str:
    """Return one of the provider's addresses, from its configuration. Raises AppUnavailable."""
    address = _remembered(f"{issuer()}/.well-known/openid-configuration").get(name)
    # What a configuration names elsewhere is never followed: it could lead inside our own network.
    if not isinstance(address, str) or not address.startswith(f"{issuer()}/"):
        raise AppUnavailable
    return address


def keys() -> dict[str, Any]:
    """Return the provider's key set. Raises AppUnavailable."""
    return _remembered(endpoint("jwks_uri"))


def exchange(code: str, *, verifier: str, redirect_uri: str, at: datetime) -> dict[str, Any]:
    """Return the tokens for a code, which the provider gives once.

    Raises AppTokenInvalid for a code that it refuses, AppUnavailable.
    """
    address = endpoint("token_endpoint")
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
        "client_id": client_id(),
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": _assertion(address, at=at),
    }
    return _ask("POST", address, data=form)


def userinfo(access_token: str) -> dict[str, Any]:
    """Return what the provider tells about the person. Raises AppUnavailable."""
    bearer = {"Authorization": f"Bearer {access_token}"}
    return _ask("GET", endpoint("userinfo_endpoint"), headers=bearer)


def _assertion(audience: str, *, at: datetime) -> str:
    now = int(at.timestamp())
    claims = {
        "iss": client_id(), "sub": client_id(), "aud": audience, "jti": secrets.token_urlsafe(16),
        "iat": now, "exp": now + ASSERTION_LASTS,
    }  # fmt: skip
    if settings.AUTH_APP_KEY_FILE is None:
        raise AppUnavailable
    key = jwk.import_key(settings.AUTH_APP_KEY_FILE.read_bytes(), "EC")
    return jwt.encode({"alg": "ES256"}, claims, key)


def _remembered(address: str) -> dict[str, Any]:
    until, answer = _known.get(address, (0.0, {}))
    if time.monotonic() > until:
        answer = _ask("GET", address)
        _known[address] = (time.monotonic() + KNOWN_FOR, answer)
    return answer


def _ask(method: str, address: str, **request: Any) -> dict[str, Any]:
    """Return a JSON object. Redirects are not followed, and no answer is read without end.

    Raises AppTokenInvalid when the provider refuses what we brought, AppUnavailable.
    """
    try:
        with (
            httpx.Client(timeout=PATIENCE, trust_env=False, verify=trust()) as http,
            http.stream(method, address, **request) as answer,
        ):
            if answer.status_code in (400, 401, 403):
                raise AppTokenInvalid
            answer.raise_for_status()
            body = b""
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise AppUnavailable
        value = json.loads(body)
    except (httpx.HTTPError, ValueError):
        raise AppUnavailable from None
    if not isinstance(value, dict):
        raise AppUnavailable
    return value
