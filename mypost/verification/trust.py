"""The trust store of this installation: the authorities' certificates in one folder."""

import logging
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from mypost.kernel.errors import AuthorityRefused
from mypost.kernel.jpki.authorities import TrustStore
from mypost.kernel.jpki.worlds import World

log = logging.getLogger(__name__)


def world() -> World:
    """Return whose cards count here."""
    return World(settings.JPKI_WORLD)


def store() -> TrustStore:
    """Return the authorities that count here; empty when none were given, or one may not be here.

    A root of the other world refuses the whole folder: no card is VALID until somebody looks.
    The folder is read again when files come or go.
    """
    folder = settings.JPKI_TRUST_FOLDER
    try:
        changed = folder.stat().st_mtime_ns if folder else 0
    except OSError:
        changed = 0
    return _read(folder, world(), changed) if changed else TrustStore(world(), ())


@lru_cache(maxsize=8)
def _read(folder: Path, world: World, changed: int) -> TrustStore:
    pems = [path.read_bytes() for path in sorted(folder.glob("*.pem"))]
    try:
        return TrustStore.of(pems, world=world)
    except AuthorityRefused:
        log.error("%s holds a certificate that is no authority's of %s", folder, world)
        return TrustStore(world, ())
