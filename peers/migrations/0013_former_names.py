import uuid

from django.db import migrations, models
from django.db.models.functions import Now

from peers.append_only_tables import make_append_only, make_changeable

TABLES = ["peers_formername"]


def forwards(apps, schema_editor):
    make_append_only(schema_editor, TABLES)


def backwards(apps, schema_editor):
    make_changeable(schema_editor, TABLES)


class Migration(migrations.Migration):
    """What people of a team were called before: append-only, as the logs that show it."""

    dependencies = [("peers", "0012_kinds_of_events")]

    operations = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                ("code", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("user", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("until", models.DateTimeField(db_default=Now())),
            ],
            options={"indexes": [models.Index(fields=["user", "until"], name="former_names_of_a_user")]},
        ),
        migrations.RunPython(forwards, backwards),
    ]
