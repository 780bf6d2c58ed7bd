"""The pages on which a person looks at what was printed."""

from datetime import datetime, timedelta, timezone
from html import escape

from ..paper.frame import facts, page, piece_link, trouble_form
from ..paper.troubles import Trouble
from .press import Printed

_JAPAN = timezone(timedelta(hours=9))
_WORDS = {
    "ja": {
        "title": "印刷所",
        "about": "印刷した郵便物です。封筒の窓から見えるのは、宛先だけです。",
        "none": "まだ何も印刷していません。注文が届いたら、再読み込みしてください。",
        "open": "中の手紙を開く（PDF）",
        "number": "整理番号",
        "printed": "印刷",
        "carried": "配達業者",
        "yes": "渡しました",
        "no": "これから渡します",
    },
    "en": {
        "title": "Print shop",
        "about": "Printed pieces. Through the window of the envelope only the address is seen.",
        "none": "Nothing was printed yet. Reload this page when an order has come.",
        "open": "Open the letter inside (PDF)",
        "number": "Number",
        "printed": "Printed",
        "carried": "Carrier",
        "yes": "has it",
        "no": "will get it",
    },
}


class Pages:
    """The pages in one language: `ja` or `en`."""

    def __init__(self, language: str) -> None:
        self._language, self._words = language, _WORDS[language]

    def pieces(self, pieces: list[Printed], waiting: set[str], *, trouble: Trouble) -> str:
        """Return the list, in the order given. waiting: numbers that the carrier has not yet."""
        words = self._words
        rows = "".join(self._row(piece, is_waiting=piece.number in waiting) for piece in pieces)
        body = f"<p>{words['about'] if rows else words['none']}</p>"
        if rows:
            body += f'<ol class="pieces">{rows}</ol>'
        return page(self._language, words["title"], body + trouble_form(self._language, trouble))

    def _row(self, piece: Printed, *, is_waiting: bool) -> str:
        words, here = self._words, piece_link(piece.number)
        printed = datetime.fromisoformat(piece.printed_at).astimezone(_JAPAN)
        return (
            f'<li><span class="envelope"><img src="{here}/window.png" '
            f'alt="{escape(piece.window)}"></span>'
            + facts(
                [
                    (words["number"], piece.number),
                    (words["printed"], f"{printed:%Y-%m-%d %H:%M}"),
                    (words["carried"], words["no" if is_waiting else "yes"]),
                ]
            )
            + f'<a href="{here}/paper.pdf">{words["open"]}</a></li>'
        )
