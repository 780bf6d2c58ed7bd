"""What the page of name and address says as a whole."""

from django.test import Client

from mypost.members.models import Member
from tests.entrypoints.outline import outline, said, written


def test_a_profile_that_is_empty(his: Client) -> None:
    assert said(his, "/me/profile/") == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Name and address
        # Name and address
        Please write it as it stands in your resident record. We keep every character as
            you type it.
        POST /me/profile/
          As it stands in your resident record, family name first.
          Full name ※required: <text name autocomplete=name spellcheck=false
              maxlength=100 required describedby>
          In hiragana or katakana.
          Reading of the name ※required: <text kana autocomplete spellcheck=false
              maxlength=100 required describedby>
          div hx-post=/me/profile/address
            Seven digits.
            Postal code ※required: <text postal_code autocomplete=postal-code
                maxlength=20 required describedby>
            {:search: Look up the address look_up=1 hx-post=/me/profile/address}
          div aria-live=polite
          From the prefecture to the house number.
          Address ※required: <text address autocomplete=street-address spellcheck=false
              maxlength=200 required describedby>
          Building and room ※optional: <text building autocomplete=address-line3
              spellcheck=false maxlength=100>
          fieldset describedby
            = Date of birth ※required
            For example 1980 or 昭和55, 2, 17. Leave month or day empty if your record
                has none.
            Year: <text birth_year autocomplete=bday-year maxlength=10 required>
            Month: <text birth_month autocomplete=bday-month inputmode=numeric
                maxlength=4>
            Day: <text birth_day autocomplete=bday-day inputmode=numeric maxlength=4>
          = Sex ※required
          Female: <radio sex=2 required>
          Male: <radio sex=1 required>
          I would rather not say: <radio sex=3 required>
          {Save}
    """)


def test_a_profile_that_the_post_confirmed(his: Client, told: Member) -> None:
    Member.objects.filter(id=told.id).update(level=2)
    assert said(his, "/me/profile/").partition("  fieldset")[0].strip() == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Name and address
        # Name and address
        div role=status ~info
          :info Notice:
          If you change name, address or date of birth here, your level goes from 2 to
              1.
          We ask you once more before we save it.
        POST /me/profile/
          As it stands in your resident record, family name first.
          Full name ※required: <text name=芝 次郎 autocomplete=name spellcheck=false
              maxlength=100 required describedby>
          In hiragana or katakana.
          Reading of the name ※required: <text kana=シバ ジロウ autocomplete
              spellcheck=false maxlength=100 required describedby>
          div hx-post=/me/profile/address
            Seven digits.
            Postal code ※required: <text postal_code=1050011 autocomplete=postal-code
                maxlength=20 required describedby>
            {:search: Look up the address look_up=1 hx-post=/me/profile/address}
          div aria-live=polite
          From the prefecture to the house number.
          Address ※required: <text address=東京都港区芝公園４－２－８
              autocomplete=street-address spellcheck=false maxlength=200 required
              describedby>
          Building and room ※optional: <text building=みなとハイツ２０２
              autocomplete=address-line3 spellcheck=false maxlength=100>
    """)


def test_a_profile_that_would_lose_a_level(his: Client, told: Member) -> None:
    Member.objects.filter(id=told.id).update(level=2)
    typed = {
        "name": "芝　三郎", "kana": "シバ　サブロウ", "birth_year": "1980", "birth_month": "2",
        "birth_day": "17", "sex": "1", "postal_code": "1050011", "address": "東京都",
        "building": "",
    }  # fmt: skip
    shown = said(his, lambda: his.post("/me/profile/", typed))
    assert shown.partition("POST")[0].strip() == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Name and address
        # Name and address
        div role=alert data-focus-first ~warning
          :warning Attention:
          If you save this, your level goes from 2 to 1.
          The passcode was handed to the former name at the former address. Letters that
              ask for level 2 stay closed until you confirm the new one, by post or with
              your My Number Card.
          Nothing is saved yet.
    """)
    assert shown.splitlines()[-1] == (
        "  <hidden confirmed=1> {Save it, and go to level 1} [Keep what was there](/me/)"
    )


def test_a_profile_with_errors(his: Client) -> None:
    shown = said(his, lambda: his.post("/me/profile/", {"birth_month": "13", "birth_day": "40"}))
    assert shown == written("""
        nav aria-label=Where you are
          - [My page](/me/)
          - aria-current=page Name and address
        # Name and address
        Please write it as it stands in your resident record. We keep every character as
            you type it.
        POST /me/profile/
          div role=alert data-focus-first ~error
            :error Error:
            Please look at these points again. What you typed is still here.
            - [Full name](#id_name): This field is required.
            - [Reading of the name](#id_kana): This field is required.
            - [Postal code](#id_postal_code): This field is required.
            - [Address](#id_address): This field is required.
            - [Year of birth](#id_birth_year): This field is required.
            - [Sex](#id_sex): This field is required.
          As it stands in your resident record, family name first.
          Full name ※required: <text name autocomplete=name spellcheck=false
              maxlength=100 required aria-invalid=true describedby>
          - This field is required.
          In hiragana or katakana.
          Reading of the name ※required: <text kana autocomplete spellcheck=false
              maxlength=100 required aria-invalid=true describedby>
          - This field is required.
          div hx-post=/me/profile/address
            Seven digits.
            Postal code ※required: <text postal_code autocomplete=postal-code
                maxlength=20 required aria-invalid=true describedby>
            - This field is required.
            {:search: Look up the address look_up=1 hx-post=/me/profile/address}
          div aria-live=polite
          From the prefecture to the house number.
          Address ※required: <text address autocomplete=street-address spellcheck=false
              maxlength=200 required aria-invalid=true describedby>
          - This field is required.
          Building and room ※optional: <text building autocomplete=address-line3
              spellcheck=false maxlength=100>
          fieldset describedby
            = Date of birth ※required
            For example 1980 or 昭和55, 2, 17. Leave month or day empty if your record
                has none.
            Year: <text birth_year autocomplete=bday-year maxlength=10 required
                aria-invalid=true describedby>
            Month: <text birth_month=13 autocomplete=bday-month inputmode=numeric
                maxlength=4>
            Day: <text birth_day=40 autocomplete=bday-day inputmode=numeric maxlength=4>
            - This field is required.
          fieldset describedby
            = Sex ※required
            Female: <radio sex=2 required aria-invalid=true>
            Male: <radio sex=1 required aria-invalid=true>
            I would rather not say: <radio sex=3 required aria-invalid=true>
            - This field is required.
          {Save}
    """)


def test_places_of_a_postal_code(his: Client) -> None:
    asked = {"postal_code": "9650042", "look_up": "1"}
    his.cookies["mypost_language"] = "en"
    fragment = his.post("/me/profile/address", asked, headers={"HX-Request": "true"})
    assert outline(f"<main>{fragment.content.decode()}</main>", within="main") == written("""
        From the prefecture to the house number.
        Address ※required: <text address=福島県会津若松市大町
            autocomplete=street-address spellcheck=false maxlength=200 required
            describedby>
        div hx-swap-oob=innerHTML
          The address is filled in. Please add the house number.
    """)
