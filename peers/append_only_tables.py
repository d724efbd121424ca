"""Making tables append-only in PostgreSQL. Migrations call it: what it does to a database stays as it is."""

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
    """PostgreSQL refuses to change or delete a row of these tables. SQLite has no roles: there the app alone does."""
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(REFUSE, params=None)
    for table in tables:
        schema_editor.execute(TRIGGER.format(table=table))
        schema_editor.execute(REVOKE.format(table=table), params=None)


def make_changeable(schema_editor, tables):
    """The way back. Rights that were revoked are the owner's to give again."""
    if schema_editor.connection.vendor == "postgresql":
        for table in tables:
            schema_editor.execute(f"DROP TRIGGER append_only ON {table}")
