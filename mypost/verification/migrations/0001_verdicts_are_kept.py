import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RecordedVerdict",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("mailbox_id", models.UUIDField()),
                ("subject_id", models.UUIDField()),
                ("purpose", models.CharField(max_length=10)),
                ("outcome", models.CharField(max_length=13)),
                (
                    "reasons",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                (
                    "faults",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("issuer", models.CharField(blank=True, max_length=64)),
                ("serial", models.CharField(blank=True, max_length=40)),
                ("proof_kind", models.CharField(blank=True, max_length=10)),
                ("proof_digest", models.CharField(blank=True, max_length=64)),
                ("proof_at", models.DateTimeField(null=True)),
                ("judged_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "-judged_at"], name="verdict_of_subject")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["sign_in", "prove"])),
                        name="verdict_is_for_a_purpose",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "valid"), ("reasons", [])),
                            models.Q(
                                ("outcome__in", ["invalid", "indeterminate"]),
                                models.Q(("reasons", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="verdict_has_reasons_unless_valid",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "valid"), _negated=True),
                            models.Q(
                                ("proof_at__isnull", False),
                                models.Q(("proof_digest", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="verdict_is_valid_by_proof",
                    ),
                ],
            },
        ),
    ]
