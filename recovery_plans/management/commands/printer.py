"""The printer: makes the PDFs that supervisors ask for, one job after the other, and clears away what is over."""

import logging
import signal
import threading
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from peers.faults import is_disk_full
from recovery_plans.models import Draft, PrintJob
from recovery_plans.print_jobs import print_next, throw_away_ended
from recovery_plans.stops import write_stops

LOOKS_EVERY = 0.5
TIDIES_EVERY = 15
CLEARS_SESSIONS_EVERY = 24 * 60 * 60
WRITES_STOPS_EVERY = 5 * 60
WAITS_FOR_THE_DATABASE = 5

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Makes summaries in the background. Runs until it is told to stop; --once does what waits, and ends."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do the jobs that wait, then end")

    def handle(self, *args, once, **options):
        if once:
            tidy()
            clear_sessions()
            write_stops()
            while print_next():
                pass
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.serve(stopping)

    def serve(self, stopping):
        """Look for work until a signal says stop. A job under way is finished first."""
        chores = [[tidy, TIDIES_EVERY, None], [clear_sessions, CLEARS_SESSIONS_EVERY, None]]
        chores.append([write_stops, WRITES_STOPS_EVERY, None])
        while not stopping.is_set():
            close_old_connections()
            try:
                for chore in chores:
                    do_when_due(chore)
                if not print_next():
                    stopping.wait(LOOKS_EVERY)
            except (DatabaseError, OSError) as problem:
                what = "the disk is full" if is_disk_full(problem) else "the database does not answer"
                log.warning("printer: %s (%s)", what, type(problem).__name__)
                stopping.wait(WAITS_FOR_THE_DATABASE)


def do_when_due(chore):
    """Do a chore, [what, every so many seconds, when last], where it was never done or so long ago."""
    work, every, last = chore
    if last is None or time.monotonic() - last > every:
        work()
        chore[2] = time.monotonic()


def clear_sessions():
    """Who was here, and when, is nobody's to know for ever."""
    call_command("clearsessions")


def tidy():
    """Throw away what is old, and what holds the page of someone who has changed their mind."""
    Draft.clear_old()
    Draft.clear_kept()
    PrintJob.clear_old()
    throw_away_ended()
