from django.db import migrations

from peers.append_only_tables import make_append_only, make_changeable

TABLES = ["peers_event"]


def forwards(apps, schema_editor):
    make_append_only(schema_editor, TABLES)


def backwards(apps, schema_editor):
    make_changeable(schema_editor, TABLES)


class Migration(migrations.Migration):
    """The organization's log is append-only in the database."""

    dependencies = [("peers", "0008_recovery_codes_and_passphrase_links")]

    operations = [migrations.RunPython(forwards, backwards)]
