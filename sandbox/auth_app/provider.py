"""What the provider knows and promises: clients, codes, tokens, keys. No HTTP here.

Source: OpenID Connect Core §3.1; RFC 7636 §4.6; RFC 7523 §3.
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc import jwk, jwt
from joserfc.errors import JoseError

from sandbox.card_office.authority import Resident

SCOPES = {"openid", "name", "address", "birthdate", "gender", "sign"}
PERSONAL = SCOPES - {"openid", "sign"}
CODE_LASTS = 60.0  # seconds
TOKEN_LASTS = 300.0
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Refused(Exception):
    """An OAuth error: its code, as RFC 6749 §5.2 names it."""


@dataclass(frozen=True)
class Asked:
    """One authorization request that was found right."""

    redirect_uri: str
    scope: frozenset[str]
    state: str
    nonce: str
    code_challenge: str

    @property
    def is_personal(self) -> bool:
        """Whether attributes are asked for, so that the signing certificate is needed."""
        return bool(self.scope & PERSONAL)


@dataclass(frozen=True)
class Grant:
    """What somebody at the app has agreed to."""

    asked: Asked
    person: Resident
    until: float


@dataclass
class Provider:
    """One provider with one client. folder: where its key lies. client_key: a PEM public key.

    forge: claims that replace the true ones, forged_token: a token instead of the true one, for
    tests of what a relying party must refuse.
    """

    issuer: str
    folder: Path
    client_id: str
    client_key: bytes
    redirect_uris: frozenset[str]
    forge: dict[str, Any] = field(default_factory=dict)
    forged_token: str | None = None
    _codes: dict[str, Grant] = field(default_factory=dict)
    _tokens: dict[str, Grant] = field(default_factory=dict)
    _spent: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._key = _load_or_make(self.folder / "auth_app.jwk")

    def configuration(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/jwks",
            "scopes_supported": sorted(SCOPES),
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "subject_types_supported": ["pairwise"],
            "acr_values_supported": ["aal2", "aal3"],
            "authorization_response_iss_parameter_supported": True,
        }

    def key_set(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def read_request(self, given: dict[str, str]) -> Asked:
        """Return an authorization request. Raises Refused; its address is then not followed."""
        scope = frozenset(given.get("scope", "").split())
        rules = {
            "unauthorized_client": given.get("client_id") == self.client_id,
            "invalid_redirect_uri": given.get("redirect_uri") in self.redirect_uris,
            "unsupported_response_type": given.get("response_type") == "code",
            "invalid_scope": "openid" in scope and scope <= SCOPES - {"sign"},
            "invalid_request": given.get("code_challenge_method") == "S256"
            and all(given.get(name) for name in ("state", "nonce", "code_challenge")),
        }
        for code, is_kept in rules.items():
            if not is_kept:
                raise Refused(code)
        names = ("state", "nonce", "code_challenge")
        return Asked(given["redirect_uri"], scope, *(given[name] for name in names))

    def grant(self, asked: Asked, person: Resident) -> str:
        """Return the code for somebody who has shown their card and agreed."""
        code = secrets.token_urlsafe(32)
        self._codes[code] = Grant(asked, person, time.monotonic() + CODE_LASTS)
        return code

    def tokens(self, given: dict[str, str]) -> dict[str, Any]:
        """Return tokens for a code, once. Raises Refused."""
        self._check_client(given)
        # Taken out before anything else is looked at: a code counts for one try.
        grant = self._codes.pop(given.get("code", ""), None)
        if grant is None or grant.until < time.monotonic():
            raise Refused("invalid_grant")
        if given.get("redirect_uri") != grant.asked.redirect_uri:
            raise Refused("invalid_grant")
        if not _fits(given.get("code_verifier", ""), grant.asked.code_challenge):
            raise Refused("invalid_grant")
        access_token = secrets.token_urlsafe(32)
        self._tokens[access_token] = Grant(
            grant.asked, grant.person, time.monotonic() + TOKEN_LASTS
        )
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": int(TOKEN_LASTS),
            "id_token": self._id_token(grant),
        }

    def userinfo(self, access_token: str) -> dict[str, Any]:
        """Return what the token's scope allows. Raises Refused."""
        grant = self._tokens.get(access_token)
        if grant is None or grant.until < time.monotonic():
            raise Refused("invalid_token")
        person = grant.person
        told = {
            "name": person.name,
            "address": {"formatted": person.address},
            "birthdate": _iso(person.birth_date),
            "gender": {"1": "male", "2": "female"}.get(person.sex, "unknown"),
        }
        allowed = {name: told[name] for name in told if name in grant.asked.scope}
        return {"sub": self._subject(person), **allowed}

    def _check_client(self, given: dict[str, str]) -> None:
        """Check who asks, by a signed assertion that counts once. Raises Refused."""
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.client_id},
            sub={"essential": True, "value": self.client_id},
            aud={"essential": True, "value": f"{self.issuer}/token"},
            exp={"essential": True},
            jti={"essential": True},
        )
        try:
            key = jwk.import_key(self.client_key, "EC")
            claims = jwt.decode(given.get("client_assertion", ""), key, algorithms=["ES256"]).claims
            rules.validate(claims)
        except (JoseError, ValueError):
            raise Refused("invalid_client") from None
        if given.get("client_assertion_type") != ASSERTION or claims["jti"] in self._spent:
            raise Refused("invalid_client")
        self._spent.add(claims["jti"])

    def _id_token(self, grant: Grant) -> str:
        if self.forged_token is not None:
            return self.forged_token
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": self._subject(grant.person),
            "aud": self.client_id,
            "nonce": grant.asked.nonce,
            "acr": "aal3",
            "amr": ["sc", "pin"],
            "auth_time": now,
            "iat": now,
            "exp": now + int(TOKEN_LASTS),
        }
        header = {"alg": "ES256", "kid": str(self._key.kid)}
        return jwt.encode(header, {**claims, **self.forge}, self._key)

    def _subject(self, person: Resident) -> str:
        """Return this client's own name for a person: two clients cannot compare theirs."""
        secret = str(self._key.as_dict(private=True)["d"]).encode()
        told = f"{self.client_id}\n{person.id}".encode()
        return hmac.new(secret, told, hashlib.sha256).hexdigest()


def _fits(verifier: str, challenge: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"="), challenge.encode())


def _iso(birth_date: str) -> str:
    """Return EYYYYMMDD as ISO 8601, as far as it is known."""
    year, month, day = birth_date[1:5], birth_date[5:7], birth_date[7:9]
    known = [year] + ([month] if month != "00" else []) + ([day] if day != "00" else [])
    return "-".join(known)


def _load_or_make(file: Path) -> jwk.ECKey:
    if not file.exists():
        made = jwk.ECKey.generate_key("P-256", parameters={"kid": secrets.token_hex(8)})
        waiting = file.with_suffix(".new")
        waiting.write_text(json.dumps(made.as_dict(private=True)), encoding="utf-8")
        waiting.replace(file)
    return jwk.ECKey.import_key(json.loads(file.read_text(encoding="utf-8")))
