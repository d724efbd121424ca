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
from tests.browser.crawl import crawl_pages, device_of
from tests.browser.demo_site import DemoSite

THE_PLAN, ANY_OTHER = 120 * 1024, 100 * 1024
PACKED_AHEAD = (".css", ".js", ".svg")  # fonts are packed already
HEADING_FONT = "literata"
HEAD = 300  # what an answer says before its body, about


@pytest.fixture
def demo(transactional_db):
    return DemoSite()


@pytest.fixture
def phone_site(demo, site, chromium):
    return {"demo": demo, "site": site, "chromium": chromium, **PHONE}


class Scales:
    """Weighs everything that the page on the screen asked for, as if nobody had ever been here."""

    def __init__(self):
        self.asked = []

    def watch(self, page):
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("request", self._note)

    def _note(self, request):
        if request.is_navigation_request():
            self.asked.clear()  # another page begins
        self.asked.append(request)

    def weigh(self, page):
        """The weight of each thing by its address, in bytes."""
        page.wait_for_load_state("load")
        page.evaluate("document.fonts.ready.then(() => true)")
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


def test_the_plan_weighs_at_most_120_kb_and_every_other_page_100_kb(phone_site):
    scales = Scales()

    def too_heavy(page, shown):
        weights = scales.weigh(page)
        if sum(weights.values()) > (THE_PLAN if shown.name.partition(",")[0] == "plan" else ANY_OTHER):
            yield readable(weights)

    found = crawl_pages(too_heavy, prepare=scales.watch, **phone_site)
    assert not found, "\n".join(found)


def test_the_scales_weigh_what_a_page_asks_for(phone_site, demo):
    plan = next(shown for shown in demo.every_page() if shown.name == "plan")
    weights = weight_of_first_view(plan, phone_site)
    assert any(address.endswith(plan.address) for address in weights)
    assert any(address.endswith(".css") for address in weights)
    assert sum(weights.values()) > 50_000


def weight_of_first_view(shown, phone_site, **options):
    scales = Scales()
    with device_of(shown.reader, **phone_site, **options) as page:
        scales.watch(page)
        page.goto(shown.address)
        assert page.locator("h1").first.is_visible()
        return scales.weigh(page)


def test_with_save_data_on_the_heading_font_stays_where_it_is(phone_site, demo):
    plan = next(shown for shown in demo.every_page() if shown.name == "plan" and shown.reader == "maya")
    assert any(HEADING_FONT in address for address in weight_of_first_view(plan, phone_site))
    weights = weight_of_first_view(plan, phone_site, extra_http_headers={"Save-Data": "on"})
    assert not any(HEADING_FONT in address for address in weights), readable(weights)
