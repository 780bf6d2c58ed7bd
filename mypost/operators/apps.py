from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.operators"
    label = "operators"
