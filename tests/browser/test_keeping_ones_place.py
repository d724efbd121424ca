"""After each of twenty answers Maya is where she was: what changed is on the screen, and the focus on or beside it."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from recovery_plans.models import Goal
from tests.browser.test_friction import at

LONGEST_LOOK = 30
WAY_BACK = "#told button, #undo button"
# What is wrong with the focus and with what is seen, after an answer: nothing, or a sentence.
WHERE = """(changed) => {
  const active = document.activeElement;
  const box = active.getBoundingClientRect();
  const name = `${active.tagName}.${active.className} "${active.textContent.trim().slice(0, 40)}"`;
  if (active === document.body || active.id === 'main') return `the focus is nowhere: ${name}`;
  const around = changed.closest('li, article, section, .card');
  if (!changed.contains(active) && !around.contains(active) && !active.contains(changed)) return `far away: ${name}`;
  if (box.bottom < 0 || box.top > innerHeight) return `the focus is off the screen, at ${Math.round(box.top)}: ${name}`;
  const told = document.getElementById('told');
  if (!told?.textContent.trim()) return 'nothing is told';
  return '';
}"""


@pytest.fixture
def full(plan, cast):
    """A plan on which every page is longer than a screen."""
    for number in range(12):
        plan.add_entry(section="strengths", words=f"I keep my word, also number {number}.", by=cast.maya)
    first = plan.goals.get()
    for number in range(5):
        first.add_step(words=f"One small thing more, number {number}", by=cast.maya)
    for number in range(3):
        goal = plan.add_goal(words=f"Something that I want, number {number}", by=cast.maya)
        goal.add_step(words=f"A first step, number {number}", by=cast.maya)
    return plan


class Story:
    """Taps, and asks after each whether Maya is still where she was."""

    def __init__(self, device):
        self.device, self.page = device, device.page
        self.done, self.wrong = 0, []

    def tap(self, what, changed):
        """Tap `what`; `changed` is where something is another way then."""
        self._press(what)
        self._look(what, changed)

    def undo(self, changed):
        self.tap(WAY_BACK, changed)

    def type(self, box, words, send, changed):
        self.page.locator(box).first.fill(words)
        self.tap(send, changed)

    def _press(self, what):
        target = self.page.locator(what).filter(visible=True).first
        target.scroll_into_view_if_needed()
        self.page.evaluate("document.getElementById('told')?.setAttribute('data-old', '')")
        target.click()
        expect(self.page.locator("#told:not([data-old])")).to_contain_text(re.compile(r"\w"))
        self.page.wait_for_load_state()

    def _look(self, what, changed):
        self.done += 1
        for _ in range(LONGEST_LOOK):  # a busy machine brings a page to its place a moment later
            where = self.page.locator(changed).first.evaluate(WHERE)
            if not where:
                break
            self.page.wait_for_timeout(100)
        if where:
            self.wrong.append(f"{self.done}. {what} at {self.device.address}: {where}")


@pytest.mark.parametrize("runs_script", [True, False], ids=["with script", "without"])
def test_after_each_of_twenty_actions_the_focus_is_beside_what_changed(signed_in, cast, full, runs_script):
    goal, line = full.goals.order_by("position").first(), full.entries.filter(section="strengths")[6]
    step, later = goal.steps.all()[0], goal.steps.all()[3]
    page_of_goal = f"{at(full)}goals/{goal.pk}/"
    with signed_in(cast.maya, f"{at(full)}about/strengths/", java_script_enabled=runs_script) as phone:
        story = Story(phone)
        story.tap("button.chip", "#h-chips")
        story.tap("button.chip >> nth=2", "#h-chips")
        story.type(
            "form[data-keep] textarea", "I hum when I work.", "form[data-keep] .btn[type=submit]", "li:has(#told)"
        )
        story.tap(f"#line-{line.pk} .do[type=submit]", ".kept")
        story.undo(f"#line-{line.pk}")
        phone.open(reverse("entry-change", kwargs={"plan": full.pk, "line": line.pk}))
        story.type("main textarea", "I keep my word. Mostly.", "main form .btn[type=submit]", f"#line-{line.pk}")

        phone.open(page_of_goal)
        story.tap(f"#step-{step.pk} button", f"#step-{step.pk}")
        story.undo(f"#step-{step.pk}")
        story.type("#steps [name=words]", "Ask Bea", "#steps .add-row .btn", "li:has(#told)")
        phone.open(reverse("step-change", kwargs={"plan": full.pk, "goal": goal.pk, "step": later.pk}))
        story.tap("main form[action$='/remove/'] button", "#steps")
        story.undo(f"#step-{later.pk}")
        story.tap("button[name=state][value=resting]", ".state")
        story.undo(".state")
        story.tap("button[name=later]", ".acts")
        story.tap("button[name=earlier]", ".acts")

        phone.open(at(full))
        story.tap("#next .btn--honey", "#next")
        story.undo("#next")
        story.tap(f"#step-{later.pk} .tap", f"#step-{later.pk}")
        story.undo(f"#step-{later.pk}")
        second = full.goals.order_by("position")[1]
        Goal.unguarded.filter(pk=second.pk).update(state="resting")
        phone.open(at(full))
        story.tap(f"#goal-{second.pk} .push button", f"#goal-{second.pk}")

        phone.open(f"{at(full)}share/")
        phone.tap("Open it")
        story.tap("button[value=open]", ".people:has(button[value=close])")
        story.tap("button[value=close]", ".people:not(:has(button[value=close]))")
        assert story.done >= 20
        assert not story.wrong, "\n".join(story.wrong)


def test_a_page_that_comes_again_is_scrolled_to_where_it_was(signed_in, cast, full):
    """A word that was tapped stood at 645 px; the page came back at its top."""
    with signed_in(cast.maya, f"{at(full)}about/strengths/") as phone:
        chips = phone.page.locator("form:has(button.chip)").first
        chips.evaluate("form => scrollBy(0, form.getBoundingClientRect().top - 300)")
        before = chips.bounding_box()["y"]
        chips.locator("button.chip").first.click()
        expect(phone.page.locator("#told [role=status]")).not_to_be_empty()
        phone.page.wait_for_timeout(300)
        assert abs(chips.bounding_box()["y"] - before) < 2


def test_what_is_told_comes_into_a_live_region_that_is_there_already(signed_in, cast, full):
    """What stands in a live region when the page comes may never be read out."""
    with signed_in(cast.maya, f"{at(full)}about/strengths/") as phone:
        phone.page.add_init_script("""addEventListener('DOMContentLoaded', () => {
          const seen = window.seen = [];
          new MutationObserver((all) => all.forEach((one) => {
            const region = one.target.closest?.('[role=status]');
            if (region && one.addedNodes.length) seen.push(region.textContent.trim());
          })).observe(document.body, { childList: true, subtree: true });
        })""")
        phone.page.locator("button.chip").first.click()
        expect(phone.page.locator("#told")).to_be_visible()
        phone.page.wait_for_timeout(300)
        sentence = phone.page.locator("#told [role=status]").inner_text().strip()
        assert sentence
        assert sentence in phone.page.evaluate("window.seen")
