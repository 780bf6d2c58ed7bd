"""Others' vectors through our own functions: they answer yes or no, and never raise."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.signatures import (
    verify_ecdsa,
    verify_ed25519,
    verify_rsa_pkcs1_sha256,
    verify_rsa_pss_sha256,
)
from tests.vectors import wycheproof

Verify = Callable[[Any, bytes, bytes], bool]
FILES: list[tuple[str, Verify, type, str]] = [
    ("rsa_signature_2048_sha256", verify_rsa_pkcs1_sha256, RSAPublicKey, "publicKeyDer"),
    ("rsa_signature_3072_sha256", verify_rsa_pkcs1_sha256, RSAPublicKey, "publicKeyDer"),
    ("rsa_pss_2048_sha256_mgf1_32", verify_rsa_pss_sha256, RSAPublicKey, "publicKeyDer"),
    ("ecdsa_secp256r1_sha256", verify_ecdsa, ec.EllipticCurvePublicKey, "publicKeyDer"),
    ("ecdsa_secp384r1_sha384", verify_ecdsa, ec.EllipticCurvePublicKey, "publicKeyDer"),
    ("ed25519", verify_ed25519, Ed25519PublicKey, "publicKeyDer"),
]
RSA_KEY = generate_private_key(65537, 2048).public_key()
P256_KEY = ec.generate_private_key(ec.SECP256R1()).public_key()
ED25519_KEY = Ed25519PrivateKey.generate().public_key()


@pytest.mark.parametrize(
    ("name", "verify", "kind", "key_field"), FILES, ids=[row[0] for row in FILES]
)
def test_every_case_of_wycheproof_gets_the_verdict_it_deserves(
    name: str, verify: Verify, kind: type, key_field: str
) -> None:
    wrong = []
    for case in wycheproof(name):
        key = load_der_public_key(bytes.fromhex(case[key_field]))
        assert isinstance(key, kind)
        answer = verify(key, bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"]))
        if answer is not (case["result"] == "valid"):  # "acceptable" is lax: we are not
            wrong.append(case["comment"])
    assert wrong == []


@given(signature=st.binary(max_size=600), message=st.binary(max_size=100))
def test_random_bytes_are_nobodys_signature(signature: bytes, message: bytes) -> None:
    assert not verify_rsa_pkcs1_sha256(RSA_KEY, signature, message)
    assert not verify_rsa_pss_sha256(RSA_KEY, signature, message)
    assert not verify_ecdsa(P256_KEY, signature, message)
    assert not verify_ed25519(ED25519_KEY, signature, message)


def test_a_curve_that_nobody_agreed_on_is_never_right() -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    signature = key.sign(b"text", ec.ECDSA(SHA256()))
    assert not verify_ecdsa(key.public_key(), signature, b"text")
