from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.letters"
    label = "letters"
