from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0002_what_changed_is_told"),
    ]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="confidential",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
