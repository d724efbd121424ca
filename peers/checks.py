"""System checks: a database that could lose what it has acknowledged is refused."""

from django.core.checks import Error, Tags, register
from django.db import connection


@register(Tags.database)
def nothing_acknowledged_is_lost(app_configs, databases, **kwargs):
    """PostgreSQL must flush to disk before it says 'saved' (fsync, full_page_writes, synchronous_commit)."""
    if not databases or connection.vendor != "postgresql":
        return []
    wrong = []
    with connection.cursor() as cursor:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"show {name}")
            if cursor.fetchone()[0] == "off":
                wrong.append(
                    Error(
                        f"PostgreSQL runs with {name}=off: words that a page has called saved could be lost.",
                        hint=f"Set {name}=on in postgresql.conf and reload the server.",
                        id="peers.E001",
                    )
                )
    return wrong
