import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0002_people_prove_who_they_are"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardChallenge",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("purpose", models.CharField(max_length=10)),
                ("session", models.CharField(max_length=64)),
                ("nonce", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("key", models.CharField(max_length=64)),
                ("noted_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="person_keys",
                        to="members.member",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LinkedCard",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sign_issuer", models.CharField(blank=True, max_length=64)),
                ("sign_serial", models.CharField(blank=True, max_length=40)),
                ("sign_crl_point", models.CharField(blank=True, max_length=300)),
                ("sign_expires_at", models.DateTimeField(null=True)),
                ("sign_stopped_at", models.DateTimeField(null=True)),
                ("sign_stop_reason", models.CharField(blank=True, max_length=40)),
                ("auth_issuer", models.CharField(blank=True, max_length=64)),
                ("auth_serial", models.CharField(blank=True, max_length=40)),
                ("auth_crl_point", models.CharField(blank=True, max_length=300)),
                ("auth_expires_at", models.DateTimeField(null=True)),
                ("auth_stopped_at", models.DateTimeField(null=True)),
                ("auth_stop_reason", models.CharField(blank=True, max_length=40)),
                ("linked_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cards",
                        to="members.member",
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="proofing.linkedcard",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["checked_at"], name="card_to_check")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("sign_serial", ""), _negated=True),
                        fields=("sign_issuer", "sign_serial"),
                        name="card_sign_certificate_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("auth_serial", ""), _negated=True),
                        fields=("auth_issuer", "auth_serial"),
                        name="card_auth_certificate_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("auth_serial", ""), ("sign_serial", ""), _negated=True),
                        name="card_has_a_certificate",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeTicket",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("code_hash", models.CharField(max_length=64)),
                ("tries_left", models.SmallIntegerField(default=5)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries_left__range", (0, 5))),
                        name="merge_has_at_most_5_tries",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PasscodeRequest",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("composed", "Composed"),
                            ("printed", "Printed"),
                            ("accepted", "Accepted"),
                            ("notice_left", "Notice Left"),
                            ("handed_over", "Handed Over"),
                            ("returned", "Returned"),
                            ("confirmed", "Confirmed"),
                            ("void", "Void"),
                        ],
                        default="requested",
                        max_length=11,
                    ),
                ),
                ("void_reason", models.CharField(blank=True, max_length=20)),
                ("code_hash", models.CharField(blank=True, max_length=100)),
                ("tries_left", models.SmallIntegerField(default=5)),
                ("code_entered_at", models.DateTimeField(null=True)),
                ("tracking_number", models.CharField(blank=True, max_length=20)),
                ("id_document", models.CharField(blank=True, max_length=30)),
                ("id_last_digits", models.CharField(blank=True, max_length=4)),
                ("return_reason", models.CharField(blank=True, max_length=20)),
                ("requested_at", models.DateTimeField()),
                ("held_until", models.DateField(null=True)),
                ("expires_at", models.DateTimeField()),
                (
                    "addressed_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.declaredattributes",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passcode_requests",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["returned", "confirmed", "void"]), _negated=True
                        ),
                        fields=("member",),
                        name="passcode_one_open_request",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tries_left__range", (0, 5))),
                        name="passcode_has_at_most_5_tries",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            ("code_entered_at__isnull", False),
                            _connector="OR",
                        ),
                        name="passcode_confirmed_was_entered",
                    ),
                ],
            },
        ),
    ]
