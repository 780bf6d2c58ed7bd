"""Files that leave this door: bytes that no browser may take for one of our pages."""

import unicodedata
from collections.abc import Iterator
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

Response = TypeVar("Response", bound=HttpResponseBase)
LONGEST_NAME = 120  # characters; file systems take 255 bytes, and kanji have three each


def as_download(content: bytes, *, name: str, media_type: str) -> HttpResponse:
    """Return bytes to be kept under a name. Shown as a page, they could do nothing.

    name: of any origin. Source: RFC 6266, RFC 8187.
    """
    return _to_keep(HttpResponse(content, content_type=media_type), name)


def as_stream(chunks: Iterator[bytes], *, name: str, media_type: str) -> StreamingHttpResponse:
    """Return bytes to be kept under a name, which come into being while they are sent."""
    return _to_keep(StreamingHttpResponse(chunks, content_type=media_type), name)


def _to_keep(response: Response, name: str) -> Response:
    response["Content-Disposition"] = content_disposition_header(True, file_name(name)) or ""
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def file_name(name: str) -> str:
    """Return a name that every system can keep, and that shows as what it is.

    Control and direction characters are left out: "fdp.exe" may not read as "exe.pdf".
    """
    kept = "".join("_" if char in '/\\:*?"<>|' else char for char in name if _is_visible(char))
    stem, dot, ending = kept.strip(" .").rpartition(".")
    if not dot:
        stem, ending = ending, ""
    return f"{stem[:LONGEST_NAME] or 'document'}{dot}{ending[:10]}"


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
