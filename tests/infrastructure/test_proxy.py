"""The proxy of the guide, Debian's Caddy with config/Caddyfile, in front of the app: it shields, and writes no keys."""

import contextlib
import shutil
import signal

import pytest

from tests.infrastructure.proxy import CADDYFILE, FORM, SLOW, Proxy, is_open, slow_ones
from tests.infrastructure.web_server import RunningSite, get, links_in, read_all

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    assert shutil.which("caddy"), "Caddy is not here. As root: apt-get install caddy"
    site = RunningSite(tmp_path_factory.mktemp("site"), BEHIND_PROXY="true")
    running = Proxy(site)
    yield running
    running.stop()
    site.stop()


ROUNDS, PAGES = 4, 5  # each round is over before the proxy ends a slow one, also on a busy machine


def pages_answered_while_all_hold(proxy, kind, *, rounds=ROUNDS):
    """How many pages are answered while every one of the forty is still sending, and none of them has its answer."""
    answered = 0
    for _round in range(rounds):
        with slow_ones(proxy, kind) as connections:
            for _page in range(PAGES):
                assert proxy.status("/about/") == 200
                answered += all(is_open(connection) for connection in connections)
    return answered


@pytest.mark.parametrize("kind", SLOW)
def test_forty_slow_ones_keep_nobody_waiting(proxy, kind):
    """None of the pages waits for the end of one of them. How many milliseconds a page takes: ./bench slow_bodies."""
    assert pages_answered_while_all_hold(proxy, kind) == ROUNDS * PAGES


def test_without_the_buffers_pages_wait_for_the_end_of_slow_bodies(proxy, tmp_path):
    """The control: each body takes a thread of the app, and a page is answered once one of them has ended."""
    config = tmp_path / "Caddyfile"
    config.write_text(CADDYFILE.read_text().replace("\t\tbuffer_requests\n", ""))
    unbuffered = Proxy(proxy.site, config=config)
    try:
        assert pages_answered_while_all_hold(unbuffered, "bodies", rounds=1) < PAGES
    finally:
        unbuffered.stop()


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
