"""The sender's HTTP API, version 1."""

from django.urls import path

from mypost.entrypoints.sender_api import documentation
from mypost.entrypoints.sender_api.api import api

urlpatterns = [
    path("docs", documentation.reference, name="api_reference"),
    path("problems", documentation.problems, name="api_problems"),
    path("problems/<slug:code>", documentation.one_problem, name="api_problem"),
    path("", documentation.nothing_here),  # before ninja's own, which has no answer for it
    path("", api.urls),
    path("<path:rest>", documentation.nothing_here),
]
