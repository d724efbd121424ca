"""Whether a plan prints on a machine that is busy: 20 times, while eight other processes keep its cores at work.

Every one has to be made. How long each takes is wall time here, as a person waits for it.
"""

import multiprocessing
import statistics
import time

from recovery_plans.pdf_service import client
from tests.bench.measure import Measured
from tests.bench.pdf import sheet_of
from tests.bench.pdf_service import running_service
from tests.bench.site import load_site

TIMES, OTHERS, SECONDS_AT_MOST = 20, 8, 6


def measure():
    from tests.bench.plans import marisols_plan

    html = sheet_of(marisols_plan())
    with running_service():
        client.print_pdf(html)  # warm
        idle = [printed(html) for _ in range(5)]
        with other_work():
            busy = [printed(html) for _ in range(TIMES)]
    made = [seconds for seconds in busy if seconds is not None]
    slow_end = statistics.quantiles(made, n=20)[-1] if len(made) > 1 else float("inf")
    yield Measured.at_least(f"PDFs made of {TIMES} while {OTHERS} processes work", len(made), "PDFs", TIMES)
    yield Measured.at_most("a plan's PDF then, p95", slow_end, "s", SECONDS_AT_MOST)
    yield Measured.info("… median", statistics.median(made or [0]), "s")
    yield Measured.info("… before, median", statistics.median([one for one in idle if one is not None] or [0]), "s")


def printed(html):
    """Seconds until this PDF was there; None when it was not made."""
    began = time.perf_counter()
    try:
        client.print_pdf(html)
    except client.PdfFailed:
        return None
    return time.perf_counter() - began


class other_work:
    """Eight processes that do nothing but count."""

    def __enter__(self):
        self._processes = [multiprocessing.Process(target=count_on, daemon=True) for _ in range(OTHERS)]
        for process in self._processes:
            process.start()

    def __exit__(self, *_):
        for process in self._processes:
            process.kill()
            process.join()


def count_on():
    number = 0
    while True:
        number += 1


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
