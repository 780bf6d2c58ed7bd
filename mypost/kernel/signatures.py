"""Signatures, and whether they hold. Every function answers yes or no; none raises over an input.

Source: RFC 8017 §8; FIPS 186-5 §6.4; RFC 8032 §5.1.7.
"""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384

_PKCS1 = padding.PKCS1v15()
_PSS = padding.PSS(mgf=padding.MGF1(SHA256()), salt_length=SHA256.digest_size)
_HASH_OF_CURVE = {"secp256r1": SHA256, "secp384r1": SHA384}


def verify_rsa_pkcs1_sha256(public_key: RSAPublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of this RSA key signed: RSASSA-PKCS1-v1_5 with SHA-256, as cards do.

    Source: RFC 8017 §8.2.2.
    """
    try:
        public_key.verify(signature, message, _PKCS1, SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_rsa_pss_sha256(public_key: RSAPublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of this RSA key signed: RSASSA-PSS, SHA-256 twice, 32 bytes of salt.

    Source: RFC 8017 §8.1.2.
    """
    try:
        public_key.verify(signature, message, _PSS, SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_ecdsa(public_key: ec.EllipticCurvePublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of this key signed: P-256 with SHA-256 or P-384 with SHA-384.

    signature: DER. A key of another curve is never right. Source: FIPS 186-5 §6.4.
    """
    hash_of_curve = _HASH_OF_CURVE.get(public_key.curve.name)
    if hash_of_curve is None:
        return False
    try:
        public_key.verify(signature, message, ec.ECDSA(hash_of_curve()))
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_ed25519(public_key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Tell whether the owner of this key signed: Ed25519, 64 bytes. Source: RFC 8032 §5.1.7."""
    try:
        public_key.verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
