"""The web server as it is started: what a stranger's headers and broken requests do, and what is written of them."""

import stat

import pytest

from peers import middleware
from tests.infrastructure.web_server import RunningSite, get, links_in

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = RunningSite(tmp_path_factory.mktemp("site"), BEHIND_PROXY="true")
    yield running
    running.stop()


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script-Name", "PATH_INFO"])
def test_no_header_says_which_part_of_an_address_is_ours(site, name):
    plain = site.ask(get("/about/"))
    assert " 200 " in plain.splitlines()[0]
    assert links_in(site.ask(get("/about/", f"{name}: /elsewhere"))) == links_in(plain)


def test_what_a_stranger_can_set_off_is_not_written_down(site):
    before = site.written()
    site.ask(get("/about/", method="HEAD"))
    site.ask(get("/static/css/none.css", method="HEAD"))
    site.ask(get("/o/a-key-of-a-card/", method="HEAD"))
    for broken in (b"nonsense\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /o/a-key HTTP/1.1\r\nBroken\r\n\r\n"):
        assert " 400 " in site.ask(broken).splitlines()[0] or " 505 " in site.ask(broken).splitlines()[0]
    assert site.written() == before


def test_a_body_that_comes_too_slowly_is_not_waited_for(site, tmp_path):
    """The rest of a short form never comes; after the deadline it is answered, and nothing of it is taken."""
    head = get("/sign-in/", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 500", method="POST")
    answer = site.ask(head + b"username=sam&passphrase=half", timeout=6 * middleware.BODY_SECONDS)
    assert " 400 " in answer.splitlines()[0]


def test_only_the_proxy_s_group_reaches_the_socket(site):
    assert stat.S_IMODE(site.socket.stat().st_mode) == 0o660


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_a_method_that_no_page_has_is_answered_so(site, method):
    for path in ("/", "/about/", "/settings/", "/no-such-page/"):
        answer = site.ask(get(path, method=method))
        assert " 405 " in answer.splitlines()[0]
        assert "no-store" in answer
