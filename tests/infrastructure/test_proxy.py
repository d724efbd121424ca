"""The proxy of the guide, Debian's Caddy with config/Caddyfile, in front of the app: it shields, and writes no keys."""

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

from tests.infrastructure.web_server import ROOT, RunningSite, get, links_in, read_all

pytestmark = pytest.mark.slow

SLOW_ONES = 40  # more than the app has threads, many times over
FORM = "Content-Type: application/x-www-form-urlencoded"


class Proxy:
    """Caddy as the guide starts it, but for where it listens, and without TLS."""

    def __init__(self, site):
        self.site = site
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = site.folder / "caddy.log"
        environment = os.environ | {
            "ALONGSIDE_SITE": f"http://localhost:{self.port}",
            "ALONGSIDE_APP": f"unix/{site.socket}",
            "HOME": str(site.folder),
            "XDG_DATA_HOME": str(site.folder),
            "XDG_CONFIG_HOME": str(site.folder),
        }
        with self.log.open("wb") as lines:
            self.process = subprocess.Popen(
                ["caddy", "run", "--config", "config/Caddyfile", "--adapter", "caddyfile"],
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


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    assert shutil.which("caddy"), "Caddy is not here. As root: apt-get install caddy"
    site = RunningSite(tmp_path_factory.mktemp("site"), BEHIND_PROXY="true")
    running = Proxy(site)
    yield running
    running.stop()
    site.stop()


@contextlib.contextmanager
def open_connections(proxy, first, *, more=b""):
    """Connections that have each sent these first bytes, and send a letter now and then while the block lasts."""
    over = threading.Event()
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(proxy.connect()) for _ in range(SLOW_ONES)]
        for connection in connections:
            connection.sendall(first)

        def dribble():
            while more and not over.wait(0.5):
                for connection in connections:
                    with contextlib.suppress(OSError):  # the proxy has closed it: that is what it is for
                        connection.sendall(more)

        thread = threading.Thread(target=dribble)
        thread.start()
        try:
            yield connections
        finally:
            over.set()
            thread.join()


SLOW = {
    "bodies": (get("/sign-in/", FORM, "Content-Length: 2000000", method="POST") + b"username=", b"a"),
    "headers": (b"GET /about/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"a"),
    "idle connections": (b"", b""),
}


@pytest.mark.parametrize("kind", SLOW)
def test_forty_slow_ones_keep_nobody_waiting(proxy, kind):
    """While they hold, every page is answered; without the proxy's buffers each would take a thread of the app."""
    first, more = SLOW[kind]
    with open_connections(proxy, first, more=more) as connections:
        for _turn in range(20):
            assert proxy.status("/about/") == 200
        still_open = [connection for connection in connections if is_open(connection)]
        assert len(still_open) == SLOW_ONES, "the pages were answered while all of them were holding"


def is_open(connection):
    connection.setblocking(False)
    try:
        connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return True
    except OSError:
        pass
    else:
        return False  # it was answered, or closed
    finally:
        connection.settimeout(90)


@pytest.mark.parametrize("kind", ["bodies", "headers"])
def test_a_slow_one_is_ended_by_the_deadline(proxy, kind):
    first, _more = SLOW[kind]
    with proxy.connect() as connection:
        connection.sendall(first)
        answer = read_all(connection)  # until the proxy closes it; a test without the deadline ends by the socket's own
    assert "<html" not in answer, "half a form has reached the app"


def test_three_megabytes_at_once_are_told_to_be_too_much(proxy):
    body = b"username=" + b"a" * 3_500_000
    head = get("/sign-in/", FORM, f"Content-Length: {len(body)}", method="POST")
    with proxy.connect() as connection:
        connection.sendall(head)
        with contextlib.suppress(OSError):  # it may have answered, and closed, before all of it was sent
            connection.sendall(body)
        answer = read_all(connection)
    assert " 413 " in answer.splitlines()[0]


def test_what_a_stranger_says_of_the_address_and_of_whence_they_come_does_not_count(proxy):
    plain = links_in(proxy.ask(get("/about/")))
    for name in ("SCRIPT_NAME", "Script-Name", "PATH_INFO"):
        assert links_in(proxy.ask(get("/about/", f"{name}: /elsewhere"))) == plain


def test_made_up_addresses_buy_no_more_guesses(proxy):
    codes = []
    for number in range(12):
        page = proxy.ask(get("/sign-in/"))
        token = page.split('name="csrfmiddlewaretoken" value="', 1)[1].split('"', 1)[0]
        cookie = page.split("Set-Cookie: csrftoken=", 1)[1].split(";", 1)[0]
        body = f"csrfmiddlewaretoken={token}&username=sam&passphrase=guess{number}".encode()
        forged = (
            f"X-Forwarded-For: 198.51.100.{number}",
            f"Cookie: csrftoken={cookie}",
            f"Content-Length: {len(body)}",
        )
        answer = proxy.ask(get("/sign-in/", FORM, *forged, method="POST") + body)
        codes.append(int(answer.split(" ", 2)[1]))
    assert codes == [200] * 10 + [429] * 2


KEYS = ["/o/key-of-a-card-3141/", "/join/key-of-an-invitation-2718/", "/new-passphrase/key-of-a-link-1618/"]


def test_the_app_goes_and_comes_back_and_no_key_is_written_meanwhile(proxy):
    proxy.site.stop()
    for path in KEYS:
        answer = proxy.ask(get(f"{path}?also=key-in-a-query", "Cookie: alongside=key-of-a-session"))
        assert " 502 " in answer.splitlines()[0]
        assert "Your last saved words are safe" in answer
        assert "no-store" in answer
    proxy.site.start()
    proxy.wait_until(lambda: proxy.status("/about/") == 200)
    for path in KEYS:
        proxy.status(path)
    assert "key-" not in proxy.written()
    assert "key-" not in proxy.site.written()


def test_a_restart_of_the_app_answers_what_it_has_begun(proxy):
    """SIGHUP, as after a new version: the pages of that moment are answered all the same."""
    codes = []
    proxy.site.process.send_signal(signal.SIGHUP)
    for _turn in range(20):
        codes.append(proxy.status("/about/"))
    assert set(codes) == {200}
