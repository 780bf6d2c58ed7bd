import hashlib
import itertools
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypost.kernel import sealing
from mypost.kernel.errors import KeyMalformed, SealBroken
from tests.vectors import wycheproof

LETTER, OTHER_LETTER = UUID(int=1), UUID(int=2)
MAILBOX, OTHER_MAILBOX = UUID(int=3), UUID(int=4)
HANAKO, JIRO = sealing.generate_key_pair(), sealing.generate_key_pair()
KEY, OTHER_KEY, NONCE = b"k" * 32, b"o" * 32, b"n" * 12
TEXT = "固定資産税の納税通知書".encode()


def seal(text: bytes = TEXT) -> bytes:
    return sealing.seal_envelope(HANAKO.public, text, letter_id=LETTER, mailbox_id=MAILBOX)


def seal_document(text: bytes = TEXT) -> bytes:
    return sealing.seal_document(KEY, text, object_id=LETTER, nonce=NONCE)


def flipped(sealed: bytes, place: int) -> bytes:
    return sealed[:place] + bytes([sealed[place] ^ 0x01]) + sealed[place + 1 :]


@given(st.binary(max_size=4096))
def test_a_sealed_envelope_opens_to_what_was_sealed(text: bytes) -> None:
    sealed = seal(text)
    opened = sealing.open_envelope(HANAKO.private, sealed, letter_id=LETTER, mailbox_id=MAILBOX)
    assert opened == text
    assert len(sealed) == len(text) + 1137


def test_one_opener_opens_many_envelopes_and_a_parsed_key_seals_them() -> None:
    key, opener = sealing.parse_public_key(HANAKO.public), sealing.Opener(HANAKO.private)
    for number in range(5):
        letter_id, text = UUID(int=number), b"letter %d" % number
        sealed = sealing.seal_envelope(key, text, letter_id=letter_id, mailbox_id=MAILBOX)
        assert opener.open(sealed, letter_id=letter_id, mailbox_id=MAILBOX) == text


def test_two_seals_of_one_text_differ() -> None:
    assert seal() != seal()


@pytest.mark.parametrize(
    ("letter_id", "mailbox_id", "keys"),
    list(itertools.product((LETTER, OTHER_LETTER), (MAILBOX, OTHER_MAILBOX), (HANAKO, JIRO))),
)
def test_an_envelope_opens_only_at_its_own_place(
    letter_id: UUID, mailbox_id: UUID, keys: sealing.MailboxKeyPair
) -> None:
    def open_here() -> bytes:
        return sealing.open_envelope(
            keys.private, seal(), letter_id=letter_id, mailbox_id=mailbox_id
        )

    if (letter_id, mailbox_id, keys) == (LETTER, MAILBOX, HANAKO):
        assert open_here() == TEXT
    else:
        with pytest.raises(SealBroken):
            open_here()


def test_one_flipped_byte_anywhere_breaks_an_envelope() -> None:
    sealed, opener = seal(), sealing.Opener(HANAKO.private)
    for place in range(len(sealed)):
        with pytest.raises(SealBroken):
            opener.open(flipped(sealed, place), letter_id=LETTER, mailbox_id=MAILBOX)


@pytest.mark.parametrize("length", [0, 1, 12, 1120, 1136, 1137])
def test_a_truncated_envelope_is_broken(length: int) -> None:
    with pytest.raises(SealBroken):
        sealing.open_envelope(HANAKO.private, seal()[:length], letter_id=LETTER, mailbox_id=MAILBOX)


@pytest.mark.parametrize(
    "public",
    [
        b"",
        HANAKO.public[:-1],
        HANAKO.public + b"\x00",
        b"\x02" + HANAKO.public[1:],
        b"\x01" + b"\xff" * 1216,
        HANAKO.public[:-32] + bytes(32),
    ],
    ids=["empty", "short", "long", "other version", "not reduced", "low order"],
)
def test_it_refuses_a_public_key_that_is_none(public: bytes) -> None:
    with pytest.raises(KeyMalformed):
        sealing.seal_envelope(public, TEXT, letter_id=LETTER, mailbox_id=MAILBOX)


@pytest.mark.parametrize(
    "private",
    [b"", HANAKO.private[:-1], b"\x02" + HANAKO.private[1:], HANAKO.public],
    ids=["empty", "short", "other version", "the public one"],
)
def test_it_refuses_a_private_key_that_is_none(private: bytes) -> None:
    with pytest.raises(KeyMalformed):
        sealing.Opener(private)


def test_low_order_points_of_wycheproof_never_receive_a_letter() -> None:
    weak = [case for case in wycheproof("x25519") if "ZeroSharedSecret" in case["flags"]]
    assert weak
    for case in weak:
        public = HANAKO.public[:-32] + bytes.fromhex(case["public"])
        with pytest.raises(KeyMalformed):
            sealing.seal_envelope(public, TEXT, letter_id=LETTER, mailbox_id=MAILBOX)


def test_seeds_and_keys_of_wycheproof_are_one_pair() -> None:
    """A letter sealed to the vector's public key opens with the key we read from its seed."""
    valid = [case for case in wycheproof("mlkem_768") if case["result"] == "valid"]
    for case in valid[:40]:
        public = b"\x01" + bytes.fromhex(case["ek"]) + HANAKO.public[-32:]
        private = b"\x01" + bytes.fromhex(case["seed"]) + HANAKO.private[-32:]
        sealed = sealing.seal_envelope(public, TEXT, letter_id=LETTER, mailbox_id=MAILBOX)
        opened = sealing.open_envelope(private, sealed, letter_id=LETTER, mailbox_id=MAILBOX)
        assert opened == TEXT


def test_invalid_ciphertexts_of_wycheproof_open_nothing() -> None:
    """Their lengths are wrong; behind our version byte they must not open, nor crash."""
    invalid = [case for case in wycheproof("mlkem_768") if case["result"] == "invalid"]
    for case in invalid:
        if len(case["seed"]) != 128:
            with pytest.raises(KeyMalformed):
                sealing.Opener(b"\x01" + bytes.fromhex(case["seed"]) + HANAKO.private[-32:])
            continue
        opener = sealing.Opener(b"\x01" + bytes.fromhex(case["seed"]) + HANAKO.private[-32:])
        with pytest.raises(SealBroken):
            opener.open(b"\x01" + bytes.fromhex(case["c"]), letter_id=LETTER, mailbox_id=MAILBOX)


@given(st.binary(max_size=4096))
def test_a_sealed_document_opens_to_what_was_sealed(text: bytes) -> None:
    digest = hashlib.sha256(text).digest()
    sealed = seal_document(text)
    assert sealing.open_document(KEY, sealed, object_id=LETTER, digest=digest) == text
    assert len(sealed) == len(text) + 29


@pytest.mark.parametrize(
    ("key", "object_id", "digest"),
    list(
        itertools.product(
            (KEY, OTHER_KEY),
            (LETTER, OTHER_LETTER),
            (hashlib.sha256(TEXT).digest(), hashlib.sha256(b"other").digest(), b""),
        )
    )[1:],
)
def test_a_document_opens_only_as_itself(key: bytes, object_id: UUID, digest: bytes) -> None:
    with pytest.raises(SealBroken):
        sealing.open_document(key, seal_document(), object_id=object_id, digest=digest)


def test_documents_swapped_in_the_store_open_nothing() -> None:
    texts = {UUID(int=number): b"document %d" % number for number in range(10)}
    sealed = {
        object_id: sealing.seal_document(KEY, text, object_id=object_id, nonce=object_id.bytes[4:])
        for object_id, text in texts.items()
    }
    for here, there in itertools.permutations(texts, 2):
        with pytest.raises(SealBroken):
            sealing.open_document(
                KEY, sealed[there], object_id=here, digest=hashlib.sha256(texts[here]).digest()
            )


def test_one_flipped_or_missing_byte_anywhere_breaks_a_document() -> None:
    sealed, digest = seal_document(), hashlib.sha256(TEXT).digest()
    for place in range(len(sealed)):
        for changed in (flipped(sealed, place), sealed[:place]):
            with pytest.raises(SealBroken):
                sealing.open_document(KEY, changed, object_id=LETTER, digest=digest)


def test_a_sealer_cannot_name_a_digest_that_is_not_the_documents() -> None:
    lie = hashlib.sha256(b"what the evidence says").digest()
    context = b"mypost document 1\x00" + LETTER.bytes + lie
    sealed = sealing.wrap_key(KEY, b"what the member would read", context=context, nonce=NONCE)
    with pytest.raises(SealBroken):
        sealing.open_document(KEY, sealed, object_id=LETTER, digest=lie)


@given(key=st.binary(max_size=200), context=st.binary(max_size=64))
def test_a_wrapped_key_comes_back_in_its_context(key: bytes, context: bytes) -> None:
    wrapped = sealing.wrap_key(KEY, key, context=context, nonce=NONCE)
    assert sealing.unwrap_key(KEY, wrapped, context=context) == key
    with pytest.raises(SealBroken):
        sealing.unwrap_key(KEY, wrapped, context=context + b"x")
    with pytest.raises(SealBroken):
        sealing.unwrap_key(OTHER_KEY, wrapped, context=context)


def test_aes_gcm_cases_of_wycheproof_get_the_verdict_they_deserve() -> None:
    """Through our own wrapping: 256-bit keys and 96-bit nonces run, all others are refused."""
    for case in wycheproof("aes_gcm"):
        names = ("key", "iv", "aad", "msg", "ct", "tag")
        key, iv, aad, msg, ct, tag = (bytes.fromhex(case[name]) for name in names)
        if case["keySize"] != 256:
            with pytest.raises(KeyMalformed):
                sealing.wrap_key(key, msg, context=aad, nonce=NONCE)
        elif case["ivSize"] != 96:
            with pytest.raises(ValueError, match="12 bytes"):
                sealing.wrap_key(key, msg, context=aad, nonce=iv)
        elif case["result"] == "valid":
            wrapped = b"\x01" + iv + ct + tag
            assert sealing.wrap_key(key, msg, context=aad, nonce=iv) == wrapped
            assert sealing.unwrap_key(key, wrapped, context=aad) == msg
        else:
            with pytest.raises(SealBroken):
                sealing.unwrap_key(key, b"\x01" + iv + ct + tag, context=aad)


def test_a_mail_piece_opens_at_its_print_shop_under_its_own_number() -> None:
    sealed = sealing.seal_mail_piece(HANAKO.public, TEXT, number="0000-0000-0001")
    assert sealing.open_mail_piece(HANAKO.private, sealed, number="0000-0000-0001") == TEXT


@pytest.mark.parametrize(
    ("private", "number"),
    [(JIRO.private, "0000-0000-0001"), (HANAKO.private, "0000-0000-0002"), (HANAKO.private, "")],
    ids=["another print shop", "another number", "no number"],
)
def test_a_mail_piece_opens_only_as_itself(private: bytes, number: str) -> None:
    sealed = sealing.seal_mail_piece(HANAKO.public, TEXT, number="0000-0000-0001")
    with pytest.raises(SealBroken):
        sealing.open_mail_piece(private, sealed, number=number)


def test_one_flipped_or_missing_byte_anywhere_breaks_a_mail_piece() -> None:
    sealed = sealing.seal_mail_piece(HANAKO.public, TEXT, number="0000-0000-0001")
    for broken in [flipped(sealed, place) for place in range(0, len(sealed), 97)] + [sealed[:-1]]:
        with pytest.raises(SealBroken):
            sealing.open_mail_piece(HANAKO.private, broken, number="0000-0000-0001")


def test_a_mail_piece_is_no_envelope_and_an_envelope_no_mail_piece() -> None:
    with pytest.raises(SealBroken):
        sealing.open_mail_piece(HANAKO.private, seal(), number="0000-0000-0001")


def test_no_mail_piece_is_sealed_to_a_key_that_is_none() -> None:
    with pytest.raises(KeyMalformed):
        sealing.seal_mail_piece(b"", TEXT, number="0000-0000-0001")
