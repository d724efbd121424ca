"""What happened stays as it was written: no code changes or deletes a line of a log, a text of before, or a yes."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from peers.models import Event, FormerName
from peers.models.append_only import OnlyAdded
from recovery_plans.models import Agreement, GrantedPart, LogLine, WalkedAgreement
from recovery_plans.models.lines import Revision
from tests.infrastructure import postgres
from tests.recovery_plans.agreeing import agree

ROOT = Path(__file__).resolve().parent.parent
KEPT = [Event, FormerName, LogLine, Revision, GrantedPart, Agreement, WalkedAgreement]
TABLES = [model._meta.db_table for model in KEPT]


@pytest.fixture
def rows(cast):
    """One row of each table at least: Sam typed a line for Maya, who agreed, and is called Samuel now."""
    cast.plan.add_entry(section="strengths", words="I keep my word.", by=cast.sam)
    agree(cast).walk_along(by=cast.sam)
    cast.sam.take_name("Samuel")
    return {model: model._default_manager.first() for model in KEPT}


@pytest.mark.parametrize("model", KEPT)
def test_the_app_itself_neither_changes_nor_deletes_them(rows, model):
    row = rows[model]
    every = model._default_manager.all()
    for tried in (
        row.delete,
        every.delete,
        lambda: every.update(pk=row.pk),
        lambda: every.bulk_update([row], ["pk"]),
    ):
        with pytest.raises(OnlyAdded):
            tried()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    assert model._default_manager.filter(pk=row.pk).exists()


def test_they_are_all_the_models_that_say_so():
    assert {model for model in KEPT if "only ever added" in model.__doc__} == set(KEPT)


@pytest.mark.postgresql_only
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET {key} = {key}"])
def test_postgresql_refuses_it_whoever_asks(rows, table, statement):
    key = next(model for model in KEPT if model._meta.db_table == table)._meta.pk.column
    with pytest.raises(ProgrammingError, match="only ever added"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, key=key))


# --- the roles of docs/running-for-real.md ---


def _migrated_as_documented(cluster):
    """A database of the owner, in which the app has the rights that the guide gives it."""
    roles = [
        f"ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {postgres.APP}",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT USAGE, SELECT ON SEQUENCES TO {postgres.APP}",
    ]
    with psycopg.connect(cluster.url(role=postgres.SUPERUSER, database="postgres"), autocommit=True) as root:
        root.execute("CREATE DATABASE documented OWNER owner ENCODING 'UTF8' TEMPLATE template0")
    with psycopg.connect(cluster.url(role=postgres.SUPERUSER, database="documented"), autocommit=True) as root:
        for statement in roles:
            root.execute(statement)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    env = os.environ | {"DATABASE_URL": cluster.url(role=postgres.OWNER, database="documented")}
    subprocess.run(migrate, cwd=ROOT, env=env, check=True, timeout=300)
    return cluster.url(role=postgres.APP, database="documented")


@pytest.mark.slow
def test_the_app_s_role_has_no_right_to_change_them_nor_to_take_the_refusal_away():
    with (
        postgres.private_postgres() as cluster,
        psycopg.connect(_migrated_as_documented(cluster), autocommit=True) as app,
    ):
        assert app.execute("SELECT current_user").fetchone() == (postgres.APP,)
        app.execute("UPDATE peers_user SET name = name")  # everything else is the app's to change
        for table in TABLES:
            assert app.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
            for statement in (
                f"DELETE FROM {table}",
                f"UPDATE {table} SET code = code"
                if table != "recovery_plans_revision"
                else f"UPDATE {table} SET at = at",
                f"TRUNCATE {table} CASCADE",
                f"ALTER TABLE {table} DISABLE TRIGGER append_only",
                f"DROP TRIGGER append_only ON {table}",
            ):
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="denied|must be owner"):
                    app.execute(statement)
