"""A passkey in software, and the pages that ask for it: real ceremonies without a browser."""

import hashlib
import html
import json
import os
import re
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG
PRESENT, VERIFIED, NEW, NOTHING = FLAG.UP, FLAG.UV, FLAG.AT, FLAG(0)
ADD, AUTHENTICATE = "/account/2fa/webauthn/add/", "/account/2fa/authenticate/"
SIGN_IN, CONFIRM = "/account/2fa/webauthn/login/", "/account/2fa/webauthn/reauthenticate/"


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class SoftPasskey:
    """Signs as a phone would. origin: where its browser believes to be."""

    origin: str = "https://testserver"
    verifies: bool = True  # asks for finger, face or PIN
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)
    id: bytes = field(default_factory=lambda: os.urandom(16))
    owner: bytes = b""

    def register(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer to creation options."""
        asked = options["publicKey"]
        self.owner = websafe_decode(asked["user"]["id"])
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        made = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = self._data(asked["rp"]["id"], NEW, made)
        attestation = AttestationObject.create("none", data, {})
        client_data = self._client_data("webauthn.create", asked["challenge"])
        return self._answer(
            {"clientDataJSON": client_data, "attestationObject": attestation},
            clientExtensionResults={"credProps": {"rk": True}},
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """Answer to request options."""
        asked = options["publicKey"]
        data = self._data(asked["rpId"], NOTHING)
        client_data = self._client_data("webauthn.get", asked["challenge"])
        message = data + hashlib.sha256(client_data).digest()
        signature = self.key.sign(message, ec.ECDSA(SHA256()))
        parts = {"clientDataJSON": client_data, "authenticatorData": data, "signature": signature}
        return self._answer({**parts, "userHandle": self.owner}, clientExtensionResults={})

    def _data(
        self, rp_id: str, more: AuthenticatorData.FLAG, made: AttestedCredentialData | None = None
    ) -> AuthenticatorData:
        flags = PRESENT | more | (VERIFIED if self.verifies else NOTHING)
        rp_hash = hashlib.sha256(rp_id.encode()).digest()
        data: AuthenticatorData = AuthenticatorData.create(rp_hash, flags, 1, made or b"")
        return data

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return CollectedClientData.create(kind, websafe_decode(challenge), self.origin)

    def _answer(self, parts: dict[str, bytes], **more: Any) -> dict[str, Any]:
        response = {name: websafe_encode(part) for name, part in parts.items()}
        own_id = websafe_encode(self.id)
        return {"id": own_id, "rawId": own_id, "type": "public-key", "response": response, **more}


def options_on(page: Any) -> dict[str, Any]:
    """The options for the ceremony that a page's button begins."""
    found = re.search(r'data-options="([^"]*)"', page.content.decode())
    assert found, page.content.decode()
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


def register(http: Client, passkey: SoftPasskey, name: str = "") -> Any:
    """Register a passkey for whoever is signed in and has confirmed it; return the answer."""
    options = options_on(http.get(ADD))["creation_options"]
    credential = json.dumps(passkey.register(options))
    return http.post(ADD, {"name": name, "passwordless": "on", "credential": credential})


def sign_in_with(http: Client, passkey: SoftPasskey, **posted: str) -> Any:
    """Sign in with a passkey alone; return the answer."""
    options = http.get(SIGN_IN, headers={"Accept": "application/json"}).json()["request_options"]
    return http.post(SIGN_IN, {"credential": json.dumps(passkey.sign(options)), **posted})


def confirm_at(http: Client, page: str, passkey: SoftPasskey) -> Any:
    """Give the passkey on a page that asks for it; return the answer."""
    options = options_on(http.get(page))["request_options"]
    return http.post(page, {"credential": json.dumps(passkey.sign(options))})
