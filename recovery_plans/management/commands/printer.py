"""The printer: makes the PDFs that supervisors ask for, one job after the other, and clears away what is over."""

import logging
import signal
import threading
import time

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from recovery_plans.models import PrintJob
from recovery_plans.print_jobs import print_next, throw_away_ended

LOOKS_EVERY = 0.5
TIDIES_EVERY = 15
CLEARS_SESSIONS_EVERY = 24 * 60 * 60
WAITS_FOR_THE_DATABASE = 5

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Makes summaries in the background. Runs until it is told to stop; --once does what waits, and ends."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do the jobs that wait, then end")

    def handle(self, *args, once, **options):
        if once:
            tidy()
            call_command("clearsessions")
            while print_next():
                pass
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.serve(stopping)

    def serve(self, stopping):
        """Look for work until a signal says stop. A job under way is finished first."""
        tidied = cleared = None
        while not stopping.is_set():
            close_old_connections()
            try:
                if tidied is None or time.monotonic() - tidied > TIDIES_EVERY:
                    tidy()
                    tidied = time.monotonic()
                if cleared is None or time.monotonic() - cleared > CLEARS_SESSIONS_EVERY:
                    call_command("clearsessions")  # who was here, and when, is nobody's to know for ever
                    cleared = time.monotonic()
                if not print_next():
                    stopping.wait(LOOKS_EVERY)
            except DatabaseError as problem:
                log.warning("printer: the database does not answer (%s)", type(problem).__name__)
                stopping.wait(WAITS_FOR_THE_DATABASE)


def tidy():
    """Throw away what is old, and what holds the page of someone who has changed their mind."""
    PrintJob.clear_old()
    throw_away_ended()
