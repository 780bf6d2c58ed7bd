"""When two spellings of a name or an address mean the same. For keys only, never for what is kept.

Folding loses glyphs that people care about (U+FA19 becomes U+795E), so the originals stay.
"""

import re
import unicodedata

# What people and machines write for a hyphen. NFKC leaves most of them apart, and turns the
# half-width ｰ into the long vowel mark ー: so that one is folded too.
_HYPHENS = re.compile("[\u002d\u2010-\u2015\u2212\u2500\u30fc\ufe63\uff0d\uff70]+")
_SPACES = re.compile(r"\s+")
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def folded(text: str) -> str:
    """Return the spelling under which a name or an address is compared.

    Width, spaces, kinds of hyphen, capitals and variation selectors make no difference; any
    other character does. Folding twice is the same as once.
    """
    wide = unicodedata.normalize("NFKC", _VARIATION_SELECTORS.sub("", text))
    lower = unicodedata.normalize("NFKC", wide.casefold())
    return _HYPHENS.sub("-", _SPACES.sub("", lower))


def are_same(first: str, second: str) -> bool:
    """Say whether two texts are spellings of one name or one address."""
    return folded(first) == folded(second)
