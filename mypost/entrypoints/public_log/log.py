"""The log as files: its signed head, the hashes of its tree in tiles, and the entries below them.

Whoever fetches these can recompute every root that we ever signed, and trusts nobody.
Source: C2SP tlog-tiles §Merkle tree; C2SP tlog-tiles §Log entries.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mypost.common.transactions import reads
from mypost.entrypoints.access import public
from mypost.evidence import queries
from mypost.kernel.merkle import HASH_SIZE, TILE_HEIGHT, TILE_WIDTH

NEVER_CHANGES = "public, max-age=31536000, immutable"
SOON_OLD = "public, max-age=2"
P = ParamSpec("P")


def for_everybody(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Let pages and tools of any origin read the answer: it holds nothing of anybody."""

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(*args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return public(wrapped)


@for_everybody
@require_safe
@reads
def checkpoint(request: HttpRequest) -> HttpResponse:
    """Serve the newest signed checkpoint."""
    newest = queries.newest_checkpoint()
    if newest is None:
        raise Http404
    return _text(newest.note)


@for_everybody
@require_safe
@reads
def verifier_key(request: HttpRequest) -> HttpResponse:
    """Serve the key that checks our checkpoints; hold it against one that came another way."""
    if not settings.LOG_VERIFIER_KEY:
        raise Http404
    return _text(f"{settings.LOG_VERIFIER_KEY}\n")


@for_everybody
@require_safe
@reads
def tile(request: HttpRequest, level: int, index: int, width: int = TILE_WIDTH) -> HttpResponse:
    """Serve the first hashes of a tile, 32 bytes each: all 256, or as many as were asked for."""
    _refuse_unsigned(level, index, width)
    return _bytes(queries.read_tile(level, index)[: width * HASH_SIZE])


@for_everybody
@require_safe
@reads
def entries(request: HttpRequest, index: int, width: int = TILE_WIDTH) -> HttpResponse:
    """Serve the entries under a level-0 tile, each after its length in two bytes."""
    _refuse_unsigned(0, index, width)
    bundle = [entry.encode() for entry in queries.entries_of_tile(index, width)]
    return _bytes(b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle))


def _refuse_unsigned(level: int, index: int, width: int) -> None:
    """Raise Http404 for what no signed checkpoint covers: only that can never change again."""
    hashes = queries.log_size() >> level * TILE_HEIGHT
    if index * TILE_WIDTH + width > hashes:
        raise Http404


def _text(content: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": SOON_OLD},
    )


def _bytes(content: bytes) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/octet-stream",
        headers={"Cache-Control": NEVER_CHANGES},
    )
