"""One page of a list that is kept in the order of its ids, newest first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar
from urllib.parse import urlencode
from uuid import UUID

SIZE = 50


class HasId(Protocol):
    """What stands in such a list."""

    id: UUID


Row = TypeVar("Row", bound=HasId)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows, and the addresses of the pages beside this one; "" where there is none."""

    rows: list[Row]
    newer_url: str
    older_url: str


def page_of(fetch: Callable[..., list[Row]], asked: Mapping[str, Any]) -> Page[Row]:
    """Return the page that was asked for.

    fetch: takes what was asked, `before` or `after` an id, and `limit`; gives the newest first.
    asked: the clean data of the list's form.
    """
    found = fetch(**asked, limit=SIZE + 1)
    backwards = asked.get("after") is not None
    rows = found[-SIZE:] if backwards else found[:SIZE]
    is_more = len(found) > SIZE
    has_newer = is_more if backwards else asked.get("before") is not None
    has_older = backwards or is_more
    return Page(
        rows,
        newer_url=_url(asked, after=rows[0].id) if rows and has_newer else "",
        older_url=_url(asked, before=rows[-1].id) if rows and has_older else "",
    )


def _url(asked: Mapping[str, Any], **place: UUID) -> str:
    filters = {name: asked[name] for name in asked if name not in ("before", "after")}
    return f"?{urlencode({**filters, **place})}"
