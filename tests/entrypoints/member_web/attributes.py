"""What Jiro says of himself, and what his card says, in tests of pages."""

from datetime import UTC, datetime, timedelta

from mypost.members.attributes import CertifiedFacts, NewAttributes
from mypost.members.models import LevelSource, Sex

DECLARED = NewAttributes(
    name="芝　次郎", kana="シバ　ジロウ", birth_date="1980-02-17", sex=Sex.MALE,
    postal_code="1050011", address="東京都港区芝公園４－２－８", building="みなとハイツ２０２",
)  # fmt: skip
CERTIFIED = CertifiedFacts(
    source=LevelSource.CARD, name="髙橋　次郎", sex="1", birth_date="419960725",
    address="福島県みなと市字岬下１番地", issuer="ab", serial="0c1d",
    name_substituted="10000", address_substituted="0000000000001",
)  # fmt: skip
SAME = ("0c1d",)
HOUR = timedelta(hours=1)
FAR = datetime(2098, 1, 2, 3, 0, tzinfo=UTC)
