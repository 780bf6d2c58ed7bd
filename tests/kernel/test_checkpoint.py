from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint, verifier_key
from mypost.kernel.errors import CheckpointInvalid, VerifierKeyMalformed

NAME = "mypost.example/log"
LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
LOG_KEY = verifier_key(NAME, LOG.public_key())
WITNESS_KEY = verifier_key("witness.example", WITNESS.public_key())
CHECKPOINT = Checkpoint(origin=NAME, size=20_000, root=bytes(range(32)))
NOTE = sign_checkpoint(CHECKPOINT, name=NAME, private_key=LOG)


def signed_by_hand(body: str) -> str:
    key_id = b64decode(NOTE.split()[-1])[:4]
    return f"{body}\n— {NAME} {b64encode(key_id + LOG.sign(body.encode())).decode()}\n"


@pytest.mark.parametrize(
    "published",
    [
        "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    ids=["the Go checksum database", "the example of Go's note package"],
)
def test_verifier_keys_of_others_come_out_as_published(published: str) -> None:
    name, _, encoded = published.split("+", 2)
    key = Ed25519PublicKey.from_public_bytes(b64decode(encoded)[1:])
    assert verifier_key(name, key) == published


def test_a_checkpoint_has_three_lines() -> None:
    assert CHECKPOINT.body() == (
        "mypost.example/log\n20000\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


@given(size=st.integers(0, 2**63), root=st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_opens_to_itself(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(NAME, size, root)
    note = sign_checkpoint(checkpoint, name=NAME, private_key=LOG)
    assert open_checkpoint(note, verifier_key=LOG_KEY) == checkpoint


def test_a_witness_may_sign_beside_the_log() -> None:
    cosigned = (
        NOTE
        + sign_checkpoint(CHECKPOINT, name="witness.example", private_key=WITNESS).rpartition(
            "\n\n"
        )[2]
    )
    assert open_checkpoint(cosigned, verifier_key=LOG_KEY) == CHECKPOINT
    assert open_checkpoint(cosigned, verifier_key=WITNESS_KEY) == CHECKPOINT


def test_signed_extension_lines_are_accepted() -> None:
    note = signed_by_hand(CHECKPOINT.body() + "extension\n")
    assert open_checkpoint(note, verifier_key=LOG_KEY) == CHECKPOINT


def test_a_size_has_at_most_nineteen_digits() -> None:
    root = b64encode(bytes(32)).decode()
    nineteen = signed_by_hand(f"{NAME}\n{'9' * 19}\n{root}\n")
    assert open_checkpoint(nineteen, verifier_key=LOG_KEY).size == 10**19 - 1
    with pytest.raises(CheckpointInvalid):
        open_checkpoint(signed_by_hand(f"{NAME}\n{'9' * 20}\n{root}\n"), verifier_key=LOG_KEY)


def test_another_signer_is_refused() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
    forged = sign_checkpoint(CHECKPOINT, name=NAME, private_key=stranger)
    for note, key in ((forged, LOG_KEY), (NOTE, WITNESS_KEY)):
        with pytest.raises(CheckpointInvalid):
            open_checkpoint(note, verifier_key=key)


def test_a_right_signature_beside_a_wrong_one_of_the_same_key_is_refused() -> None:
    other = sign_checkpoint(Checkpoint(NAME, 1, bytes(32)), name=NAME, private_key=LOG)
    with pytest.raises(CheckpointInvalid):
        open_checkpoint(NOTE + other.rpartition("\n\n")[2], verifier_key=LOG_KEY)


def test_every_flipped_bit_of_a_note_is_noticed() -> None:
    written = NOTE.encode()
    for place in range(len(written)):
        for bit in range(8):
            changed = bytearray(written)
            changed[place] ^= 1 << bit
            with pytest.raises(CheckpointInvalid):
                open_checkpoint(changed.decode(errors="surrogateescape"), verifier_key=LOG_KEY)


@pytest.mark.parametrize(
    "body",
    [
        "\n",
        f"{NAME}\n20000\n",
        f"{NAME}\n-1\n{b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n01\n{b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n１\n{b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n{'9' * 5000}\n{b64encode(bytes(32)).decode()}\n",
        f"{NAME}\n1\n{b64encode(bytes(31)).decode()}\n",
        f"{NAME}\n1\n{b64encode(bytes(32)).decode()}\n\nafter an empty line\n",
    ],
    ids=["empty", "no root", "negative", "zero", "full width", "endless", "short root", "gap"],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(body: str) -> None:
    with pytest.raises(CheckpointInvalid):
        open_checkpoint(signed_by_hand(body), verifier_key=LOG_KEY)


@given(st.text())
def test_no_text_is_a_note_by_chance(text: str) -> None:
    for note in (text, f"{CHECKPOINT.body()}\n{text}", f"{text}{NOTE[1:]}"):
        if note != NOTE:
            with pytest.raises(CheckpointInvalid):
                open_checkpoint(note, verifier_key=LOG_KEY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        NAME,
        LOG_KEY[:-1],
        LOG_KEY.replace("+", " "),
        LOG_KEY.replace(NAME, "other.example"),
        LOG_KEY.upper(),
        WITNESS_KEY.replace("witness", "wit ness"),
        f"{NAME}+00000000+{LOG_KEY.rpartition('+')[2]}",
    ],
)
def test_it_refuses_a_text_that_is_no_verifier_key(key: str) -> None:
    with pytest.raises(VerifierKeyMalformed):
        open_checkpoint(NOTE, verifier_key=key)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_it_refuses_a_name_that_no_note_could_carry(name: str) -> None:
    with pytest.raises(ValueError, match="plus sign"):
        verifier_key(name, LOG.public_key())
