"""The keys of a new installation, each in a file that only its owner may read."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from mypost.common import durable
from mypost.kernel.checkpoint import verifier_key


def make(folder: Path) -> int:
    """Make what is missing; a key that exists is never touched."""
    durable.make_folder(folder)
    for name in ("custodian.key", "intake.key", "person.key"):
        write_once(folder / name, secrets.token_hex(32))
    for door in ("member_web", "sender", "operator_web", "worker"):
        write_once(folder / f"{door}.secret", secrets.token_urlsafe(48))
    write_once(folder / "log.key", _new_log_key())
    write_once(folder / "log.vkey", _verifier_key_of(folder / "log.key"))
    return 0


def write_once(path: Path, content: str) -> None:
    """Write a file that only its owner may read, durably, unless it is there already.

    A key is used at once: what it has sealed must not outlive it when power fails.
    """
    if path.exists():
        return
    # Written aside and linked: kill -9 leaves no half key, and a second start loses the race.
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    waiting.touch(mode=0o600)
    durable.write(waiting, f"{content}\n".encode("ascii"))
    try:
        os.link(waiting, path)
    except FileExistsError:
        pass
    finally:
        waiting.unlink()
    durable.sync_folder(path.parent)


def _new_log_key() -> str:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()


def _verifier_key_of(file: Path) -> str:
    key = load_pem_private_key(file.read_bytes(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    name = os.environ.get("MYPOST_LOG_NAME", "log.mypost.example")
    return verifier_key(name, key.public_key())
