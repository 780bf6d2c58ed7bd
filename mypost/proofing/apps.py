from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.proofing"
    label = "proofing"

    def ready(self) -> None:
        """Hear from the members' room when what a code is bound to changes, or a mailbox closes."""
        from mypost.members.signals import attributes_declared, mailbox_closes
        from mypost.proofing.forgetting import forget
        from mypost.proofing.listening import void_changed_passcode

        attributes_declared.connect(void_changed_passcode, dispatch_uid="passcode is bound")
        mailbox_closes.connect(forget, dispatch_uid="person is forgotten")
