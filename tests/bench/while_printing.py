"""Whether anyone notices while five PDFs are being made: a real web server and a real PDF service, on this machine.

One reader opens their plan again and again, for a while without and for a while with five others printing theirs all
the time. Counted is the slow end (the 95th of 100): each turn with against its turn without, the median of the turns.
"""

import contextlib
import http.client
import multiprocessing
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from django.urls import reverse

from recovery_plans.pdf_service import client as pdf_client
from tests.bench.measure import Measured
from tests.bench.pdf_service import COMMAND
from tests.bench.site import load_site

SLOWER_AT_MOST = 2.5  # why: docs/decisions/0003-the-pdf-service.md
PRINTING = 5
TURNS, VISITS = 7, 200
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def measure():
    from django.test import Client

    from tests.bench.plans import full_plan

    plans = [full_plan(f"Reader {number}")[0] for number in range(PRINTING + 1)]
    cookies = []
    for plan in plans:
        client = Client()
        client.force_login(plan.owner, backend="peers.auth_backends.Passphrase")
        cookies.append(client.cookies["alongside"].value)
    with running() as port:
        reader = Reader(port, cookies[0], reverse("plan", kwargs={"plan": plans[0].pk}))
        for _ in range(20):
            reader.visit()
        without, ratios, made = [], [], 0
        for _ in range(TURNS):
            alone = slow_end(reader.visit() for _ in range(VISITS))
            with PrintingAllTheTime(port, plans[1:], cookies[1:]) as others:
                printing = slow_end(reader.visit() for _ in range(VISITS))
            without.append(alone)
            ratios.append(printing / alone)
            made += others.made
    slow_alone = statistics.median(without)
    yield Measured.at_most("page p95 while five PDFs are made", statistics.median(ratios), "x without", SLOWER_AT_MOST)
    yield Measured.info("page p95 without", slow_alone, "ms")
    yield Measured.at_least("PDFs made meanwhile", made, "PDFs", PRINTING)


def slow_end(times):
    """The time that 95 of 100 stay under."""
    return statistics.quantiles(times, n=100)[94]


@contextlib.contextmanager
def running():
    """The web server and the PDF service, as ./run starts them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    gunicorn = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
        "--log-level",
        "warning",
        "--no-control-socket",
    ]
    processes = [subprocess.Popen(each, cwd=ROOT, start_new_session=True) for each in (COMMAND, gunicorn)]
    try:
        until = time.monotonic() + 60
        while not (pdf_client.is_running() and _answers(port)):
            if time.monotonic() > until or any(process.poll() is not None for process in processes):
                raise RuntimeError("the web server or the PDF service did not start")
            time.sleep(0.1)
        yield port
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait(timeout=20)


def _answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Reader:
    """Someone with a browser: one address, asked for again and again."""

    def __init__(self, port, cookie, path):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._token, self._path = secrets.token_hex(16), path
        self._headers = {"Cookie": f"alongside={cookie}; csrftoken={self._token}", "Accept-Language": "en"}

    def visit(self):
        """Milliseconds from the request to the end of the response, the connection with it."""
        self._connection.close()
        began = time.perf_counter()
        self._connection.request("GET", self._path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise AssertionError(f"the page answered {answer.status}")
        return (time.perf_counter() - began) * 1000

    def print_it(self):
        self._connection.close()
        headers = {**self._headers, "X-CSRFToken": self._token, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request("POST", self._path, body=urlencode({}), headers=headers)
        answer = self._connection.getresponse()
        pdf = answer.read()
        if answer.status != 200 or not pdf.startswith(b"%PDF"):
            raise AssertionError(f"printing answered {answer.status}")


class PrintingAllTheTime:
    """Five people who print their plans, one PDF after the other, until the block is over.

    They sit in a process of their own: what they receive is not to keep the reader's clock waiting.
    """

    def __init__(self, port, plans, cookies):
        readers = [
            Reader(port, cookie, reverse("print-pdf", kwargs={"plan": plan.pk}))
            for plan, cookie in zip(plans, cookies, strict=True)
        ]
        self.made, self._over = 0, multiprocessing.Event()
        self._results, sending = multiprocessing.Pipe(duplex=False)
        self._people = multiprocessing.Process(target=print_on, args=(readers, self._over, sending))

    def __enter__(self):
        self._people.start()
        time.sleep(0.3)
        return self

    def __exit__(self, *_):
        self._over.set()
        self.made = self._results.recv()
        self._people.join()
        if isinstance(self.made, str):
            raise AssertionError(self.made)


def print_on(readers, over, sending):
    """Each of them prints, again and again. Tells in the end how many PDFs were made, or what broke."""

    def prints(reader):
        made = 0
        while not over.is_set():
            reader.print_it()
            made += 1
        return made

    try:
        with ThreadPoolExecutor(max_workers=len(readers)) as people:
            sending.send(sum(people.map(prints, readers)))
    except Exception as problem:
        sending.send(f"printing broke: {problem}")


if __name__ == "__main__":
    load_site()
    for measured in measure():
        measured.tell()
