"""How outside parties are spoken to: HTTP, with a token, bounded in time and size."""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import httpx

from mypost.printing.errors import PartyAway

PATIENCE = 10.0  # seconds for one whole exchange, however slowly its bytes come
LARGEST_ANSWER = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party answered. A redirect is an answer like any other, and is never followed."""

    status: int
    body: bytes


def ask(
    method: str,
    url: str,
    *,
    token: str,
    content: bytes = b"",
    headers: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
) -> Answer:
    """Ask a party, and return its answer. Raises PartyAway for none, a slow or a too large one.

    Call it outside a transaction: it may take PATIENCE.
    """
    request = httpx.Request(
        method,
        url,
        content=content,
        params=query,
        headers={
            "Authorization": f"Bearer {token}",
            "Accept-Encoding": "identity",  # what is small on the way must not grow here
            **(headers or {}),
        },
    )
    # A time-out of a socket starts anew with each byte; only a task can be ended as a whole.
    return asyncio.run(_exchange(request))


async def _exchange(request: httpx.Request) -> Answer:
    try:
        async with (
            asyncio.timeout(PATIENCE),
            httpx.AsyncClient(timeout=PATIENCE, trust_env=False, verify=_trusted()) as client,
        ):
            answer = await client.send(request, stream=True)
            return Answer(answer.status_code, await _body(answer))
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError) as error:
        raise PartyAway from error


@cache
def _trusted() -> ssl.SSLContext:
    return httpx.create_ssl_context()  # reading the authorities costs more than asking


async def _body(answer: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > LARGEST_ANSWER:
            raise PartyAway
    return bytes(body)
