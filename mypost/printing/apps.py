from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.printing"
    label = "printing"
