import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("proofing", "0001_first"),
    ]

    operations = [
        migrations.CreateModel(
            name="PostalReport",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "request",
                        "event",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("event", models.CharField(max_length=11)),
                ("at", models.DateTimeField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="proofing.passcoderequest",
                    ),
                ),
            ],
        ),
    ]
