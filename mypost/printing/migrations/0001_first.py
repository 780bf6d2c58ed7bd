from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "party",
                    models.CharField(
                        choices=[("print_shop", "Print Shop"), ("carrier", "Carrier")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("cursor", models.CharField(blank=True, max_length=200)),
                ("failures", models.SmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("due_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="StrayEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[("print_shop", "Print Shop"), ("carrier", "Carrier")],
                        max_length=10,
                    ),
                ),
                ("event_id", models.CharField(max_length=100)),
                ("code", models.CharField(max_length=40)),
                ("body", models.CharField(max_length=2000)),
                ("taken_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="MailPiece",
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
                ("kind", models.CharField(choices=[("passcode", "Passcode")], max_length=8)),
                ("subject_id", models.UUIDField()),
                ("number", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("composed", "Composed"),
                            ("ordered", "Ordered"),
                            ("printed", "Printed"),
                            ("accepted", "Accepted"),
                            ("notice_left", "Notice Left"),
                            ("handed_over", "Handed Over"),
                            ("returned", "Returned"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="composed",
                        max_length=11,
                    ),
                ),
                ("object_id", models.UUIDField(null=True)),
                ("tracking_number", models.CharField(blank=True, max_length=20)),
                ("failure", models.CharField(blank=True, max_length=40)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("due_at", models.DateTimeField()),
                ("composed_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["number"], name="piece_by_number"),
                    models.Index(
                        condition=models.Q(("state", "composed")),
                        fields=["due_at"],
                        name="piece_to_hand_over",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mailbox_id", "kind", "subject_id"),
                        name="piece_once_for_its_subject",
                    ),
                    models.UniqueConstraint(
                        fields=("mailbox_id", "number"), name="piece_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "composed"), _negated=True),
                            ("object_id__isnull", False),
                            _connector="OR",
                        ),
                        name="piece_waits_with_its_paper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["failed", "cancelled"]), _negated=True),
                            ("object_id__isnull", True),
                            _connector="OR",
                        ),
                        name="piece_given_up_has_no_paper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartyEvent",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "mailbox_id",
                        "party",
                        "event_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("mailbox_id", models.UUIDField()),
                (
                    "party",
                    models.CharField(
                        choices=[("print_shop", "Print Shop"), ("carrier", "Carrier")],
                        max_length=10,
                    ),
                ),
                ("event_id", models.CharField(max_length=100)),
                ("piece_id", models.UUIDField()),
                ("kind", models.CharField(max_length=11)),
                ("happened_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["mailbox_id", "piece_id"], name="event_of_piece")],
            },
        ),
    ]
