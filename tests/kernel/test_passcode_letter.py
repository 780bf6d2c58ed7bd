"""The passcode letter, measured on the paper itself: millimetres, bars, glyphs, and its window."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pypdfium2
import pytest
from PIL import Image

from mypost.kernel.customer_barcode import bars
from mypost.kernel.typesetting import TypesettingFailed, typeset
from tests.kernel.test_typesetting import PAPERS, paper

AT = datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)
MM = 72 / 25.4  # points
DOTS = 40  # a millimetre, when it is measured
WINDOW = (20.0, 12.0, 110.0, 62.0)  # mm: left, top, right, bottom
FOLD = 99.0
LETTER = PAPERS["passcode"]
ADDRESSEE = {"postal_code": "979-9912", "address": "みなと市潮見町", "building": ""}


def text_between(pdf: bytes, top: float, bottom: float, right: float = 210.0) -> str:
    """The words from one height to another, in mm from above."""
    with pypdfium2.PdfDocument(pdf) as document:
        words = document[0].get_textpage()
        found = words.get_text_bounded(0, (297 - bottom) * MM, right * MM, (297 - top) * MM)
    return "".join(found.split())


def picture(pdf: bytes, *, dots: int = DOTS) -> Image.Image:
    """The window, black and white."""
    left, top, right, bottom = WINDOW
    with pypdfium2.PdfDocument(pdf) as document:
        width, height = document[0].get_size()
        # What stands around it would cost fifteen times as much at this size.
        around = (left * MM, height - bottom * MM, width - right * MM, top * MM)
        image: Image.Image = (
            document[0].render(scale=dots / MM, grayscale=True, crop=around).to_pil()
        )
    return image


def black_runs(line: list[bool]) -> list[tuple[int, int]]:
    """Where black begins and ends, along a line of dots."""
    edges = [at for at in range(1, len(line)) if line[at] != line[at - 1]]
    return list(zip(edges[::2], edges[1::2], strict=True))


def measured_bars(pdf: bytes) -> Iterator[tuple[float, float, float, float]]:
    """Left, right, top and bottom of each bar, in mm from the first one's upper left."""
    image = picture(pdf).point(lambda grey: 0 if grey > 128 else 255)
    below = round(43.5 * DOTS)  # the barcode alone lies there
    strip = image.crop((0, below, image.width, image.height))
    box = strip.getbbox()
    assert box is not None
    strip = strip.crop((box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1))
    middle = [bool(strip.getpixel((x, strip.height // 2))) for x in range(strip.width)]
    for left, right in black_runs(middle):
        column = (left + right) // 2
        upright = [bool(strip.getpixel((column, y))) for y in range(strip.height)]
        ((top, bottom),) = black_runs(upright)
        yield (left - 1) / DOTS, (right - 1) / DOTS, (top - 1) / DOTS, (bottom - 1) / DOTS


def near(value: float) -> object:
    return pytest.approx(value, abs=0.06)


def test_every_bar_is_as_long_and_as_wide_as_the_manual_says() -> None:
    drawn = list(measured_bars(paper("passcode")))
    assert len(drawn) == 67
    reach = {"F": (0, 3.6), "A": (0, 2.4), "D": (1.2, 3.6), "T": (1.2, 2.4)}
    for place, (kind, (left, right, top, bottom)) in enumerate(
        zip(bars("9799912", "1-302"), drawn, strict=True)
    ):
        assert (left, right) == (near(1.2 * place), near(1.2 * place + 0.6))
        assert (top, bottom) == (near(reach[kind][0]), near(reach[kind][1]))


def test_nothing_comes_near_the_barcode() -> None:
    image = picture(paper("passcode"), dots=10)
    black = image.point(lambda grey: 0 if grey > 128 else 255)
    above = black.crop((0, 424, black.width, 442)).getbbox()
    assert above is None  # 2 mm white
    assert black.crop((0, 424, 20, black.height)).getbbox() is None  # 2 mm at the left
    assert black.crop((0, 482, black.width, black.height)).getbbox() is None  # and below


def test_without_a_barcode_the_address_still_stands() -> None:
    pdf = typeset("passcode", {**LETTER, "barcode": ""}, at=AT)
    assert "佐藤花子様" in text_between(pdf, 12, 62, right=110)


def test_the_window_shows_who_may_have_it_and_the_service() -> None:
    window = text_between(paper("passcode"), 12, 62, right=110)
    for words in (
        "本人限定受取（特定事項伝達型）",
        "〒979-9912",
        "港ハイツ302",
        "佐藤花子様",
        "返還先",
    ):
        assert words in window


def test_the_code_stands_below_the_first_fold_alone() -> None:
    pdf = paper("passcode")
    assert "7K2M-9QXR-04TV" not in text_between(pdf, 0, FOLD + 5)
    assert "7K2M-9QXR-04TV" in text_between(pdf, FOLD + 5, 297)


def window_of(name: str) -> bytes:
    paper = {**LETTER, "addressee": {**ADDRESSEE, "name": name}}
    return picture(typeset("passcode", paper, at=AT), dots=8).tobytes()


@pytest.mark.parametrize("selector", ["\U000e0101", "\U000e0102", "\U000e0105"])
def test_a_registered_glyph_is_shown_as_registered(selector: str) -> None:
    assert window_of(f"渡邉{selector}　健一") != window_of("渡邉　健一")


def test_a_compatibility_ideograph_keeps_its_own_glyph() -> None:
    assert window_of("\ufa19　健一") != window_of("\u795e　健一")


def test_an_address_that_the_window_would_cut_off_is_refused() -> None:
    addressee = {**ADDRESSEE, "name": "花" * 100, "address": "潮" * 200, "building": "館" * 100}
    with pytest.raises(TypesettingFailed, match="does not fit"):
        typeset("passcode", {**LETTER, "addressee": addressee}, at=AT)


@pytest.mark.parametrize(
    ("address", "building", "name"),
    [
        ("北海道虻田郡ニセコ町字ニセコ" * 3, "ニセコヒルズレジデンス" * 3, "花子"),
        ("みなと市", "", "Wolfeschlegelsteinhausenbergerdorff Maria Magdalena Alexandra"),
        ("潮" * 150, "", "花子"),
    ],
    ids=["a long building", "a long name", "a long address"],
)
def test_what_is_long_is_set_smaller_and_stays_whole(
    address: str, building: str, name: str
) -> None:
    addressee = {"postal_code": "979-9912", "address": address, "building": building, "name": name}
    pdf = typeset("passcode", {**LETTER, "addressee": addressee}, at=AT)
    window = text_between(pdf, 12, 62, right=110)
    for words in (address, building, name):
        assert words.replace(" ", "") in window


@pytest.mark.parametrize("selector", ["\U000e010f", "\U000e01ef"])
def test_a_selector_that_the_font_does_not_know_leaves_the_plain_glyph(selector: str) -> None:
    assert window_of(f"渡邉{selector}　健一") == window_of("渡邉　健一")
