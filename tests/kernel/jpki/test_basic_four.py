"""Names and addresses come back byte for byte: what is registered is registered."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mypost.kernel.errors import BasicFourMalformed
from mypost.kernel.jpki.basic_four import BasicFour, basic_four_of
from sandbox.card_office.authority import Authority
from tests.kernel.jpki.office import certificate

AS_MANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
# Compatibility ideographs, an ideographic variation sequence, kana, signs that look like hyphens.
REGISTERED = "髙﨑𠮷濵神葛\U000e0101邉\U000e0110々〆ヶｶﾞー－ｰ−‐―０１９ＡＢ丁目　・゛"
texts = st.text(st.one_of(st.sampled_from(REGISTERED), st.characters(exclude_categories=["C"])),
                min_size=1, max_size=60)  # fmt: skip


def held(office: Authority, *, name: str, address: str, **others: str) -> BasicFour:
    """What comes back of a certificate with these names."""
    names = (
        (1, name),
        (4, others.get("birth_date", "319800217")),
        (3, others.get("sex", "2")),
        (5, address),
        (2, others.get("name_substituted", "0" * len(name))),
        (6, "0" * len(address)),
    )
    return basic_four_of(certificate(office, other_names=names))


@AS_MANY
@given(name=texts, address=texts)
def test_name_and_address_come_back_byte_for_byte(
    office: Authority, name: str, address: str
) -> None:
    four = held(office, name=name, address=address)
    assert (four.name.encode(), four.address.encode()) == (name.encode(), address.encode())


@pytest.mark.parametrize(
    ("name", "address"),
    [
        pytest.param("黒桐　幹也", "東京都清瀬市観布子南１２－７－２０２", id="full width, U+FF0D"),
        pytest.param("神\ufa19　花子", "京都府京都市上京区", id="a compatibility ideograph"),
        pytest.param("葛\U000e0101　飾", "奈良県葛\U000e0100城市", id="variation sequences"),
        pytest.param("髙﨑　𠮷男", "大阪府堺市堺区南瓦町４丁３ｰ１", id="beyond the first plane"),
        pytest.param("Smith　John", "東京都港区1-2", id="Latin"),
    ],
)
def test_registered_glyphs_are_never_rewritten(office: Authority, name: str, address: str) -> None:
    four = held(office, name=name, address=address)
    assert (four.name, four.address) == (name, address)


@AS_MANY
@given(name=texts, flags=st.data())
def test_flags_come_back_as_they_are(office: Authority, name: str, flags: st.DataObject) -> None:
    said = flags.draw(st.text("01", min_size=len(name), max_size=len(name)))
    four = held(office, name=name, address="東京都", name_substituted=said)
    assert four.name_substituted == said


def test_a_variation_selector_may_count_with_its_character(office: Authority) -> None:
    name = "葛\U000e0101　飾"
    four = held(office, name=name, address="東京都", name_substituted="0100")
    assert four.name_substituted == "0100"


@pytest.mark.parametrize("sex", ["1", "2", "3", "9"])
def test_every_word_for_sex_is_taken(office: Authority, sex: str) -> None:
    assert held(office, name="港", address="東京都", sex=sex).sex == sex


@pytest.mark.parametrize("birth_date", ["319450000", "400000000", "000000000"])
def test_a_partial_birth_date_comes_back_as_it_is(office: Authority, birth_date: str) -> None:
    assert held(office, name="港", address="東京都", birth_date=birth_date).birth_date == birth_date


def test_a_text_longer_than_an_address_can_be_is_refused(office: Authority) -> None:
    assert held(office, name="港", address="東" * 400).address == "東" * 400
    with pytest.raises(BasicFourMalformed):
        held(office, name="港", address="東" * 401)


def test_a_certificate_for_sign_in_holds_none(office: Authority) -> None:
    with pytest.raises(BasicFourMalformed):
        basic_four_of(certificate(office, "auth"))
