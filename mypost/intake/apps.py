from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.intake"
    label = "intake"
