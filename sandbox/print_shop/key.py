"""The print shop's key pair. The private half never leaves its folder."""

import os
from base64 import b64decode, b64encode
from pathlib import Path

from mypost.kernel.sealing import generate_key_pair


def public_key_of(folder: Path) -> str:
    """Return the public key, base64, of the print shop in a folder; make the pair when missing."""
    return _halves(folder)[1]


def private_key_of(folder: Path) -> bytes:
    """Return the private key of the print shop in a folder; make the pair when missing."""
    return b64decode(_halves(folder)[0])


def _halves(folder: Path) -> tuple[str, str]:
    file = folder / "shop.key"
    if not file.exists():
        _write_once(file, "\n".join(b64encode(half).decode() for half in generate_key_pair()))
    private, public = file.read_text(encoding="ascii").split()
    return private, public


def _write_once(file: Path, content: str) -> None:
    # Written aside and linked: two who begin at once end with one pair.
    file.parent.mkdir(parents=True, exist_ok=True)
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    waiting.touch(mode=0o600)
    waiting.write_text(content, encoding="ascii")
    try:
        os.link(waiting, file)
    except FileExistsError:
        pass
    finally:
        waiting.unlink()
