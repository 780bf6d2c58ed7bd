from django.apps import AppConfig


class Doors(AppConfig):
    name = "mypost.entrypoints"
    label = "entrypoints"

    def ready(self) -> None:
        from allauth.account import signals  # needs the models
        from allauth.mfa.signals import authentication_failed, authenticator_added

        from mypost.entrypoints import session_keys
        from mypost.entrypoints import sign_in_history as history
        from mypost.entrypoints.member_web.mailboxes import open_when_confirmed
        from mypost.entrypoints.passkeys import count_as_used

        signals.email_confirmed.connect(open_when_confirmed, dispatch_uid="open_mailbox")
        signals.user_logged_in.connect(history.note_signed_in, dispatch_uid="signed_in")
        signals.email_added.connect(history.tell_of_new_address, dispatch_uid="new_address")
        signals.email_changed.connect(history.note_changed_address, dispatch_uid="changed")
        authenticator_added.connect(count_as_used, dispatch_uid="new_passkey")
        signals.authentication_step_completed.connect(
            session_keys.change_key, dispatch_uid="session_key"
        )
        authentication_failed.connect(history.note_wrong_factor, dispatch_uid="wrong_factor")
