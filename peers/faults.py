"""Faults that are nobody's mistake: the disk is full, the database is away, its connection was cut."""

import errno
import sqlite3

from django.db import InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout

POSTGRESQL_DISK_FULL = "53100"
# An answer of PostgreSQL that has one of these came over a connection that still holds.
CONNECTION_HAS_GONE = ("08", "57P")


def is_disk_full(error):
    """Whether there was no room to write, for the database or for the app itself."""
    cause = getattr(error, "__cause__", None)
    if getattr(cause, "sqlstate", None) == POSTGRESQL_DISK_FULL:
        return True
    if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return True
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def is_database_away(error):
    """Whether the database did not answer, or could not."""
    return isinstance(error, OperationalError | InterfaceError)


def is_connection_cut(error):
    """Whether the connection has gone in the middle, so that another one may still work."""
    if not isinstance(error, OperationalError | InterfaceError) or isinstance(error.__cause__, PoolTimeout):
        return False
    if getattr(error.__cause__, "sqlite_errorcode", None) is not None:
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(CONNECTION_HAS_GONE)


def drop_gone_connections(error):
    """After a request that got no connection: look at all that this process holds, and drop those that have gone.

    Else each of the next requests would find the next of them, and wait for it in vain, though the database is back.
    """
    if isinstance(error.__cause__, PoolTimeout) and connection.vendor == "postgresql":
        connection.pool.check()
