from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.verification"
    label = "verification"
