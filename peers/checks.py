"""System checks: a database that could lose what it has acknowledged is refused; one that logs words is told of."""

from django.core.checks import Error, Tags, Warning, register
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


# What PostgreSQL may write of a statement into its own log: each of these otherwise brings people's words there.
QUIET_LOG = {
    "log_error_verbosity": {"terse"},
    "log_min_error_statement": {"panic", "fatal"},
    "log_statement": {"none", "ddl"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
    "log_transaction_sample_rate": {"0"},
}


@register(Tags.database, deploy=True)
def no_words_in_the_log_of_postgresql(app_configs, databases, **kwargs):
    """PostgreSQL's own log must carry nobody's words: an error or a slow statement would be written with them."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("select name, setting from pg_settings where name = any(%s)", [list(QUIET_LOG)])
        found = dict(cursor.fetchall())
    return [
        Warning(
            f"PostgreSQL runs with {name}={found[name]}: its own log can carry people's words.",
            hint=f"ALTER SYSTEM SET {name} = '{max(QUIET_LOG[name])}'; then reload (docs/running-for-real.md).",
            id="peers.W001",
        )
        for name in sorted(found)
        if found[name] not in QUIET_LOG[name]
    ]
