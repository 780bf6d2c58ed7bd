from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_people_prove_who_they_are"),
    ]

    operations = [
        migrations.AlterField(
            model_name="certifiedattributes",
            name="birth_date",
            field=models.CharField(max_length=10),
        ),
    ]
