"""What every template may ask about the door it stands in."""

from django.conf import settings
from django.http import HttpRequest

LAYOUTS = {
    "member_web": "member_web/layout.html",
    "sender": "sender_web/layout.html",
    "operator_web": "operator_web/layout.html",
}


def door(request: HttpRequest) -> dict[str, object]:
    """Return the door's layout, and the addresses of the other doors."""
    return {
        "door_layout": LAYOUTS.get(settings.DOOR, "base.html"),
        "development": settings.DEVELOPMENT,
        "signup_closed": settings.DOOR in ("sender", "operator_web"),
        "member_url": settings.MEMBER_URL,
        "sender_url": settings.SENDER_URL,
        "uses_auth_app": bool(settings.AUTH_APP_URL),
    }
