"""How much processor time something took: this process's, and that of the PostgreSQL it asks.

Wall time is worth little beside other work: a view of 0.3 ms fits between two interruptions, a page of 10 ms does not,
and their ratio says how busy the machine was. Waiting for a disk or another process is not counted.
"""

import time
from pathlib import Path

PROC = Path("/proc")


def stopwatch():
    """Begin to count. Calling what comes back gives the milliseconds of processor time since then."""
    database = _postgresql_ms()
    own = time.process_time()

    def elapsed():
        own_ms = (time.process_time() - own) * 1000
        return own_ms + (_postgresql_ms() - database)

    return elapsed


def _postgresql_ms():
    """The processor time of every process of the PostgreSQL in use so far; 0 on SQLite, which is part of ours."""
    from django.db import connection  # the settings are there only once a part of the bench has begun

    if connection.vendor != "postgresql":
        return 0
    return sum(_ran_ms(pid) for pid in _processes(connection))


def _processes(connection):
    postmaster = getattr(_processes, "postmaster", None)
    if postmaster is None:
        connection.ensure_connection()
        backend = connection.connection.info.backend_pid
        postmaster = (PROC / str(backend) / "stat").read_text().rpartition(")")[2].split()[1]
        _processes.postmaster = postmaster
        connection.close()
    return (PROC / postmaster / "task" / postmaster / "children").read_text().split()


def _ran_ms(pid):
    """How long a process has run, to the nanosecond (Documentation/scheduler/sched-stats.rst in Linux)."""
    try:
        return int((PROC / pid / "schedstat").read_text().split()[0]) / 1e6
    except OSError:  # it has ended
        return 0
