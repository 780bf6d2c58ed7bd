from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("subscriptions", "0001_first"),
    ]

    operations = [
        migrations.AddField(
            model_name="subscription",
            name="is_alias",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
