from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.proofing"
    label = "proofing"
