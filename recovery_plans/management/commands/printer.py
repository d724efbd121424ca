"""The printer: makes the PDFs that supervisors ask for, one job after the other, beside the web server."""

import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from recovery_plans.models import Draft, PrintJob
from recovery_plans.print_jobs import print_next, throw_away_ended

LOOKS_EVERY = 0.5
TIDIES_EVERY = 15
WAITS_FOR_THE_DATABASE = 5

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Makes summaries in the background. Runs until it is told to stop; --once does what waits, and ends."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do the jobs that wait, then end")

    def handle(self, *args, once, **options):
        if once:
            tidy()
            while print_next():
                pass
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        self.serve(stopping)

    def serve(self, stopping):
        """Look for work until a signal says stop. A job under way is finished first."""
        tidied = None
        while not stopping.is_set():
            close_old_connections()
            try:
                if tidied is None or time.monotonic() - tidied > TIDIES_EVERY:
                    tidy()
                    tidied = time.monotonic()
                if not print_next():
                    stopping.wait(LOOKS_EVERY)
            except DatabaseError as problem:
                log.warning("printer: the database does not answer (%s)", type(problem).__name__)
                stopping.wait(WAITS_FOR_THE_DATABASE)


def tidy():
    """Throw away what is old, and what holds the page of someone who has changed their mind."""
    Draft.clear_old()
    PrintJob.clear_old()
    throw_away_ended()
