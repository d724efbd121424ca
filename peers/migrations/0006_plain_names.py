import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Technical things are called what the field calls them. Tables and columns are renamed; no row changes."""

    dependencies = [
        ("peers", "0005_djangos_sessions"),
    ]

    operations = [
        migrations.RenameModel(old_name="Attempt", new_name="LoginAttempt"),
        migrations.RenameModel(old_name="SecondLock", new_name="TotpDevice"),
        migrations.RenameField(model_name="totpdevice", old_name="boxed_secret", new_name="encrypted_secret"),
        migrations.AlterField(
            model_name="totpdevice",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="totp_device",
                serialize=False,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RenameField(model_name="user", old_name="doors_turn", new_name="session_version"),
    ]
