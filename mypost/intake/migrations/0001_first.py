import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("senders", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsedReference",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sender_id",
                        "reference",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sender_id", models.UUIDField()),
                ("reference", models.CharField(max_length=100)),
                ("letter_id", models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sender_id",
                        "key",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("sender_id", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("request_digest", models.BinaryField()),
                ("status", models.SmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="answer_by_age")],
            },
        ),
        migrations.CreateModel(
            name="Consignment",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("letter", "single letter"), ("batch", "consignment")],
                        max_length=6,
                    ),
                ),
                ("live", models.BooleanField()),
                ("reference", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("submitted", "submitted"),
                            ("delivering", "being delivered"),
                            ("completed", "completed"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("submitted", models.IntegerField(default=0)),
                ("in_mailbox", models.IntegerField(default=0)),
                ("on_paper", models.IntegerField(default=0)),
                ("refused", models.IntegerField(default=0)),
                ("pending", models.IntegerField(default=0)),
                ("transit_key", models.BinaryField(null=True)),
                ("items_object", models.UUIDField(null=True)),
                ("items_secret", models.BinaryField(null=True)),
                ("items_format", models.CharField(blank=True, max_length=8)),
                (
                    "columns",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=100), default=list, size=None
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
                (
                    "made_by_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="senders.apikey",
                    ),
                ),
                (
                    "made_by_staff",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="senders.staff",
                    ),
                ),
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
        ),
        migrations.CreateModel(
            name="Chunk",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "consignment_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                ("first_position", models.IntegerField()),
                ("size", models.IntegerField()),
                ("object_id", models.UUIDField()),
                ("secret", models.BinaryField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chunks",
                        to="intake.consignment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ConsignmentDocument",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "consignment_id",
                        "name",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("object_id", models.UUIDField()),
                ("size", models.IntegerField()),
                ("secret", models.BinaryField(null=True)),
                ("pages", models.IntegerField(null=True)),
                ("code", models.CharField(max_length=30, null=True)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("examined_at", models.DateTimeField(null=True)),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="intake.consignment",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "consignment_id",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("position", models.IntegerField()),
                ("sender_id", models.UUIDField()),
                ("letter_id", models.UUIDField()),
                ("number", models.CharField(max_length=14)),
                ("recipient", models.CharField(max_length=60)),
                ("reference", models.CharField(max_length=100)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("consigned", "in the mailbox"),
                            ("paper", "on paper"),
                            ("refused", "refused"),
                        ],
                        max_length=9,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30)),
                ("place", models.CharField(blank=True, max_length=100)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("decided_at", models.DateTimeField()),
                (
                    "consignment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="intake.consignment",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="consignment",
            index=models.Index(fields=["sender", "-id"], name="consignment_of_sender"),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "submitted",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("in_mailbox"), "+", models.F("on_paper")
                                ),
                                "+",
                                models.F("refused"),
                            ),
                            "+",
                            models.F("pending"),
                        ),
                    )
                ),
                name="consignment_ledger_balances",
                violation_error_message="Every item is somewhere, and in one place.",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_mailbox__gte", 0),
                    ("on_paper__gte", 0),
                    ("pending__gte", 0),
                    ("refused__gte", 0),
                ),
                name="consignment_counts_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("completed_at", None), ("state", "open"), ("submitted_at", None)),
                    models.Q(
                        ("completed_at", None),
                        ("state__in", ["submitted", "delivering"]),
                        ("submitted_at__isnull", False),
                    ),
                    models.Q(
                        ("completed_at__isnull", False), ("pending", 0), ("state", "completed")
                    ),
                    _connector="OR",
                ),
                name="consignment_times_follow_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("items_secret", None), ("state", "completed"), ("transit_key", None)),
                    models.Q(("state", "completed"), _negated=True),
                    _connector="OR",
                ),
                name="consignment_transit_key_dies_with_completion",
            ),
        ),
        migrations.AddConstraint(
            model_name="consignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("made_by_key__isnull", False),
                    ("made_by_staff__isnull", False),
                    _connector="OR",
                ),
                name="consignment_was_made_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["sender_id", "letter_id"], name="item_of_letter"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["sender_id", "reference"], name="item_of_reference"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["sender_id", "number"], name="item_of_number"),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(fields=["sender_id", "recipient"], name="item_of_recipient"),
        ),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), models.Q(("code", ""), _negated=True)),
                    models.Q(models.Q(("state", "refused"), _negated=True), ("code", "")),
                    _connector="OR",
                ),
                name="item_is_refused_with_a_code",
            ),
        ),
    ]
