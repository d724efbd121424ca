"""The plan printed from the browser: all of it, as by day, whatever the screen has folded or darkened."""

import pymupdf
import pytest

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.crawl import device_of
from tests.browser.demo_site import DemoSite

HEADINGS = ["What I bring", "What I am working on", "What matters to me", "More about me", "On a hard day"]


@pytest.fixture
def demo(transactional_db):
    return DemoSite()


def printed(page):
    """What Chromium prints of the page: its words, and the colour of the paper."""
    with pymupdf.open(stream=page.pdf(format="Letter", print_background=True)) as document:
        words = " ".join(" ".join(sheet.get_text() for sheet in document).split())
        return words, document[0].get_pixmap(dpi=36).pixel(3, 3)


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_plan_printed_from_the_browser_is_whole_and_as_by_day(demo, site, chromium, device, script):
    shown = next(one for one in demo.every_page() if one.name == "plan" and one.reader == "maya")
    options = {**device, "color_scheme": "dark", "java_script_enabled": script}
    with device_of("maya", demo=demo, site=site, chromium=chromium, **options) as page:
        page.goto(f"{shown.address}?goals=all")
        words, corner = printed(page)
    assert [heading for heading in HEADINGS if heading not in words] == []
    plan = demo.plan
    shown_goals = plan.goals.filter(removed_at=None, state__in=["now", "resting", "reached"])
    # The steps of a goal that rests are on its own page.
    awake = [goal for goal in shown_goals if goal.state != "resting"]
    steps = [step for goal in awake for step in goal.steps.filter(removed_at=None)]
    lines = [*plan.entries.filter(section__in=["strengths", "supporters", "hard_days"]), *shown_goals, *steps]
    missing = [line.words for line in lines if line.removed_at is None and " ".join(line.words.split()) not in words]
    assert missing == []
    assert corner == (255, 255, 255)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_what_to_print_is_chosen_on_one_short_page_with_its_button_in_sight(demo, site, chromium, script):
    shown = next(one for one in demo.every_page() if one.name == "print" and one.reader == "maya")
    options = {**PHONE, "java_script_enabled": script}
    with device_of("maya", demo=demo, site=site, chromium=chromium, **options) as page:
        page.goto(shown.address)
        assert page.locator(".print-choices input:visible").count() <= 8
        assert page.locator(".print-choices").bounding_box()["height"] < 740
        button = page.get_by_role("button", name="Get my PDF").bounding_box()
        doors = page.locator("nav.nav-m").bounding_box()
        assert button["y"] + button["height"] <= doors["y"]
        page.get_by_text("I pick the parts").click()
        assert page.get_by_label("My story so far").is_visible()
        sizes = [
            page.get_by_text(size, exact=True).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
            for size in ("Regular", "Large", "Extra large")
        ]
    assert [round(size / sizes[0], 2) for size in sizes] == [1, 1.5, 2]  # 12, 18 and 24 point
