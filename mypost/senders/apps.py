from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.senders"
    label = "senders"
