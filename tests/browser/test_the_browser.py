"""The tests' own eyes: that they see what is wrong, and that a person's ways through a browser are the real ones."""

import http.server
import threading

import pytest

from tests.browser.axe import axe_check, violations
from tests.browser.conftest import DESKTOP, PHONE, go_back
from tests.browser.validity import problems, valid_html

GOOD = """<!doctype html><html lang="en"><head><title>Today</title></head>
<body><main><h1>Today</h1><p>Words.</p><a href="/other">Other page</a></main></body></html>"""
BAD = """<!doctype html><html><head><title>Today</title></head>
<body><main><h1>Today</h1><img src="/x.png"><p id=a>One</p><p id=a>Two</p><ul><div>no</div></ul></main></body></html>"""


class Pages:
    """A small site that stands where the app stands, under the app's kind of content policy."""

    def __init__(self):
        self.pages = {"/": GOOD, "/other": GOOD.replace("Words.", "Other words."), "/bad": BAD}
        self.cache_control = "no-store"
        site = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                text = site.pages.get(self.path)
                self.send_response(200 if text is not None else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Cache-Control", site.cache_control)
                self.send_header(
                    "Content-Security-Policy", "default-src 'none'; img-src 'self'; script-src 'self'; form-action *"
                )
                self.end_headers()
                self.wfile.write((text or "").encode())

            def log_message(self, *_):
                """Nothing."""

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site():
    pages = Pages()
    yield pages
    pages.stop()


def test_axe_sees_a_picture_that_says_nothing_even_under_a_strict_policy(phone):
    phone.goto("/bad")
    assert {"image-alt", "html-has-lang"} <= {found["id"] for found in violations(phone)}
    with pytest.raises(AssertionError, match="image-alt"):
        axe_check(phone)


def test_axe_is_content_with_a_plain_good_page(desktop):
    desktop.goto("/")
    axe_check(desktop)


def test_the_checker_sees_each_mistake_and_names_the_page():
    found = problems({"today": GOOD, "a bad page": BAD})
    assert any("a bad page" in line and "Duplicate ID" in line for line in found)
    assert not any("today" in line for line in found)
    with pytest.raises(AssertionError, match="Duplicate ID"):
        valid_html({"a bad page": BAD})
    valid_html({"today": GOOD})


def test_a_page_that_asks_someone_else_fails_its_test(open_device, site):
    site.pages["/"] = GOOD.replace("<p>", '<link rel="prefetch" href="https://elsewhere.example/x"><p>')
    with pytest.raises(AssertionError, match="elsewhere.example|content policy"), open_device(**PHONE) as page:
        page.goto("/")
        page.wait_for_timeout(200)


def test_a_page_with_script_of_its_own_inside_fails_its_test(open_device, site):
    site.pages["/"] = GOOD.replace("<p>", "<script>document.title = 'Hello'</script><p>")
    with pytest.raises(AssertionError, match="content policy"), open_device(**DESKTOP) as page:
        page.goto("/")
        assert page.title() == "Today"


def test_a_link_to_another_site_arrives_there_and_without_an_address(desktop, other_sites, site):
    site.pages["/"] = GOOD.replace("/other", "https://weather.example/")
    desktop.goto("/")
    desktop.click("a")
    desktop.wait_for_url("https://weather.example/")
    assert desktop.inner_text("h1") == "Somewhere else"
    assert [host for host, _path, _headers in other_sites.asked if host == "weather.example"]


def test_back_brings_a_page_from_memory_as_it_does_for_people(desktop, site):
    """Without this, a test of Leave would pass although Back shows the plan."""
    site.cache_control = "max-age=0"
    desktop.goto("/")
    desktop.evaluate("document.querySelector('p').textContent = 'typed, and not saved'")
    desktop.click("a")
    desktop.wait_for_url("**/other")
    go_back(desktop)
    assert desktop.inner_text("p") == "typed, and not saved"


def test_without_script_there_is_no_script(phone_no_script, site):
    site.pages["/"] = GOOD.replace("<p>Words.</p>", "<noscript><p>Plain words.</p></noscript>")
    phone_no_script.goto("/")
    assert phone_no_script.inner_text("p") == "Plain words."
    assert phone_no_script.viewport_size == {"width": 360, "height": 740}
