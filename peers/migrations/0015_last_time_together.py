import django.utils.timezone
from django.db import migrations, models
from django.db.models import F


def from_their_first_day(apps, schema_editor):
    """Of walks that began before this was noted, the day they began is known."""
    apps.get_model("peers", "Walk").objects.update(together_at=F("started_at"))


class Migration(migrations.Migration):
    """When two people last sat down together: Today begins with whom it was not long ago."""

    dependencies = [("peers", "0014_in_their_hands")]

    operations = [
        migrations.AddField(
            model_name="walk",
            name="together_at",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.RunPython(from_their_first_day, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="walk",
            index=models.Index(fields=["peer", "ended_at", "-together_at", "code"], name="walks_by_last_time_together"),
        ),
    ]
