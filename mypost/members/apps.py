from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.members"
    label = "members"
