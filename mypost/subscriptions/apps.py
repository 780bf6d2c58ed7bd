from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.subscriptions"
    label = "subscriptions"
