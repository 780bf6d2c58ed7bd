"""The Digital Authentication App (デジタル認証アプリ): the Digital Agency looks at the card for us.

We are its relying party: authorization code with PKCE, a signed proof of who we are, an ID token
bound to the browser's session by its nonce. An address of the provider is followed only when it
begins with the configured issuer.
Source: OpenID Connect Core §3.1; RFC 7636 §4; RFC 7523 §2.2.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from mypost.verification import auth_app_provider as provider
from mypost.verification.errors import (
    AppAnswerForeign,
    AppDeclined,
    AppSignInTooWeak,
    AppTokenInvalid,
)

ALGORITHMS = ["ES256", "RS256"]
CARD_SIGN_IN = "aal3"  # the card and its PIN
ERRAND_LASTS = timedelta(minutes=10)
IDENTITY = ("openid", "name", "address", "birthdate", "gender")
SIGN_IN = ("openid",)


@dataclass(frozen=True)
class Errand:
    """What the browser's session keeps while its person is at the app. Used once."""

    purpose: str  # sign_in, prove or step_up
    state: str
    nonce: str
    verifier: str
    redirect_uri: str
    begun_at: str  # ISO 8601, UTC

    def as_session(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class AppAttributes:
    """The basic four as the app tells them. birth_date: ISO 8601. sex: as the card writes it."""

    name: str
    address: str
    birth_date: str
    sex: str


@dataclass(frozen=True)
class AppIdentity:
    """Who was at the app. subject: this provider's name for the person, for us alone."""

    subject: str
    signed_in_at: datetime
    attributes: AppAttributes | None


def begin(purpose: str, *, redirect_uri: str, at: datetime) -> tuple[Errand, str]:
    """Return the errand to keep in the session, and the address to send the browser to.

    Raises AppUnavailable.
    """
    errand = Errand(
        purpose=purpose, state=_random(), nonce=_random(), verifier=_random(),
        redirect_uri=redirect_uri, begun_at=at.isoformat(),
    )  # fmt: skip
    asked = {
        "response_type": "code",
        "client_id": provider.client_id(),
        "redirect_uri": redirect_uri,
        "scope": " ".join(IDENTITY if purpose == "prove" else SIGN_IN),
        "state": errand.state,
        "nonce": errand.nonce,
        "code_challenge": _challenge(errand.verifier),
        "code_challenge_method": "S256",
        "acr_values": f"{CARD_SIGN_IN} crl",
    }
    return errand, f"{provider.endpoint('authorization_endpoint')}?{urlencode(asked)}"


def finish(errand: Errand | None, answer: dict[str, str], *, at: datetime) -> AppIdentity:
    """Return who was at the app, from what the browser brought back.

    errand: taken out of the session by the caller, so that an answer counts once.
    1. It is this session's errand, and young. 2. The person did not decline. 3. The code is
    exchanged with PKCE. 4. The ID token is the provider's, for us, for this errand, and says that
    the card was used. 5. The attributes belong to the same person.
    Raises AppAnswerForeign, AppDeclined, AppUnavailable, AppTokenInvalid, AppSignInTooWeak.
    """
    if errand is None or not _is_own(errand, answer, at=at):  # 1
        raise AppAnswerForeign
    if "code" not in answer:  # 2
        raise AppDeclined
    tokens = provider.exchange(  # 3
        answer["code"], verifier=errand.verifier, redirect_uri=errand.redirect_uri, at=at
    )
    claims = _claims_of(str(tokens.get("id_token", "")), nonce=errand.nonce, at=at)  # 4
    if claims.get("acr") != CARD_SIGN_IN:
        raise AppSignInTooWeak
    attributes = None
    if errand.purpose == "prove":  # 5
        attributes = _attributes(provider.userinfo(str(tokens.get("access_token", ""))), claims)
    return AppIdentity(str(claims["sub"]), at, attributes)


def _is_own(errand: Errand, answer: dict[str, str], *, at: datetime) -> bool:
    same = hmac.compare_digest(errand.state.encode(), answer.get("state", "").encode())
    # Mix-up defence: an answer that names its issuer must name ours. Source: RFC 9207 §2.
    ours = answer.get("iss", provider.issuer()) == provider.issuer()
    return same and ours and at - datetime.fromisoformat(errand.begun_at) <= ERRAND_LASTS


def _claims_of(token: str, *, nonce: str, at: datetime) -> dict[str, Any]:
    """Return an ID token's claims. Raises AppTokenInvalid, AppUnavailable."""
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=60,
        iss={"essential": True, "value": provider.issuer()},
        aud={"essential": True, "value": provider.client_id()},
        nonce={"essential": True, "value": nonce},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )
    try:
        claims = _decoded(token)
        rules.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise AppTokenInvalid from None
    return claims


def _decoded(token: str) -> dict[str, Any]:
    keys = jwk.KeySet.import_key_set(provider.keys())  # type: ignore[arg-type]
    return jwt.decode(token, keys, algorithms=ALGORITHMS).claims


def _attributes(told: dict[str, Any], claims: dict[str, Any]) -> AppAttributes:
    address = told.get("address")
    parts = {
        "name": told.get("name"),
        "address": address.get("formatted") if isinstance(address, dict) else None,
        "birth_date": told.get("birthdate"),
        "sex": {"male": "1", "female": "2"}.get(str(told.get("gender")), "9"),
    }
    texts = [part for part in parts.values() if isinstance(part, str) and 0 < len(part) <= 400]
    if told.get("sub") != claims["sub"] or len(texts) != len(parts):
        raise AppTokenInvalid
    return AppAttributes(**{name: str(part) for name, part in parts.items()})


def _random() -> str:
    return secrets.token_urlsafe(32)


def _challenge(verifier: str) -> str:
    """Source: RFC 7636 §4.2."""
    return (
        base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    )
