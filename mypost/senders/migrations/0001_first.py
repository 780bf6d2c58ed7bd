import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Sender",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("municipality", "municipality"),
                            ("agency", "agency"),
                            ("company", "company"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(max_length=13)),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, max_length=100)),
                ("description", models.CharField(blank=True, max_length=400)),
                ("description_en", models.CharField(blank=True, max_length=400)),
                ("website", models.URLField(blank=True)),
                ("support", models.CharField(blank=True, max_length=200)),
                ("required_assurance", models.SmallIntegerField(default=0)),
                (
                    "contract_state",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("active", "active"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                        ],
                        default="applied",
                        max_length=9,
                    ),
                ),
                ("contract_since", models.DateField(blank=True, null=True)),
                ("applied_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("contract_state", "ended"), _negated=True),
                        fields=("code",),
                        name="sender_code_once_in_force",
                        violation_error_message="There is a sender with this code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^\\d{6}$"), ("kind", "municipality")),
                            models.Q(
                                ("code__regex", "^\\d{13}$"), ("kind__in", ["agency", "company"])
                            ),
                            _connector="OR",
                        ),
                        name="sender_code_fits_its_kind",
                        violation_error_message="The code must fit the kind of sender.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("contract_state", "applied"),
                            ("contract_since__isnull", False),
                            _connector="OR",
                        ),
                        name="sender_contract_has_a_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("required_assurance__range", (0, 3))),
                        name="sender_required_assurance_is_0_to_3",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Staff",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "role",
                    models.CharField(
                        choices=[("administrator", "administrator"), ("clerk", "clerk")],
                        max_length=13,
                    ),
                ),
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sender_staff",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="staff",
                        to="senders.sender",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContractChange",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "applied"),
                            ("active", "active"),
                            ("suspended", "suspended"),
                            ("ended", "ended"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contract_changes",
                        to="senders.sender",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="contract_change_has_a_reason",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100)),
                ("live", models.BooleanField()),
                ("start", models.CharField(max_length=16)),
                ("digest", models.BinaryField(unique=True)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("letters:write", "submit letters and consignments"),
                                ("letters:read", "read states, results and receipts"),
                                ("events:read", "read the event feed"),
                            ],
                            max_length=20,
                        ),
                        size=None,
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="api_keys",
                        to="senders.sender",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="senders.staff"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Exact(
                            django.db.models.functions.text.Length("digest"), 32
                        ),
                        name="api_key_digest_is_sha256",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("slug", models.SlugField()),
                ("name", models.CharField(max_length=100)),
                ("name_en", models.CharField(blank=True, max_length=100)),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("city", "City affairs"),
                            ("education", "Education and culture"),
                            ("health", "Health and welfare"),
                            ("tourism", "Tourism and local life"),
                            ("living", "Living"),
                            ("infrastructure", "Infrastructure"),
                            ("staff", "For employees"),
                        ],
                        max_length=14,
                    ),
                ),
                ("required_assurance", models.SmallIntegerField(default=0)),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="topics",
                        to="senders.sender",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(fields=("sender", "slug"), name="topic_once_a_sender"),
                    models.CheckConstraint(
                        condition=models.Q(("required_assurance__range", (0, 3))),
                        name="topic_required_assurance_is_0_to_3",
                    ),
                ],
            },
        ),
    ]
