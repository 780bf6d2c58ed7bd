from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("letters", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="confidential",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="letter",
            name="required_aal",
            field=models.SmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("required_aal__range", (1, 3))),
                name="letter_required_aal_is_1_to_3",
            ),
        ),
    ]
