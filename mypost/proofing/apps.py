from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.proofing"
    label = "proofing"

    def ready(self) -> None:
        """Hear from the members' room when what a code is bound to changes."""
        from mypost.members.signals import attributes_declared
        from mypost.proofing.listening import void_changed_passcode

        attributes_declared.connect(void_changed_passcode, dispatch_uid="passcode is bound")
