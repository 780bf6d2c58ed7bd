from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.vault"
    label = "vault"
