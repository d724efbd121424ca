from django.db import migrations

TABLES = ["peers_event"]

REFUSE = """
CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION append_only()
"""
# From every role that was given them, such as the app's: by name they are known to the installation alone.
REVOKE = """
DO $$
DECLARE role text;
BEGIN
    FOR role IN
        SELECT DISTINCT grantee FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = '{table}' AND grantee NOT IN (current_user, 'PUBLIC')
    LOOP
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM %I', role);
    END LOOP;
END
$$
"""


def make_append_only(schema_editor, tables):
    """PostgreSQL refuses to change or delete a row of these tables. On SQLite, which has no roles, the app alone does."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(REFUSE, params=None)
    for table in tables:
        schema_editor.execute(TRIGGER.format(table=table))
        schema_editor.execute(REVOKE.format(table=table), params=None)


def forwards(apps, schema_editor):
    make_append_only(schema_editor, TABLES)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"DROP TRIGGER append_only ON {table}")


class Migration(migrations.Migration):
    """The organization's log is append-only in the database."""

    dependencies = [
        ("peers", "0008_recovery_codes_and_passphrase_links"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
