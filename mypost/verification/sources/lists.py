"""Revocation lists, one for each municipality, kept in memory while they may be relied on."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from django.conf import settings

from mypost.kernel.jpki.revocation import RevocationStatus
from mypost.kernel.jpki.revocation_list import RevocationList, read_revocation_list
from mypost.verification.exchange import Deadline, Question, ask
from mypost.verification.sources.inquiry import Inquiry

LONGEST_KEPT = timedelta(hours=24)
KEPT_UNLESS_SAID = timedelta(minutes=5)
MOST_KEPT = 4_000  # lists: twice as many as there are municipalities
MOST_BYTES = 16 * 1024 * 1024  # some 450,000 revoked certificates of one municipality


@dataclass(frozen=True, slots=True)
class _Kept:
    """A list that was checked, and until when it is asked instead of its publisher."""

    listed: RevocationList
    since: datetime
    until: datetime

    def serves(self, at: datetime) -> bool:
        return self.since <= at < self.until and self.listed.is_fresh(at)


_Key = tuple[str, str, str]  # address, issuer, place
_kept: dict[_Key, _Kept] = {}
_keeping = Lock()


def ask_list(inquiry: Inquiry, *, deadline: Deadline) -> RevocationStatus:
    """Return what the certificate's list says. Fetches it when none is kept that still serves.

    It is kept as long as its publisher allows (Cache-Control), else five minutes; never longer
    than a day, never beyond its own nextUpdate. Raises TooLate also when reading it took too long.
    Source: RFC 5280 §6.3.3; RFC 9111 §5.2.2.1.
    """
    key = (settings.JPKI_REVOCATION_URL, inquiry.authority.key_id, inquiry.crl_point)
    kept = _kept.get(key)
    if kept is None or not kept.serves(inquiry.at):
        kept = _fetch(inquiry, deadline)
        _keep(key, kept)
        deadline.left()  # reading a long list takes time too; whoever asks next finds it kept
    return kept.listed.status_of(inquiry.serial)


def _fetch(inquiry: Inquiry, deadline: Deadline) -> _Kept:
    point = hashlib.sha256(inquiry.crl_point.encode()).hexdigest()
    base = settings.JPKI_REVOCATION_URL.rstrip("/")
    url = f"{base}/crl/{inquiry.authority.key_id}/{point}.crl"
    answer = ask(Question(url, MOST_BYTES), deadline=deadline)
    listed = read_revocation_list(
        answer.content,
        authority=inquiry.authority,
        crl_point=inquiry.crl_point,
        at=inquiry.at,
    )
    allowed = KEPT_UNLESS_SAID if answer.max_age is None else timedelta(seconds=answer.max_age)
    return _Kept(listed, inquiry.at, inquiry.at + min(allowed, LONGEST_KEPT))


def _keep(key: _Key, kept: _Kept) -> None:
    with _keeping:
        _kept.pop(key, None)
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]  # the one that was fetched longest ago
        _kept[key] = kept
