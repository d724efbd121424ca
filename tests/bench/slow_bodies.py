"""Whether anyone notices forty slow bodies: pages through Debian's Caddy with config/Caddyfile, before and meanwhile.

Forty connections send a form a letter at a time, for twenty seconds; where the proxy ends one, another takes its place.
One reader opens their plan again and again. How long each takes is wall time here, as a person waits for it.
"""

import contextlib
import os
import statistics
import tempfile
import time

from django.urls import reverse

from tests.bench.measure import Measured
from tests.bench.site import Visitor, load_site
from tests.bench.while_printing import slow_end
from tests.infrastructure.proxy import SLOW_ONES, Proxy, slow_ones
from tests.infrastructure.web_server import RunningSite

SECONDS, SECONDS_AT_MOST = 20, 1


def measure():
    from tests.bench.plans import full_plan

    plan, _sam = full_plan()
    path, cookie = reverse("plan", kwargs={"plan": plan.pk}), Visitor(plan.owner).cookies["alongside"]
    with running() as proxy:

        def visit():
            began = time.perf_counter()
            if proxy.status(path, f"Cookie: alongside={cookie}") != 200:
                raise AssertionError("the page did not open")
            return time.perf_counter() - began

        for _warm in range(20):
            visit()
        before = for_a_while(visit)
        with slow_ones(proxy, "bodies", again=True):
            meanwhile = for_a_while(visit)
    yield Measured.at_most(
        f"page p95 while {SLOW_ONES} bodies are slow for {SECONDS} s", slow_end(meanwhile), "s", SECONDS_AT_MOST
    )
    yield Measured.info("… median", statistics.median(meanwhile), "s")
    yield Measured.info("… the longest", max(meanwhile), "s")
    yield Measured.info("… pages opened", len(meanwhile), "pages")
    yield Measured.info("… p95 before", slow_end(before), "s")
    yield Measured.info("… median before", statistics.median(before), "s")


def for_a_while(visit):
    """The seconds of each visit, one after the other, for as long as the bodies are slow."""
    until, times = time.monotonic() + SECONDS, []
    while time.monotonic() < until:
        times.append(visit())
    return times


@contextlib.contextmanager
def running():
    """The web server and the proxy in front of it, on the database that is measured."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-web-") as folder:
        site = RunningSite(folder, BEHIND_PROXY="true", DATABASE_URL=os.environ["DATABASE_URL"])
        try:
            proxy = Proxy(site)
            try:
                yield proxy
            finally:
                proxy.stop()
        finally:
            site.stop()


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
