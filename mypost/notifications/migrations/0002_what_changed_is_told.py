from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("mailbox_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("passcode_posted", "The letter with your code has been posted."),
                            ("passcode_waits", "The post holds the letter with your code for you."),
                            ("passcode_returned", "The letter with your code came back."),
                            ("level_changed", "Your assurance level has changed."),
                            ("certificate_lapsed", "Something about you is no longer certified."),
                            ("card_stopped", "Your card no longer signs you in."),
                            ("new_sign_in", "Somebody signed in from a device that is new here."),
                            ("mailbox_closing", "Your mailbox is going to be closed."),
                        ],
                        max_length=20,
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("sent", "Sent"), ("failed", "Failed")],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("attempts", models.SmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mailbox_id", "-told_at"], name="notice_of_mailbox"),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["due_at"],
                        name="notice_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("mailbox_id", "kind"),
                        name="notice_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(("sent_at", None), ("state__in", ["waiting", "failed"])),
                            _connector="OR",
                        ),
                        name="notice_times_follow_state",
                    ),
                ],
            },
        ),
    ]
