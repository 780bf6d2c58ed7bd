"""The parts that every page is made of."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from mypost.entrypoints.specimen import specimen
from tests.entrypoints.outline import outline

TEMPLATES = settings.ROOT / "templates"
STATIC = settings.ROOT / "static"


class Address(forms.Form):
    email = forms.EmailField(help_text="Where we write to")


class Agreement(forms.Form):
    agreed = forms.BooleanField(label="I agree", help_text="To all of it", required=False)


def read_templates(folder: Path = TEMPLATES) -> dict[str, str]:
    return {str(path.relative_to(TEMPLATES)): path.read_text() for path in folder.rglob("*.html")}


@pytest.mark.django_db
def test_the_style_guide_shows_every_component_as_it_is() -> None:
    with translation.override("en"):
        shown = outline(specimen(RequestFactory().get("/specimen/")).content.decode())
    expected = (Path(__file__).parent / "specimen.txt").read_text(encoding="utf-8")
    assert re.sub(r"@(now|20[\dT:.+-]+)", "@…", shown) == expected.rstrip("\n")


def test_no_template_holds_a_style_or_script_that_our_policy_forbids() -> None:
    forbidden = re.compile(
        r"""\s(?:style|on[a-z]+|hx-on[:a-z-]*)\s*=\s*["']|<style|<script(?![^>]*\bsrc=)"""
    )
    broken = {
        name: match[0]
        for name, text in read_templates().items()
        if (match := forbidden.search(text))
    }
    assert broken == {}


def test_every_icon_that_a_template_names_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "img/icons.svg").read_text()))
    named = {
        name
        for text in read_templates().values()
        for names in re.findall(r'icon\.html" with name="([\w-]+)"|\bicon="([\w-]+)"', text)
        for name in names
        if name
    }
    assert named <= drawn


def test_every_component_stylesheet_is_linked() -> None:
    linked = read_templates()["components/stylesheets.html"]
    missing = {
        path.name
        for path in (STATIC / "css/components").glob("*.css")
        if path.name not in linked and path.name != "document_viewer.css"
    }
    assert missing == set()


def test_stylesheets_use_only_tokens_that_exist() -> None:
    sheets = [path.read_text() for path in (STATIC / "css").rglob("*.css")]
    defined = {name for text in sheets for name in re.findall(r"(--[\w-]+)\s*:", text)}
    by_script = {"--total-scale-factor"}
    used = {name for text in sheets for name in re.findall(r"var\((--[\w-]+)", text)}
    assert used - defined - by_script == set()


def test_a_field_with_an_error_names_its_help_and_its_error() -> None:
    form = Address({"email": "nobody"})
    form.is_valid()
    html = render_to_string("components/field.html", {"field": form["email"]})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'id="id_email_helptext"' in html
    assert 'id="id_email_error"' in html


def test_a_box_to_tick_has_its_words_behind_it() -> None:
    html = render_to_string("components/field.html", {"field": Agreement()["agreed"]})
    assert outline(f"<main>{html}</main>", within="main").splitlines() == [
        "I agree: <checkbox agreed describedby>",
        "To all of it",
    ]


def test_a_ledger_bar_is_drawn_in_plain_numbers() -> None:
    html = render_to_string(
        "components/ledger.html",
        {
            "submitted": 10_000,
            "in_mailbox": 7_412,
            "on_paper": 688,
            "refused": 100,
            "pending": 1_800,
        },
    )
    assert 'viewBox="0 0 10000 1"' in html
    assert 'x="8200"' in html
    assert "7,412" in html
