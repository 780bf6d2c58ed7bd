"""The operator's door: the back office."""

from django.urls import include, path

from mypost.entrypoints.accounts import account_urls

urlpatterns = [
    *account_urls(),
    path("", include("mypost.entrypoints.operator_web.urls")),
]
