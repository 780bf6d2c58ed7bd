import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="account",
            name="email_changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("password", "password"),
                            ("code", "password and one-time code"),
                            ("spare_code", "password and spare code"),
                            ("passkey", "passkey"),
                            ("card", "My Number Card"),
                            ("auth_app", "Digital Authentication App"),
                        ],
                        max_length=10,
                    ),
                ),
                ("succeeded", models.BooleanField()),
                ("browser", models.CharField(blank=True, max_length=40)),
                ("network", models.CharField(blank=True, max_length=45)),
                ("browser_mark", models.CharField(blank=True, max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["account", "-id"], name="sign_in_of_account")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("account__isnull", False), ("succeeded", False), _connector="OR"
                        ),
                        name="sign_in_of_nobody_fails",
                    )
                ],
            },
        ),
    ]
