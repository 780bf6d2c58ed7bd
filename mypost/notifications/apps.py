from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.notifications"
    label = "notifications"

    def ready(self) -> None:
        """Hear from the members' room when a level changes."""
        from mypost.members.signals import level_changed
        from mypost.notifications.listening import tell_of_level

        level_changed.connect(tell_of_level, dispatch_uid="a level is told")
