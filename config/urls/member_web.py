"""The member's door: the mailbox, and the public log."""

from django.urls import include, path

from mypost.entrypoints.accounts import account_urls

urlpatterns = [
    *account_urls(),
    path("log/", include("mypost.entrypoints.public_log.urls")),
    path("", include("mypost.entrypoints.member_web.urls")),
]
