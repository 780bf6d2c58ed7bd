import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("senders", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "mailbox_id",
                        "id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("mailbox_id", models.UUIDField()),
                ("id", models.UUIDField()),
                ("number", models.CharField(max_length=14)),
                ("consignment_id", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[("consigned", "delivered"), ("handed_over", "opened")],
                        default="consigned",
                        max_length=11,
                    ),
                ),
                ("documents", models.SmallIntegerField(default=0)),
                ("required_assurance", models.SmallIntegerField(default=0)),
                ("due", models.DateField(null=True)),
                ("consigned_at", models.DateTimeField()),
                ("handed_over_at", models.DateTimeField(null=True)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="senders.sender",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="senders.topic",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["mailbox_id", "-consigned_at", "-id"], name="letter_in_mailbox"
                    ),
                    models.Index(
                        condition=models.Q(("state", "consigned")),
                        fields=["mailbox_id", "-consigned_at", "-id"],
                        name="letter_unread",
                    ),
                    models.Index(fields=["consignment_id", "id"], name="letter_of_consignment"),
                    models.Index(fields=["sender", "id"], name="letter_of_sender"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("consigned_at__isnull", False),
                                ("handed_over_at", None),
                                ("state", "consigned"),
                            ),
                            models.Q(
                                ("handed_over_at__gte", models.F("consigned_at")),
                                ("state", "handed_over"),
                            ),
                            _connector="OR",
                        ),
                        name="letter_times_follow_state",
                        violation_error_message="The times of a letter follow its state.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("required_assurance__range", (0, 3))),
                        name="letter_required_assurance_is_0_to_3",
                    ),
                    models.UniqueConstraint(
                        fields=("mailbox_id", "number"), name="letter_number_once"
                    ),
                ],
            },
        ),
    ]
