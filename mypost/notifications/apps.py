from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.notifications"
    label = "notifications"
