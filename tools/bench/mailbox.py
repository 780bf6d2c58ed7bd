"""The list of a full mailbox, as its member sees it."""

import time
from itertools import cycle, islice
from statistics import median
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from mypost.common.clock import now
from mypost.entrypoints.member_web.paging import write_cursor
from mypost.intake import commands as intake
from mypost.intake import delivery
from mypost.intake.items_file import CSV
from mypost.intake.models import Chunk
from mypost.letters.models import Letter
from mypost.members.models import Member
from mypost.vault import commands as vault
from tools.bench import world
from tools.bench.bare import seconds_of
from tools.bench.consignment import items_file
from tools.bench.figures import Figure, Row, in_ms, p95
from tools.bench.ground import Ground
from tools.bench.world import Correspondent

TARGET = 60.0  # milliseconds
LETTERS = 10_000
REQUESTS = 40  # in one run
ON_A_PAGE = 25
BARE_PAGE = """
    SELECT id FROM letters_letter
     WHERE mailbox_id = %s ORDER BY consigned_at DESC, id DESC LIMIT %s
"""


@override_settings(ROOT_URLCONF="config.urls.member_web", DOOR="member_web")
def measure(ground: Ground, runs: int) -> Figure:
    """Fill a mailbox, sign its member in, and list it through the member's door."""
    ground.need_database()
    (owner,) = world.make_members(1)
    fill(owner, LETTERS)
    door, pages = Client(HTTP_HOST="localhost"), _pages(owner.member)
    door.force_login(owner.member.account, settings.AUTHENTICATION_BACKENDS[0])

    def list_some() -> list[float]:
        return in_ms([_list(door, page) for page in islice(cycle(pages), REQUESTS)])

    list_some()  # the first page of a process reads its templates
    taken, spans = ground.watch.repeat(runs, list_some)
    bare = [in_ms(seconds_of(lambda: _bare(owner.member), REQUESTS)) for _ in range(runs)]
    return Figure(
        Row("mailbox", "ms", [p95(run) for run in taken]),
        f"A page of a mailbox with {LETTERS:,} letters, in the server: 95 of 100 are faster.",
        spans,
        TARGET,
        [
            Row("its median", "ms", [median(run) for run in taken]),
            Row("bare keyset query, and 25 envelopes opened", "ms", [p95(run) for run in bare]),
        ],
    )


def fill(owner: Correspondent, count: int) -> None:
    """Deliver letters to one mailbox as a consignment, with the worker's own commands."""
    origin, at = world.origin(), now()
    consignment = intake.open_consignment(origin, reference="bench", at=at)
    own = origin.sender.id, consignment.id
    intake.put_document(*own, world.PAPER, world.paper(), sha256=None, at=at)
    intake.put_items(*own, items_file([owner] * count), form=CSV, at=at)
    intake.submit(*own, at=at)
    delivery.examine_consignment(consignment.id, at=now())
    for number in Chunk.objects.filter(consignment=consignment).values_list("number", flat=True):
        delivery.deliver_chunk(consignment.id, number, at=now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as PostgreSQL does by itself within a minute


def _pages(owner: Member) -> list[str]:
    """Return the addresses of the newest page and of one in the depth of the mailbox."""
    newest, letters = reverse("box"), Letter.objects.readable_by(owner)
    deep = letters.order_by("-consigned_at", "-id")[LETTERS // 2]
    return [newest, f"{newest}?older={write_cursor(deep)}"]


def _list(door: Client, page: str) -> float:
    began = time.perf_counter()
    answer = door.get(page)
    taken = time.perf_counter() - began
    if answer.status_code != 200 or answer.content.count(b"/letters/") < ON_A_PAGE:
        raise SystemExit(f"The mailbox is not listed: {answer.status_code}")
    return taken


def _bare(owner: Member) -> None:
    with connection.cursor() as cursor:
        cursor.execute(BARE_PAGE, [owner.mailbox_id, ON_A_PAGE])
        letter_ids: list[UUID] = [row[0] for row in cursor.fetchall()]
    vault.open_envelopes(owner.mailbox_id, letter_ids)
