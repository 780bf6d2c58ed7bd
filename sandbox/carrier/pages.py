"""The pages on which a person plays the carrier."""

from datetime import datetime, timedelta, timezone
from html import escape

from ..paper.frame import facts, options, page, piece_link, trouble_form
from ..paper.troubles import Trouble
from .round import HELD_FOR, IdDocument, Piece, ReturnReason, State

_JAPAN = timezone(timedelta(hours=9))
_WORDS = {
    "ja": {
        "title": "配達",
        "about": "印刷所から届いた郵便物です。一つ選び、次に起きることを決めてください。",
        "none": "郵便物はまだありません。印刷所から届いたら、再読み込みしてください。",
        "back": "一覧へ戻る",
        "window": "封筒の窓",
        "tracking": "お問い合わせ番号",
        "number": "整理番号",
        "service": "取扱い",
        "state": "いまの状態",
        "history": "これまで",
        "next": "次に起きること",
        "notice": "不在通知書を入れる",
        "hand_over": "本人確認をして渡す",
        "document": "見せてもらった書類",
        "digits": "番号の下4桁",
        "send_back": "返還する",
        "reason": "理由",
        "ten_days": "保管期間の10日が過ぎる",
        "done": "この郵便物は終わりました。",
    },
    "en": {
        "title": "Deliveries",
        "about": "Pieces of mail from the print shop. Choose one, and decide what happens next.",
        "none": "No piece yet. Reload this page when the print shop has sent some.",
        "back": "Back to the list",
        "window": "Window of the envelope",
        "tracking": "Tracking number",
        "number": "Number",
        "service": "Service",
        "state": "Now",
        "history": "So far",
        "next": "What happens next",
        "notice": "Leave a notice",
        "hand_over": "Check the ID and hand over",
        "document": "Document shown",
        "digits": "Last four digits",
        "send_back": "Send back",
        "reason": "Reason",
        "ten_days": "Ten days pass",
        "done": "This piece is done.",
    },
}
_NAMES: dict[str, dict[str, str]] = {
    "ja": {
        State.ACCEPTED: "引受",
        State.NOTICE_LEFT: "不在、保管中",
        State.HANDED_OVER: "交付",
        State.RETURNED: "返還",
        IdDocument.MY_NUMBER_CARD: "マイナンバーカード",
        IdDocument.DRIVING_LICENCE: "運転免許証",
        IdDocument.PASSPORT: "パスポート",
        IdDocument.RESIDENCE_CARD: "在留カード",
        ReturnReason.MOVED: "転居",
        ReturnReason.NAME_DIFFERS: "氏名または住所が違う",
        ReturnReason.ABSENT: "不在",
        ReturnReason.REFUSED: "受取拒否",
        ReturnReason.PERIOD_OVER: "保管期間の経過",
        "restricted_delivery": "本人限定受取（特定事項伝達型）",
    },
    "en": {
        State.ACCEPTED: "accepted",
        State.NOTICE_LEFT: "nobody home, held",
        State.HANDED_OVER: "handed over",
        State.RETURNED: "sent back",
        IdDocument.MY_NUMBER_CARD: "My Number Card",
        IdDocument.DRIVING_LICENCE: "driving licence",
        IdDocument.PASSPORT: "passport",
        IdDocument.RESIDENCE_CARD: "residence card",
        ReturnReason.MOVED: "moved away",
        ReturnReason.NAME_DIFFERS: "name or address differs",
        ReturnReason.ABSENT: "absent",
        ReturnReason.REFUSED: "refused",
        ReturnReason.PERIOD_OVER: "not fetched in time",
        "restricted_delivery": "restricted delivery (identity reported)",
    },
}


class Pages:
    """The pages in one language: `ja` or `en`."""

    def __init__(self, language: str) -> None:
        self._language, self._words = language, _WORDS[language]
        self._names = _NAMES[language]

    def pieces(self, pieces: list[Piece], *, trouble: Trouble) -> str:
        """Return the list, in the order given."""
        words = self._words
        rows = "".join(map(self._row, pieces))
        body = f"<p>{words['about'] if rows else words['none']}</p>"
        if rows:
            body += f'<ol class="pieces">{rows}</ol>'
        return page(self._language, words["title"], body + trouble_form(self._language, trouble))

    def piece(self, piece: Piece, events: list[dict[str, str]]) -> str:
        """Return the page of one piece: what was, and what may happen next."""
        words = self._words
        body = f'<p><a href="/">{words["back"]}</a></p>{self._facts(piece)}'
        body += f"<h2>{words['history']}</h2>{facts(list(map(self._event, events)))}"
        if piece.is_under_way:
            body += f"<h2>{words['next']}</h2>{self._forms(piece)}"
        else:
            body += f"<p>{words['done']}</p>"
        return page(self._language, piece.tracking_number, body)

    def _row(self, piece: Piece) -> str:
        link = f'<a href="{piece_link(piece.number)}">{escape(piece.tracking_number)}</a>'
        return f"<li>{link}{self._facts(piece)}</li>"

    def _facts(self, piece: Piece) -> str:
        words = self._words
        return facts(
            [
                (words["window"], piece.window),
                (words["service"], self._names.get(piece.service, piece.service)),
                (words["tracking"], piece.tracking_number),
                (words["number"], piece.number),
                (words["state"], self._names[piece.state]),
            ]
        )

    def _event(self, event: dict[str, str]) -> tuple[str, str]:
        at = datetime.fromisoformat(event["at"])
        told = [event.get(name, "") for name in ("id_document", "id_last_digits", "return_reason")]
        words = [self._names[event["kind"]], *(self._names.get(one, one) for one in told if one)]
        if event["kind"] == State.NOTICE_LEFT:
            words.append(f"→ {(at + HELD_FOR).astimezone(_JAPAN):%Y-%m-%d}")
        return f"{at.astimezone(_JAPAN):%Y-%m-%d %H:%M}", " ".join(words)

    def _forms(self, piece: Piece) -> str:
        words, here = self._words, piece_link(piece.number)
        documents = options(self._choices(IdDocument), name="document", label=words["document"])
        reasons = {k: v for k, v in self._choices(ReturnReason).items() if k != "period_over"}
        digits = (
            f'<label>{words["digits"]} <input name="digits" required pattern="[0-9A-Z]{{4}}" '
            'maxlength="4" size="6" autocomplete="off"></label>'
        )
        forms = [
            ("hand-over", documents + digits, words["hand_over"]),
            ("return", options(reasons, name="reason", label=words["reason"]), words["send_back"]),
        ]
        if piece.state == State.ACCEPTED:
            forms.insert(0, ("notice", "", words["notice"]))
        else:
            forms.append(("ten-days", "", words["ten_days"]))
        return "".join(
            f'<form method="post" action="{here}/{act}">{fields}'
            f'<button type="submit">{button}</button></form>'
            for act, fields, button in forms
        )

    def _choices(self, kinds: type[IdDocument] | type[ReturnReason]) -> dict[str, str]:
        return {kind.value: self._names[kind] for kind in kinds}
