from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0002_demands_on_opening"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="letter", name="letter_times_follow_state"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consigned_at__isnull", False),
                        ("handed_over_at", None),
                        ("state", "consigned"),
                    ),
                    models.Q(
                        ("handed_over_at__gte", models.F("consigned_at")),
                        ("handed_over_at__isnull", False),
                        ("state", "handed_over"),
                    ),
                    _connector="OR",
                ),
                name="letter_times_follow_state",
                violation_error_message="The times of a letter follow its state.",
            ),
        ),
    ]
