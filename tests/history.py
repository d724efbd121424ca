"""Rows of a table that only grows, changed all the same: for tests of how it would be at another time."""

import contextlib

from django.db import connection, models


@contextlib.contextmanager
def rewriting(model):
    """All rows of this model as Django alone would have them. On PostgreSQL its owner, as whom the tests come, may."""
    if connection.vendor == "postgresql":
        _set_refusal(model, "DISABLE")
    try:
        yield models.QuerySet(model)
    finally:
        if connection.vendor == "postgresql":
            _set_refusal(model, "ENABLE")


def _set_refusal(model, state):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
        cursor.execute(f"ALTER TABLE {model._meta.db_table} {state} TRIGGER append_only")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
