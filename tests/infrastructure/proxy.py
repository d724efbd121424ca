"""The proxy of the guide, started for real in front of the tests' own web server, and slow connections to it."""

import contextlib
import http.client
import os
import select
import socket
import subprocess
import threading
import time

from tests.infrastructure.web_server import ROOT, get, read_all

CADDYFILE = ROOT / "config" / "Caddyfile"
SLOW_ONES = 40  # more than the app has threads, many times over
FORM = "Content-Type: application/x-www-form-urlencoded"
# What each kind of slow connection sends first, and then again and again.
SLOW = {
    "bodies": (get("/sign-in/", FORM, "Content-Length: 2000000", method="POST") + b"username=", b"a"),
    "headers": (b"GET /about/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "idle connections": (b"", b""),
}


class Proxy:
    """Caddy as the guide starts it, but for where it listens, and without TLS."""

    def __init__(self, site, *, config=CADDYFILE):
        self.site = site
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = site.folder / f"caddy-{self.port}.log"
        environment = os.environ | {
            "ALONGSIDE_SITE": f"http://localhost:{self.port}",
            "ALONGSIDE_APP": f"unix/{site.socket}",
            "HOME": str(site.folder),
            "XDG_DATA_HOME": str(site.folder),
            "XDG_CONFIG_HOME": str(site.folder),
        }
        with self.log.open("wb") as lines:
            self.process = subprocess.Popen(
                ["caddy", "run", "--config", config, "--adapter", "caddyfile"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=lines,
                stderr=lines,
            )
        self.wait_until(lambda: self.status("/about/") == 200)

    def wait_until(self, holds):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            assert self.process.poll() is None, self.written()
            with contextlib.suppress(OSError, http.client.HTTPException):
                if holds():
                    return
            time.sleep(0.1)
        raise AssertionError(self.written())

    def connect(self):
        return socket.create_connection(("localhost", self.port), timeout=90)

    def ask(self, request):
        with self.connect() as connection:
            connection.sendall(request)
            return read_all(connection)

    def status(self, path, *headers):
        return int(self.ask(get(path, *headers)).split(" ", 2)[1])

    def written(self):
        return self.log.read_text(errors="replace")

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


@contextlib.contextmanager
def slow_ones(proxy, kind, *, again=False):
    """Forty connections that have begun to send, and send a letter now and then while the block lasts.

    Where the proxy has ended one of them, another takes its place with `again`.
    """
    first, more = SLOW[kind]
    over = threading.Event()
    connections = [begin(proxy, first) for _ in range(SLOW_ONES)]

    def dribble():
        while not over.wait(0.5):
            for number, connection in enumerate(connections):
                if again and not is_open(connection):
                    connection.close()
                    connections[number] = begin(proxy, first)
                elif more:
                    with contextlib.suppress(OSError):  # the proxy has closed it: that is what it is for
                        connection.sendall(more)

    thread = threading.Thread(target=dribble)
    thread.start()
    try:
        yield connections
    finally:
        over.set()
        thread.join()
        for connection in connections:
            connection.close()


def begin(proxy, first):
    connection = proxy.connect()
    connection.sendall(first)
    return connection


def is_open(connection):
    """Whether it was neither answered nor closed: there is nothing to read on it."""
    return not select.select([connection], [], [], 0)[0]
