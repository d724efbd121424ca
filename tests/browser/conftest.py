"""Chromium for the tests: a phone and a desktop, with script and without, on a live server.

Each page watches itself: a mistake in a script, something the content policy refused, or a request to anyone
but the app fails the test that did it.
"""

import os
import signal
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, expect, sync_playwright

from recovery_plans.models import Grant
from tests.browser.device import Device
from tests.browser.other_sites import OtherSites

FOLDER = Path(__file__).parent
# Seconds. A page that waits for both cores may be slow; what does not come in this time does not come.
BUSY_MACHINE = 30
LONGEST_TEST = 10 * 60
LONGEST_CLOSE = 60
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}


expect.set_options(timeout=BUSY_MACHINE * 1000)


def pytest_collection_modifyitems(items):
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def other_sites(tmp_path_factory):
    """Every site that is not the app. `elsewhere.asked` lists what was asked of it."""
    server = OtherSites(tmp_path_factory.mktemp("elsewhere"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def chromium(other_sites):
    """Debian's Chromium, with its back-forward cache as people have it, and no road to the internet."""
    flags = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--disable-gpu",
        f"--host-resolver-rules=MAP * 127.0.0.1:{other_sites.port}, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=flags,
            # Playwright turns it off; Leave has to hold with it on.
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        browser.close()


@pytest.fixture
def site(live_server):
    """What stands behind the pages: the app itself."""
    return live_server


@pytest.fixture
def open_device(chromium, site, other_sites):
    """Makes another device, as a context manager: `with open_device(**PHONE) as page:`. Relative addresses work."""
    other_sites.asked.clear()
    home = urlsplit(site.url).netloc

    @contextmanager
    def open_one(*, lets_pass=(), **options):
        wrong = []
        context = chromium.new_context(base_url=site.url, ignore_https_errors=True, locale="en-US", **options)
        context.set_default_timeout(BUSY_MACHINE * 1000)
        context.on("weberror", lambda error: wrong.append(f"mistake in a script: {error.error}"))
        context.on("console", lambda message: _note_refusal(message, wrong))
        context.on("request", lambda request: _note_stranger(request, home, wrong))
        try:
            yield context.new_page()
        finally:
            _close(context)
        wrong = [line for line in wrong if not any(known in line for known in lets_pass)]
        assert not wrong, "\n".join(wrong)

    return open_one


@contextmanager
def at_most(seconds):
    """Some waits of Playwright have no end of their own: raises TimeoutError where one takes longer."""

    def give_up(*_):
        raise TimeoutError("the browser did not answer any more")

    handler_before = signal.signal(signal.SIGALRM, give_up)
    left_before, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left_before)
        signal.signal(signal.SIGALRM, handler_before)


@pytest.fixture(autouse=True)
def an_end_to_waiting():
    """A test that meets a wait without end fails, and the others are run."""
    with at_most(LONGEST_TEST):
        yield


def _close(context):
    """Chromium says yes and closes nothing while a page is on its way to another (Playwright's issue 42366).

    So each page is brought to an empty one first. A context that will not close even then is closed with the browser:
    what the test had to show it has shown.
    """
    for page in context.pages:
        for _ in range(3):
            try:
                page.goto("about:blank")
                break
            except Error:  # the other page was faster
                continue
    with suppress(TimeoutError), at_most(LONGEST_CLOSE):
        context.close()


def go_back(page):
    """Back, as a person presses it. A page that comes from the browser's memory is there without loading."""
    page.go_back(wait_until="commit")


def _note_refusal(message, wrong):
    if message.type == "error" and "Content Security Policy" in message.text:
        wrong.append(f"refused by the content policy: {message.text}")


def _note_stranger(request, home, wrong):
    parts = urlsplit(request.url)
    if parts.scheme in ("http", "https") and parts.netloc != home and not request.is_navigation_request():
        wrong.append(f"asked of someone else: {request.url}")


@pytest.fixture
def phone(open_device):
    """A small phone, 360 x 740, with touch."""
    with open_device(**PHONE) as page:
        yield page


@pytest.fixture
def phone_no_script(open_device):
    """The same phone with script off."""
    with open_device(**PHONE, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def desktop(open_device):
    """An office computer, 1280 x 800."""
    with open_device(**DESKTOP) as page:
        yield page


@pytest.fixture
def plan(transactional_db, cast):
    """Maya's plan with one goal of hers and its two steps, a strength, and her yes to the summary."""
    plan = cast.plan
    plan.add_entry(section="strengths", words="I keep my word.", by=cast.maya)
    goal = plan.add_goal(words="Slow mornings", by=cast.maya)
    goal.add_step(words="Coffee on the steps", by=cast.maya)
    goal.add_step(words="Phone across the room", by=cast.maya)
    Grant.say_yes_to_summary(plan=plan, organization=cast.harbor, by=cast.maya)
    return plan


@pytest.fixture
def signed_in(open_device, browser_of, site):
    """A device on which someone has come in; counting starts when the test says so."""

    @contextmanager
    def device_of(user, at, device=PHONE, **options):
        with open_device(**device, **options) as page:
            session = browser_of(user).cookies["alongside"].value
            page.context.add_cookies([{"name": "alongside", "value": session, "url": site.url}])
            mine = Device(page)
            mine.open(at)
            mine.start_counting()
            yield mine

    return device_of
