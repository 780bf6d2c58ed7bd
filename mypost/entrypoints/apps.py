from django.apps import AppConfig


class Doors(AppConfig):
    name = "mypost.entrypoints"
    label = "entrypoints"
