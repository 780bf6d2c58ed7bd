"""The index of standards and the code that cites it say the same."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CITING = [*(ROOT / "mypost").rglob("*.py"), *(ROOT / "tools").rglob("*.py")]
SOURCE = re.compile(r"\bSource: (.+)")
ASIDE = re.compile(
    r"[,:(].*|\.?(\"\"\")?$"
)  # "RFC 6962 §2.1: the prefix keeps …" cites RFC 6962 §2.1


def index() -> list[dict[str, str]]:
    with (ROOT / "docs" / "standards.tsv").open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def citations(path: Path) -> set[str]:
    found = SOURCE.findall(path.read_text(encoding="utf-8"))
    return {ASIDE.sub("", piece.strip()).strip() for line in found for piece in line.split(";")}


@pytest.mark.parametrize("path", CITING, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_source_named_in_the_code_stands_in_the_index(path: Path) -> None:
    known = {row["id"] for row in index()}
    for citation in citations(path):
        assert any(citation == id or citation.startswith(f"{id} ") for id in known), citation


def test_every_standard_we_claim_to_follow_is_cited_where_we_do() -> None:
    cited = set[str]().union(*map(citations, CITING))
    claims = {f"{row['id']} {row['article']}".strip() for row in index() if row["status"] == "Yes"}
    assert claims <= cited, claims - cited


def test_each_row_says_yes_partial_or_no_and_why() -> None:
    rows = index()
    assert {row["status"] for row in rows} <= {"Yes", "Partial", "No"}
    assert all(row["words"].endswith(".") for row in rows)
    articles = [(row["id"], row["article"]) for row in rows]
    assert len(set(articles)) == len(articles)
