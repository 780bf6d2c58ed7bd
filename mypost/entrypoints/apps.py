from django.apps import AppConfig


class Doors(AppConfig):
    name = "mypost.entrypoints"
    label = "entrypoints"

    def ready(self) -> None:
        from allauth.account.signals import email_confirmed  # needs the models

        from mypost.entrypoints.member_web.mailboxes import open_when_confirmed

        email_confirmed.connect(open_when_confirmed, dispatch_uid="open_mailbox")
