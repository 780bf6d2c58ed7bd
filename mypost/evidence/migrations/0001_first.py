import django.db.models.functions.datetime
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL("CREATE SEQUENCE evidence_line_seq", "DROP SEQUENCE evidence_line_seq"),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Line",
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
                (
                    "seq",
                    models.BigIntegerField(
                        db_default=models.Func(
                            models.Value("evidence_line_seq"), function="nextval"
                        )
                    ),
                ),
                ("event", models.CharField(max_length=60)),
                ("subject_id", models.UUIDField()),
                ("sender_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("salt", models.BinaryField()),
                ("entry", models.TextField()),
                ("leaf_index", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["mailbox_id", "subject_id"], name="line_of_subject"),
                    models.Index(
                        condition=models.Q(("leaf_index", None)),
                        fields=["seq"],
                        name="line_to_integrate",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("leaf_index__isnull", False), ("sender_id__isnull", False)
                        ),
                        fields=["sender_id", "leaf_index"],
                        name="line_in_feed",
                    ),
                    models.Index(
                        condition=models.Q(("leaf_index__isnull", False)),
                        fields=["leaf_index"],
                        name="line_in_log",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("salt"), 32
                        ),
                        name="line_salt_is_32_bytes",
                    )
                ],
            },
        ),
    ]
