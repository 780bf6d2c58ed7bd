"""The catalogues' keeper: what it finds in sources, what it calls a fault, what it leaves alone."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tools import messages

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = Path("templates/member_web/letters/letter.html")
PYTHON = Path("mypost/letters/models.py")


def found(source: str, place: Path) -> list[tuple[str, str, str]]:
    return [(s.context, s.text, s.plural) for s in messages.strings_of(source, place)]


def faults(source: str, catalogue: str, place: Path = PYTHON) -> list[str]:
    wanted = {s.key: s for s in messages.strings_of(source, place)}
    return list(messages.faults(wanted, [catalogue_of(catalogue)]))


def catalogue_of(text: str) -> Catalog:
    return read_po(BytesIO(f'msgid ""\nmsgstr ""\n\n{text}'.encode()), abort_invalid=True)


@pytest.mark.parametrize(
    ("source", "string"),
    [
        ('_("Open")', ("", "Open", "")),
        ('x = gettext_lazy("Open")', ("", "Open", "")),
        ('_ = {"a": gettext_noop("Open " "it")}', ("", "Open it", "")),
        ('pgettext_lazy("verb", "Open")', ("verb", "Open", "")),
        ('ngettext("%(n)s day", "%(n)s days", n)', ("", "%(n)s day", "%(n)s days")),
    ],
)
def test_it_finds_every_way_python_asks_for_a_string(
    source: str, string: tuple[str, str, str]
) -> None:
    assert found(source, PYTHON) == [string]


@pytest.mark.parametrize(
    ("source", "string"),
    [
        ('<p title="don\'t">\n   {% translate "It\'s open" %}</p>', ("", "It's open", "")),
        ('{% translate "Open" context "verb" as word %}', ("verb", "Open", "")),
        ('{% include "a.html" with label=_("Open") %}', ("", "Open", "")),
        ('{{ word|default:_("Open") }}', ("", "Open", "")),
        (
            "{% blocktranslate %}From {{ sender }}{% endblocktranslate %}",
            ("", "From %(sender)s", ""),
        ),
        (
            "{% blocktranslate count n=n trimmed %}\n  One\n  day\n {% plural %}\n  {{ n }} days\n"
            "{% endblocktranslate %}",
            ("", "One day", "%(n)s days"),
        ),
        ('{# {% translate "Not this" %} #}{% translate "Open" %}', ("", "Open", "")),
        ('{% comment %}_("Not this"){% endcomment %}\n{% translate "Open" %}', ("", "Open", "")),
    ],
)
def test_it_finds_every_way_a_template_asks_for_a_string(
    source: str, string: tuple[str, str, str]
) -> None:
    assert found(source, TEMPLATE) == [string]


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("mypost/letters/models.py", "rooms"),
        ("mypost/kernel/typesetting/errors.py", "rooms"),
        ("templates/mail/alert.txt", "rooms"),
        ("mypost/entrypoints/accounts.py", "common"),
        ("templates/base.html", "common"),
        ("templates/account/login.html", "common"),
        ("mypost/entrypoints/sender_api/problems.py", "sender_api"),
        ("templates/member_web/letters/letter.html", "member_web"),
    ],
)
def test_each_file_belongs_to_one_area(place: str, area: str) -> None:
    assert messages.Wanted("", "Open", "", Path(place)).area == area


@pytest.mark.parametrize(
    ("source", "catalogue"),
    [
        ('_("Open")', ""),
        ('_("Open")', 'msgid "Open"\nmsgstr ""'),
        ('_("Open")', '#, fuzzy\nmsgid "Open"\nmsgstr "開く"'),
        ('_("%(n)s days")', 'msgid "%(n)s days"\nmsgstr "数日"'),
        ('_("%(n)s days")', 'msgid "%(n)s days"\nmsgstr "%(m)s日"'),
        ('_("{n} days")', 'msgid "{n} days"\nmsgstr "{m}日"'),
        ('_("%s of %s")', 'msgid "%s of %s"\nmsgstr "%s"'),
        (
            'ngettext("One day", "%(n)s days", n)',
            'msgid "One day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "1日"',
        ),
    ],
)
def test_it_tells_of_a_string_without_a_good_translation(source: str, catalogue: str) -> None:
    assert len(faults(source, catalogue)) == 1


@pytest.mark.parametrize(
    ("source", "catalogue"),
    [
        ('_("Open")', 'msgid "Open"\nmsgstr "開く"'),
        ('_("100%%, %(n)s days")', 'msgid "100%%, %(n)s days"\nmsgstr "%(n)s日、100%%"'),
        (
            'ngettext("One day", "%(n)s days", n)',
            'msgid "One day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(n)s日"',
        ),
    ],
)
def test_it_is_silent_about_a_good_one(source: str, catalogue: str) -> None:
    assert faults(source, catalogue) == []


def test_a_translation_in_any_area_counts() -> None:
    wanted = {s.key: s for s in messages.strings_of('_("Open")', PYTHON)}
    areas = [catalogue_of('msgid "Open"\nmsgstr ""'), catalogue_of('msgid "Open"\nmsgstr "開く"')]
    assert not list(messages.faults(wanted, areas))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "mypost" / "letters").mkdir(parents=True)
    (tmp_path / PYTHON).write_text('_("Old")\n_("New")\nngettext("One", "%(n)s", n)\n')
    (tmp_path / "locale").mkdir()
    return tmp_path


def test_it_appends_what_is_new_and_touches_nothing_else(house: Path) -> None:
    file = house / "locale" / "rooms" / messages.CATALOGUE
    file.parent.mkdir(parents=True)
    mine = '# Mine.\nmsgid ""\nmsgstr ""\n"Language: ja\\n"\n\nmsgid   "Old"\nmsgstr "古い"\n'
    file.write_text(mine + '\nmsgid "Unused"\nmsgstr "不要"\n', encoding="utf-8")
    assert messages.append_new(house) == 2
    written = file.read_text(encoding="utf-8")
    assert written.startswith(mine)
    assert "不要" in written
    assert 'msgid "New"\nmsgstr ""' in written


def test_a_second_run_changes_nothing(house: Path) -> None:
    messages.append_new(house)
    file = house / "locale" / "rooms" / messages.CATALOGUE
    first = file.read_bytes()
    assert messages.append_new(house) == 0
    assert file.read_bytes() == first


def test_a_new_file_names_no_day_and_no_machine(house: Path) -> None:
    messages.append_new(house)
    text = (house / "locale" / "rooms" / messages.CATALOGUE).read_text(encoding="utf-8")
    assert "Date" not in text
    assert str(house) not in text
    assert not catalogue_of(text).fuzzy


def test_it_runs_as_a_command() -> None:
    command = [sys.executable, "-m", "tools.messages", "--check"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.returncode == bool(ran.stdout)
