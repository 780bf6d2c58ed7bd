from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.accounts"
    label = "accounts"
