from django.db import migrations

from peers.append_only_tables import make_append_only, make_changeable

TABLES = ["recovery_plans_logline", "recovery_plans_revision", "recovery_plans_grantedpart"]


def forwards(apps, schema_editor):
    make_append_only(schema_editor, TABLES)


def backwards(apps, schema_editor):
    make_changeable(schema_editor, TABLES)


class Migration(migrations.Migration):
    """The access log, every text a line has had, and what a yes opens are append-only in the database."""

    dependencies = [
        ("peers", "0009_append_only"),
        ("recovery_plans", "0004_a_plan_has_no_version_of_its_own"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
