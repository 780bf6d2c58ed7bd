from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.evidence"
    label = "evidence"
