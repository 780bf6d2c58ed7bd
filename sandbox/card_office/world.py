"""Who lives in the demo's world and holds a card: its members, and people with rarer papers."""

from datetime import date

from sandbox.demo import load
from sandbox.demo.world import Member

from .residents import Municipality, Resident

MINATO = Municipality("Fukushima-ken", "Minato-shi", "072991")
KAZAMI = Municipality("Fukushima-ken", "Kazami-shi", "073997")  # as fictional as Minato
MUNICIPALITIES = {"みなと市": MINATO, "風見市": KAZAMI}
_ERAS = ((2019, 5, 1, "5"), (1989, 1, 8, "4"), (1926, 12, 25, "3"), (1912, 7, 30, "2"))
_SEXES = {"male": "1", "female": "2"}

NEIGHBOURS = (
    # 辻 with one dot is in the register, the certificate can only hold the one with two
    Resident(
        id="sakura", name="辻　さくら", name_substituted="10000", sex="2", birth_date="419900321",
        address="福島県みなと市潮見町一丁目１番１－３０１号", municipality=MINATO,
        registered_name="辻\U000e0100　さくら",
    ),
    Resident(
        id="hina", name="佐藤　陽菜", sex="2", birth_date="420160620",
        address="福島県みなと市潮見町三丁目５番１２号", municipality=MINATO,
    ),
    Resident(
        id="kiyo", name="浜野　きよ", sex="2", birth_date="300000000",
        address="福島県みなと市字岬下３番地", municipality=MINATO,
    ),
    Resident(
        id="emma", name="ＳＭＩＴＨ　ＥＭＭＡ", sex="2", birth_date="419950805",
        address="福島県風見市丘の上２丁目９番６号　風見荘１０１", municipality=KAZAMI,
    ),
)  # fmt: skip
GENERATIONS = {"taro": 2}  # his card is an older one


def residents(today: date) -> list[Resident]:
    """Return everybody who gets a card when the office opens."""
    return [*(_resident(member) for member in load(today).members), *NEIGHBOURS]


def birth_date_of(day: date) -> str:
    """Return a day as a certificate has it: the era's digit, then the Gregorian year."""
    era = next((digit for *begin, digit in _ERAS if date(*begin) <= day), "1")
    return f"{era}{day:%Y%m%d}"


def _resident(member: Member) -> Resident:
    return Resident(
        id=member.key,
        name=member.name,
        sex=_SEXES[member.sex],
        birth_date=birth_date_of(member.birth_date),
        address=member.address,
        municipality=MINATO,
    )
