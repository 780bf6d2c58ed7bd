"""Reading JSON bodies more strictly than Python does."""

from django.http import HttpRequest
from ninja.parser import Parser

from mypost.entrypoints.sender_api.errors import BodyUnreadable, MediaTypeUnsupported
from mypost.intake.drafts import read_json_object


class StrictJson(Parser):
    """JSON objects in UTF-8, under their own media type. Source: RFC 8259 §8.1."""

    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        """Raises MediaTypeUnsupported, BodyUnreadable."""
        if request.content_type != "application/json":
            raise MediaTypeUnsupported
        try:
            fields = read_json_object(request.body.decode())
        except UnicodeDecodeError:
            fields = None
        if fields is None:
            raise BodyUnreadable
        return fields
