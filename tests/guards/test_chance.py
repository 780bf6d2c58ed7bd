"""Whatever must be unique or secret is drawn anew each time, with as much chance as it promises.

Everything is drawn within one second, of the same content and under the same key, and how many
bits of it are chance is written out.
"""

import ast
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from mypost.accounts.models import Account
from mypost.common.clock import new_id
from mypost.entrypoints import sign_in_history
from mypost.entrypoints.cli import keys
from mypost.evidence import commands as evidence
from mypost.evidence.models import Line
from mypost.intake.transit import TransitKey
from mypost.kernel import passcodes as passcode_kernel
from mypost.kernel import sealing
from mypost.letters import commands as letters
from mypost.members import commands as members
from mypost.members.models import Member
from mypost.proofing import challenges, merging, passcodes
from mypost.proofing.models import PasscodeRequest
from mypost.senders import commands as senders
from mypost.senders.models import Scope, Sender, Staff
from mypost.subscriptions import commands as subscriptions
from mypost.vault import commands as vault
from mypost.vault import custodian
from mypost.vault.envelope import EnvelopeContent
from mypost.vault.store import store
from mypost.verification import auth_app, auth_app_provider
from tests.auth_app import RETURN_TO, running_app
from tests.conftest import LATER, NOW
from tests.draws import TIMES, bits_of_chance, characters, draw, unchecked, url_safe
from tests.evidence.acts import act
from tests.members.test_declare import I_SAY

ROOT = Path(__file__).resolve().parents[2]
ID = UUID("01933f5a-0000-7000-8000-00000000b0c5")

# Without a database

PUBLIC = sealing.generate_key_pair().public


def browser_mark() -> bytes:
    """The cookie by which a browser is known again."""
    answer = HttpResponse()
    sign_in_history._mark_browser(RequestFactory().get("/"), answer)
    (cookie,) = answer.cookies.values()
    return url_safe(cookie.value)


def unwrapped_transit_key() -> bytes:
    return custodian.unwrap_transit_key(TransitKey.new(ID).wrapped(), context=ID.bytes)


@pytest.mark.parametrize(
    ("once", "bits"),
    [
        pytest.param(lambda: new_id(NOW).bytes, 74, id="identifier: RFC 9562 §5.7"),
        pytest.param(lambda: Account().id.bytes, 122, id="account: RFC 9562 §5.4"),
        pytest.param(browser_mark, 128, id="mark of a browser"),
        pytest.param(unwrapped_transit_key, 256, id="transit key"),
        pytest.param(
            lambda: custodian.wrap_private_key(b"k" * 97, context=b"c")[1:13], 96,
            id="nonce under the custodian's key",
        ),
        pytest.param(
            lambda: custodian.wrap_transit_key(b"k" * 32, context=b"c")[1:13], 96,
            id="nonce under the intake key",
        ),
        pytest.param(
            lambda: sealing.generate_key_pair().private[1:65], 512,
            id="seed of a mailbox's key: FIPS 203 §7",
        ),
        pytest.param(  # five of its 256 bits are set by the standard
            lambda: sealing.generate_key_pair().private[65:], 251,
            id="other half of a mailbox's key: RFC 7748 §5",
        ),
    ],
)  # fmt: skip
def test_it_is_drawn_anew_each_time(once: Callable[[], bytes], bits: int) -> None:
    assert bits_of_chance(draw(once)) == bits


def test_the_same_envelope_is_sealed_by_another_secret_each_time() -> None:
    """What is encapsulated: 1,088 bytes of ML-KEM, and a point of 255 bits."""
    envelopes = draw(lambda: sealing.seal_envelope(PUBLIC, b"x", letter_id=ID, mailbox_id=ID))
    assert bits_of_chance([sealed[1:1089] for sealed in envelopes]) == 1088 * 8
    assert bits_of_chance([sealed[1089:1121] for sealed in envelopes]) == 255
    papers = draw(lambda: sealing.seal_mail_piece(PUBLIC, b"x", number="P000"))
    assert bits_of_chance([sealed[1:1121] for sealed in papers]) == 1088 * 8 + 255


def test_each_installation_has_keys_of_its_own(tmp_path: Path) -> None:
    """Each key and each secret is also another one than its neighbours in the folder."""
    folders = [tmp_path / str(number) for number in range(17)]
    for folder in folders:
        keys.make(folder)
    written = {path: path.read_text(encoding="ascii").strip() for path in tmp_path.rglob("*.*")}
    shared = [bytes.fromhex(text) for path, text in written.items() if path.stem in SHARED_KEYS]
    secrets = [url_safe(text) for path, text in written.items() if path.suffix == ".secret"]
    assert (len(shared), len(secrets)) == (51, 68)
    assert bits_of_chance(shared[:TIMES]) == 256
    assert bits_of_chance(secrets[:TIMES]) == 384
    assert len({*shared, *secrets, *log_seeds(written)}) == 51 + 68 + 17


SHARED_KEYS = ("custodian", "intake", "person")


def log_seeds(written: dict[Path, str]) -> list[bytes]:
    return [seed_of(text) for path, text in written.items() if path.name == "log.key"]


def seed_of(pem: str) -> bytes:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key.private_bytes_raw()


def test_each_log_has_a_key_of_its_own() -> None:
    assert bits_of_chance(draw(lambda: seed_of(keys._new_log_key()))) == 256


def test_each_errand_to_the_app_has_its_state_its_nonce_and_its_verifier(
    settings: Settings, tmp_path: Path
) -> None:
    """RFC 6749 §10.12, OpenID Connect Core §3.1.2.1, RFC 7636 §7.1; RFC 7523 §3 for the jti."""
    with running_app(settings, tmp_path):
        errands = [auth_app.begin("prove", redirect_uri=RETURN_TO, at=NOW)[0] for _ in range(TIMES)]
        told = [auth_app_provider._assertion("x", at=NOW).split(".")[1] for _ in range(TIMES)]
    for name in ("state", "nonce", "verifier"):
        assert bits_of_chance([url_safe(getattr(errand, name)) for errand in errands]) == 256
    assert len({text for e in errands for text in (e.state, e.nonce, e.verifier)}) == 3 * TIMES
    jtis = [re.search(rb'"jti": ?"([\w-]+)"', url_safe(text)) for text in told]
    assert bits_of_chance([url_safe(found[1].decode()) for found in jtis if found]) == 128


# With a database


def test_each_object_has_a_key_and_nonces_of_its_own(db: None) -> None:
    """Of equal content, under one transit key."""
    transit = TransitKey(b"t" * 32, ID)
    put_away = [transit.put_away(b"the same", at=NOW) for _ in range(TIMES)]
    secrets = [transit.secret(object_id, wrapped) for object_id, wrapped in put_away]
    assert bits_of_chance([secret.key for secret in secrets]) == 256
    assert bits_of_chance([wrapped[1:13] for _, wrapped in put_away]) == 96


def test_two_objects_under_one_key_have_two_nonces(db: None) -> None:
    ids = [vault.put_away(b"the same", key=b"k" * 32, at=NOW) for _ in range(TIMES)]
    assert bits_of_chance([store().get(object_id)[1:13] for object_id in ids]) == 96


def test_equal_acts_have_salts_of_their_own(db: None) -> None:
    evidence.record_many(act(1) for _ in range(TIMES))
    salts = [bytes(salt) for salt in Line.objects.values_list("salt", flat=True)]
    assert bits_of_chance(salts) == 256


def test_each_letter_has_a_number_of_its_own(hanako: Member, city: Sender) -> None:
    """55 bits, so that two letters of one second are told apart on paper and at the counter."""
    told = {"recipient": "r", "topic_id": None, "confidential": False, "due": None}
    demands = {"required_assurance": 0, "required_aal": 1}
    content = EnvelopeContent("the same", "", "ja", "")
    to = {"mailbox_id": hanako.mailbox_id, "public_key": PUBLIC}
    new = [
        letters.NewLetter(id=new_id(NOW), content=content, **to, **told, **demands)  # type: ignore[arg-type]
        for _ in range(TIMES)
    ]
    numbers = letters.consign(new, sender_id=city.id, consignment_id=ID, batch_id=ID, at=NOW)
    assert bits_of_chance([unchecked(number) for number in numbers.values()]) == 55


def test_each_sender_knows_a_member_by_a_pseudonym_of_its_own(hanako: Member) -> None:
    """95 bits: two senders who lay theirs side by side learn nothing."""
    many = [
        Sender(
            id=new_id(NOW), name="s", code=f"{number:013}", kind="company", applied_at=NOW,
            contract_state=Sender.ContractState.ACTIVE, contract_since=NOW.date(),
        )
        for number in range(TIMES)
    ]  # fmt: skip
    chosen = [
        subscriptions.choose(hanako, sender.id, at=NOW)
        for sender in Sender.objects.bulk_create(many)
    ]
    assert bits_of_chance([unchecked(choice.pseudonym) for choice in chosen]) == 95


def test_each_api_key_is_another(clerk: Staff) -> None:
    scopes = [Scope.LETTERS_READ]
    made = [
        senders.make_api_key(clerk, name="k", live=True, scopes=scopes, at=NOW)[1]
        for _ in range(TIMES)
    ]
    secrets = [secret.removeprefix("mp_live_") for secret in made]
    assert bits_of_chance([url_safe(secret) for secret in secrets]) == 256


def test_each_question_to_a_card_has_a_nonce_of_its_own(db: None) -> None:
    put = [challenges.make("sign_in", session="mine", at=NOW) for _ in range(TIMES)]
    assert bits_of_chance([bytes(one.nonce) for one in put]) == 256


def test_each_code_that_merges_is_another(jiro: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merging, "_COST", 2)  # its price is not the subject
    codes = [merging.ask(jiro, at=NOW) for _ in range(TIMES)]
    assert bits_of_chance([unchecked(code) for code in codes]) == 75


def test_each_passcode_and_its_salt_are_another(
    jiro: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passcode_kernel, "COST", 2)  # its price is not the subject
    said = members.declare(jiro, I_SAY, at=NOW)
    codes, salts = [], []
    for _ in range(TIMES):
        asked = PasscodeRequest.objects.create(
            id=new_id(NOW), member=jiro, addressed_to=said, requested_at=NOW, expires_at=LATER
        )
        codes.append(passcodes.issue(asked.id, at=NOW))
        asked.refresh_from_db()
        salts.append(b64decode(asked.code_hash.split("$")[1]))
        asked.delete()  # a member waits for one letter at a time
    assert bits_of_chance([characters(code) for code in codes]) == 60
    assert bits_of_chance(salts) == 128


# The table

HERE = "guards/test_chance.py::"
ONCE = HERE + "test_it_is_drawn_anew_each_time"

# Where the product draws, how often, and the test that draws twice there.
CHANCE = {
    "common.clock.new_id": (1, ONCE),
    "accounts.models.Account": (1, ONCE),
    "entrypoints.sign_in_history._mark_browser": (1, ONCE),
    "vault.custodian.wrap_private_key": (1, ONCE),
    "vault.custodian.wrap_transit_key": (1, ONCE),
    "kernel.sealing.generate_key_pair": (2, ONCE),
    "kernel.sealing.seal_envelope": (
        1, HERE + "test_the_same_envelope_is_sealed_by_another_secret_each_time",
    ),
    "kernel.sealing.seal_mail_piece": (
        1, HERE + "test_the_same_envelope_is_sealed_by_another_secret_each_time",
    ),
    "intake.transit.TransitKey": (3, HERE + "test_each_object_has_a_key_and_nonces_of_its_own"),
    "vault.commands.put_away": (1, HERE + "test_two_objects_under_one_key_have_two_nonces"),
    "entrypoints.cli.keys.make": (2, HERE + "test_each_installation_has_keys_of_its_own"),
    "entrypoints.cli.keys._new_log_key": (1, HERE + "test_each_log_has_a_key_of_its_own"),
    "verification.auth_app._random": (
        1, HERE + "test_each_errand_to_the_app_has_its_state_its_nonce_and_its_verifier",
    ),
    "verification.auth_app_provider._assertion": (
        1, HERE + "test_each_errand_to_the_app_has_its_state_its_nonce_and_its_verifier",
    ),
    "verification.sources.responder.ask_responder": (
        1, "verification/test_sources.py::"
        "test_each_question_to_the_responder_has_a_nonce_of_its_own",
    ),
    "evidence.commands._line": (1, HERE + "test_equal_acts_have_salts_of_their_own"),
    "letters.commands.consign": (1, HERE + "test_each_letter_has_a_number_of_its_own"),
    "intake.delivery._copy_items": (
        1, "intake/test_consignments.py::test_each_refused_item_has_a_number_of_its_own",
    ),
    "printing.commands._compose": (
        1, "printing/test_compose.py::test_two_letters_of_one_run_have_two_numbers",
    ),
    "subscriptions.commands._new": (
        1, HERE + "test_each_sender_knows_a_member_by_a_pseudonym_of_its_own",
    ),
    "senders.commands.make_api_key": (1, HERE + "test_each_api_key_is_another"),
    "proofing.challenges.make": (
        1, HERE + "test_each_question_to_a_card_has_a_nonce_of_its_own",
    ),
    "proofing.merging.ask": (1, HERE + "test_each_code_that_merges_is_another"),
    "proofing.passcodes.issue": (2, HERE + "test_each_passcode_and_its_salt_are_another"),
    # Hashed for the time that it takes, and thrown away.
    "entrypoints.signing_in.DoorAdapter": (1, ""),
    # An order that is not always the same; nothing is hidden by it.
    "proofing.watch.ask_after": (1, ""),
}  # fmt: skip

DRAWS = re.compile(
    r"(^|\.)(urandom|getrandom|getrandbits|rand(int|range|below|bits|bytes)|token_\w+|uuid[14]"
    r"|SystemRandom|get_random_\w+|make_random_\w+|gensalt|generate|generate_key"
    r"|generate_private_key|_SUITE\.encrypt)$|^(random|secrets)\.\w+$"
)


def draws_in(place: ast.AST) -> int:
    """How often chance is asked for; a name counts also where it is handed on and not called."""
    nodes = list(ast.walk(place))
    return sum(bool(DRAWS.search(name_of(node))) or is_shuffled(node) for node in nodes)


def name_of(node: ast.AST) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return f"{owner}.{name}"
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def is_shuffled(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr="order_by"), args=[ast.Constant(value="?")]):
            return True
    return False


def places() -> Iterator[tuple[str, int]]:
    for module in sorted((ROOT / "mypost").rglob("*.py")):
        if "migrations" in module.parts:
            continue
        name = ".".join(module.relative_to(ROOT / "mypost").with_suffix("").parts)
        for place in ast.parse(module.read_text(encoding="utf-8")).body:
            if not isinstance(place, ast.Import | ast.ImportFrom) and (count := draws_in(place)):
                yield f"{name}.{getattr(place, 'name', '?')}", count


def test_every_source_of_chance_stands_in_the_table_and_every_line_of_it_draws() -> None:
    assert dict(places()) == {place: count for place, (count, _test) in CHANCE.items()}


def test_every_test_that_the_table_names_is_there() -> None:
    for place, (_count, named) in CHANCE.items():
        file, _, name = named.partition("::")
        tree = ast.parse((ROOT / "tests" / file).read_text(encoding="utf-8")) if named else None
        assert tree is None or name in {getattr(n, "name", "") for n in tree.body}, place
