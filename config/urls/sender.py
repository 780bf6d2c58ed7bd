"""The sender's doors: the console for people, the API for programs."""

from django.urls import include, path

from mypost.entrypoints.accounts import account_urls

urlpatterns = [
    *account_urls(),
    path("api/v1/", include("mypost.entrypoints.sender_api.urls")),
    path("", include("mypost.entrypoints.sender_web.urls")),
]
