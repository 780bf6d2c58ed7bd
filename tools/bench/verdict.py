"""How long one verdict on a card's certificate takes, when its revocation list is at hand."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import cycle, islice
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from mypost.common.clock import now
from mypost.verification.commands import judge
from mypost.verification.verdicts import Outcome, Purpose
from sandbox.card_office.authority import Authority
from sandbox.card_office.world import residents
from tools.bench.figures import Figure, Row, a_letter, in_ms
from tools.bench.ground import Ground

VERDICTS = 3_000  # a run
RATE = 1_500  # verdicts a second, from one core
TARGET = 1000 / RATE  # milliseconds


def measure(ground: Ground, runs: int) -> Figure:
    """Judge certificates for signatures, RSA-2048, one after another in one thread."""
    office = Authority(ground.folder / "card_office")
    papers = _papers(office)
    with _publishing(office):
        _judge(papers)  # fetches the lists
        taken, spans = ground.watch.repeat(runs, lambda: _judge(papers), workers=_ourselves)
        bare, _ = ground.watch.repeat(runs, lambda: _verify(office, papers))
    return Figure(
        Row("verdict", "ms", in_ms(taken), a_letter(spans, VERDICTS)),
        "The whole verdict on a certificate for signatures, on one core, its list being kept.",
        spans,
        TARGET,
        [
            Row("the same as a rate", "verdicts/s", [1 / seconds for seconds in taken]),
            Row("bare RSA-2048 verification of cryptography", "ms", in_ms(bare)),
        ],
    )


def _ourselves() -> list[int]:
    return [os.getpid()]


def _papers(office: Authority) -> list[bytes]:
    """Return the certificate for signatures of everybody old enough to have one, DER."""
    cards = [office.issue(person, now()) for person in residents(now().date())]
    return [card.sign_certificate for card in cards if card.sign_certificate]


def _judge(papers: list[bytes]) -> float:
    """Judge as many as a run has; return the seconds that each took."""
    at, began = now(), time.perf_counter()
    for der in islice(cycle(papers), VERDICTS):
        verdict = judge(der, purpose=Purpose.PROVE, at=at)
        assert verdict.outcome is Outcome.VALID
    return (time.perf_counter() - began) / VERDICTS


def _verify(office: Authority, papers: list[bytes]) -> float:
    """Verify as many signatures, the certificates being read; return the seconds of each."""
    key, padding, digest = office.root("sign").key.public_key(), PKCS1v15(), SHA256()
    read = [x509.load_der_x509_certificate(der) for der in papers]
    signed = [(paper.signature, paper.tbs_certificate_bytes) for paper in read]
    began = time.perf_counter()
    for signature, content in islice(cycle(signed), VERDICTS):
        key.verify(signature, content, padding, digest)
    return (time.perf_counter() - began) / VERDICTS


@contextmanager
def _publishing(office: Authority) -> Iterator[None]:
    """Publish the office's lists, which may be kept for a day, and ask for them there alone."""
    with HTTPServer(("127.0.0.1", 0), _publisher(lambda path: _list_at(office, path))) as web:
        thread = Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        settings.JPKI_WORLD, settings.JPKI_TRUST_FOLDER = "sandbox", office.trust_folder
        settings.JPKI_REVOCATION = "crl"
        settings.JPKI_REVOCATION_URL = f"http://127.0.0.1:{web.server_port}"
        try:
            yield
        finally:
            web.shutdown()
            thread.join()


def _list_at(office: Authority, path: str) -> bytes:
    """Return the list of an address /crl/<issuer>/<SHA-256 of the point>.crl."""
    issuer, digest = path.removesuffix(".crl").split("/")[-2:]
    points = office.revocations.crl_points(issuer)
    (point,) = [name for name in points if sha256(name.encode()).hexdigest() == digest]
    return office.crl(issuer, point, now())


def _publisher(list_at: Callable[[str], bytes]) -> type[BaseHTTPRequestHandler]:
    class Publisher(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            listed = list_at(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(listed)))
            self.send_header("Cache-Control", "max-age=86400")
            self.end_headers()
            self.wfile.write(listed)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing between the figures."""

    return Publisher
