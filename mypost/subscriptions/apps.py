from django.apps import AppConfig


class Room(AppConfig):
    name = "mypost.subscriptions"
    label = "subscriptions"

    def ready(self) -> None:
        """Hear from the members' room when a mailbox is closed."""
        from mypost.members.signals import mailbox_closes
        from mypost.subscriptions.ending import end_all

        mailbox_closes.connect(end_all, dispatch_uid="choices end")
