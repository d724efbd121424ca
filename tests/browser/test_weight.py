"""How much a page weighs on its first view, all it asks for included: for an old phone, on a bad line, paid by the MB.

Weighed as it travels: what whitenoise packs ahead is weighed packed, a page as the app itself sends it.
"""

import functools
import gzip
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles.finders import find

from tests.browser.conftest import PHONE
from tests.browser.every_page import Place
from tests.browser.walk import device_of, walk_through

THE_PLAN, ANY_OTHER = 120 * 1024, 100 * 1024
PACKED_AHEAD = (".css", ".js", ".svg")  # fonts are packed already
HEADING_FONT = "literata"
HEAD = 300  # what an answer says before its body, about


@pytest.fixture
def place(transactional_db):
    return Place()


@pytest.fixture
def here(place, site, chromium):
    return {"place": place, "site": site, "chromium": chromium, **PHONE}


class Scales:
    """Weighs everything that a page asks for, as if nobody had ever been here."""

    def __init__(self, page):
        self.page, self.asked = page, []
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("request", lambda asked: self.asked.append(asked))

    def weigh(self, address):
        """The weight of each thing by its address, in bytes."""
        self.asked.clear()
        self.page.goto(address)
        self.page.evaluate("document.fonts.ready.then(() => true)")
        self.page.wait_for_load_state("load")
        return {asked.url: _weight_of(asked) for asked in self.asked if asked.url.startswith("http")}


def _weight_of(request):
    path = urlsplit(request.url).path
    if path.startswith("/static/"):
        return HEAD + _weight_of_file(path)
    answer = request.response()
    return HEAD + (request.sizes()["responseBodySize"] if answer.ok or answer.status >= 400 else 0)


@functools.cache
def _weight_of_file(path):
    body = Path(find(path.removeprefix("/static/"))).read_bytes()
    return len(gzip.compress(body, 9) if path.endswith(PACKED_AHEAD) else body)


def readable(weights):
    heaviest = sorted(weights.items(), key=lambda pair: -pair[1])
    parts = [f"{urlsplit(address).path.rsplit('/', 1)[-1] or 'the page'} {weight}" for address, weight in heaviest[:8]]
    return f"{sum(weights.values())} bytes: {', '.join(parts)}"


def too_heavy(page, shown, *, scales):
    """Whether a page is over its weight; every page is opened anew for it."""
    if page not in scales:
        scales[page] = Scales(page)
    weights = scales[page].weigh(shown.address)
    if sum(weights.values()) > (THE_PLAN if shown.name == "plan" else ANY_OTHER):
        yield readable(weights)


def test_the_plan_weighs_at_most_120_kb_and_every_other_page_100_kb(here):
    found = walk_through(functools.partial(too_heavy, scales={}), **here)
    assert not found, "\n".join(found)


def test_with_save_data_on_the_heading_font_stays_where_it_is(here, place):
    plan = next(shown for shown in place.every_page() if shown.name == "plan" and shown.reader == "maya")
    with device_of("maya", **here) as page:
        assert any(HEADING_FONT in address for address in Scales(page).weigh(plan.address))
    with device_of("maya", **here, extra_http_headers={"Save-Data": "on"}) as page:
        weights = Scales(page).weigh(plan.address)
        assert not any(HEADING_FONT in address for address in weights), readable(weights)
        assert page.locator("h1").is_visible()
