"""Everything by keyboard alone, with the focus always to be seen; script or no script."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.crawl import device_of
from tests.browser.demo_site import DemoSite
from tests.cast import PASSPHRASE

STOPS_AT_MOST = 400

# Where the focus is: its name as a screen reader would say it, more or less.
NAME = """() => {
  const here = document.activeElement;
  const label = here.labels?.[0]?.textContent ?? '';
  return (here.getAttribute('aria-label') ?? (here.matches('input, textarea, select') ? label : here.textContent))
    .replace(/\\s+/g, ' ').trim();
}"""

# Marks the element with the focus; says where Tab has been already, and what is wrong with how the focus is shown.
LOOK = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here.dataset.seen) return {done: true};
  here.dataset.seen = 'yes';
  const label = here.closest('label') ?? here.labels?.[0];
  const around = [here, label, ...(label ? label.querySelectorAll('span') : [])].filter(Boolean);
  const drawn = one => { const style = getComputedStyle(one);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2; };
  const isAt = (one, x, y) => { const at = document.elementFromPoint(x, y);
    return at && (one.contains(at) || label && label.contains(at)); };
  const isClear = one => { const box = one.getBoundingClientRect(), y = box.y + Math.min(box.height, innerHeight) / 2;
    return [box.x + 8, box.x + box.width / 2, box.right - 8].some(x => isAt(one, x, y)); };
  const called = (here.textContent || label?.textContent || here.name).trim().slice(0, 40);
  const name = `${here.tagName.toLowerCase()} "${called}"`;
  const wrong = [];
  if (!around.some(drawn)) wrong.push(`${name}: the focus is not to be seen`);
  if (!isClear(here)) wrong.push(`${name}: nothing of it is in sight`);
  return {done: false, wrong, name};
}"""


# --- the story of one goal ---


class Keyboard:
    """Someone who has only keys."""

    def __init__(self, page):
        self.page = page

    def tab_to(self, name):
        """Tab on until the focus is on this; from wherever it is, and never backwards."""
        for _stop in range(STOPS_AT_MOST):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(NAME).startswith(name):
                return
        raise AssertionError(f"Tab never comes to: {name}")

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words):
        self.page.keyboard.type(words)

    def go(self, name):
        self.tab_to(name)
        self.press("Enter")

    def is_on_page(self, heading):
        expect(self.page.get_by_role("heading", name=heading).first).to_be_visible()


def signs_in(maya):
    maya.page.goto("/sign-in/")
    maya.tab_to("Sign-in name")
    maya.type("maya")
    maya.press("Tab")
    maya.type(PASSPHRASE)
    maya.press("Enter")
    maya.is_on_page("Maya’s plan")


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without script"])
def test_maya_writes_does_and_rests_a_goal_with_keys_alone(transactional_db, cast, open_device, runs_script):
    with open_device(**DESKTOP, java_script_enabled=runs_script, lets_pass=("weather.gov",)) as page:
        maya = Keyboard(page)
        signs_in(maya)
        maya.go("What do you want?")
        maya.is_on_page("A new goal")
        maya.tab_to("What do you want?")
        maya.type("Slow mornings")
        maya.tab_to("What is one small thing you can do?")
        maya.type("Coffee on the steps")
        maya.press(*["Enter", "Enter"] if runs_script else ["Enter"])  # with script there is one more box, left blank
        expect(page.locator(".esteps")).to_contain_text("Coffee on the steps")
        maya.tab_to("What is one small thing you can do?")
        maya.type("Phone across the room")
        maya.press("Enter")
        expect(page.locator(".esteps")).to_contain_text("Phone across the room")
        maya.go("My plan")
        maya.is_on_page("Maya’s plan")
        maya.go("I did this: Coffee on the steps")
        expect(page.locator("article.goal .done")).to_contain_text("Coffee on the steps")
        if runs_script:
            assert page.evaluate(NAME) == "Undo"  # the way back is under her finger
            maya.press("Enter")
        else:
            maya.go("Undo")
        expect(page.locator("article.goal .done")).to_have_count(0)
        maya.go("Change: Slow mornings")
        maya.is_on_page("Goal 1")
        maya.go("Let it rest")
        expect(page.locator("#told")).to_be_visible()
        goal = cast.plan.goals.get()
        assert (goal.words, goal.state, goal.steps.count()) == ("Slow mornings", "resting", 2)
        page.reload()
        maya.press("Tab", "Tab")
        assert page.evaluate(NAME) == "Leave this page"
        maya.press("Enter")
        expect(page.locator("h1")).to_have_text("Somewhere else")


def test_the_first_stop_skips_to_the_page(transactional_db, cast, open_device):
    with open_device(**DESKTOP) as page:
        page.goto("/open/")
        maya = Keyboard(page)
        maya.go("Skip to the page")
        maya.press("Tab")
        assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


# --- the focus, on every stop of the key pages ---

KEY_PAGES = {
    *("open", "sign-in", "settings", "today", "person-new", "together-part strengths", "plan", "about-me"),
    *("part strengths", "part values", "goal", "goal-new", "step-change", "card", "print", "share", "share-summary"),
    *("looks", "summaries", "summary"),
}


@pytest.fixture
def demo(transactional_db):
    return DemoSite()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_focus_is_seen_and_never_hidden_on_every_stop(demo, site, chromium, device):
    pages = [shown for shown in demo.every_page() if shown.name in KEY_PAGES]
    assert {shown.name for shown in pages} == KEY_PAGES
    wrong = []
    for reader in dict.fromkeys(shown.reader for shown in pages):
        with device_of(reader, demo=demo, site=site, chromium=chromium, **device) as page:
            page.emulate_media(reduced_motion="reduce")  # else the page is still on its way when it is looked at
            for shown in [shown for shown in pages if shown.reader == reader]:
                page.goto(shown.address)
                wrong += [f"{shown}: {line}" for line in walked_by_tab(page)]
    assert not wrong, "\n".join(wrong)


def walked_by_tab(page):
    """What is wrong at any stop, from the first to the last."""
    stops, wrong = 0, []
    while stops < STOPS_AT_MOST:
        page.keyboard.press("Tab")
        seen = page.evaluate(LOOK)
        if seen["done"]:
            break
        stops += 1
        wrong += seen["wrong"]
    everything = page.evaluate("document.querySelectorAll('main a[href], main button').length")
    assert stops > min(everything, 3), "Tab goes nowhere"
    return wrong
