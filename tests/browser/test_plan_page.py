"""The plan of the demo's Maya on a small phone: few screens, the next step soon, and nothing lost in its folds."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.crawl import device_of
from tests.browser.demo_site import DemoSite

HIGHEST, TWO_SCREENS = 4500, 2 * 740
FOOT_OF_FIRST = """() => {
  const first = [...document.querySelectorAll('button')].find(button => button.textContent.includes('I did this'));
  return first.getBoundingClientRect().bottom + scrollY;
}"""
LINES = """() => [...document.querySelectorAll('#main [lang]')].map(line => line.textContent.trim())"""


@pytest.fixture
def demo(transactional_db):
    return DemoSite()


@pytest.fixture
def mayas_plan(demo, site, chromium):
    """Opens Maya's plan on a phone: `with mayas_plan() as page`."""

    def open_plan(**options):
        return device_of("maya", demo=demo, site=site, chromium=chromium, **PHONE, **options)

    return open_plan


def open_on(page, demo):
    page.goto(f"/plans/{demo.plan.pk}/")
    page.evaluate("document.fonts.ready.then(() => true)")


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without"])
def test_the_plan_is_read_in_few_screens_and_the_next_step_is_soon_in_sight(demo, mayas_plan, runs_script):
    with mayas_plan(java_script_enabled=runs_script) as page:
        open_on(page, demo)
        assert page.evaluate("document.documentElement.scrollHeight") <= HIGHEST
        assert page.evaluate(FOOT_OF_FIRST) <= TWO_SCREENS


def test_every_line_is_there_and_the_folds_open_without_script(demo, mayas_plan):
    with mayas_plan(java_script_enabled=False) as page:
        open_on(page, demo)
        lines = page.evaluate(LINES)
        entries = demo.plan.entries.filter(removed_at=None, section__in=["vision", "strengths", "values", "supporters"])
        missing = [entry.words for entry in entries if not any(entry.words in line for line in lines)]
        assert not missing
        closed = page.locator("#main details:not([open]) > summary")
        while closed.count():
            closed.first.click()
        for entry in entries:
            assert page.locator("#main [lang]").filter(has_text=entry.words, visible=True).count()


def test_what_a_quiet_mark_means_stands_on_the_page_once(demo, mayas_plan):
    with mayas_plan() as page:
        open_on(page, demo)
        assert page.get_by_text("Not read back yet").count() == 1
        assert page.locator("#main .mk bdi").count() > 10, "and each line has its own mark"
