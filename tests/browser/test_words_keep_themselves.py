"""On a goal's page words keep themselves: when the box is left, after a pause, and when the line comes back."""

import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from playwright.sync_api import expect

from recovery_plans.models import Draft, Ruler
from recovery_plans.models.goals import GoalLink
from tests.browser.test_friction import at

# Playwright itself waits while a page is on its way; a person does not.
TAP_TWICE = """button => new Promise((resolve) => {
  button.click();
  setTimeout(() => button.click(), 200);
  setTimeout(() => resolve(document.getElementById("messages").textContent), 400);
})"""


def test_words_are_kept_after_a_pause_while_the_box_is_still_open(signed_in, cast, plan):
    with signed_in(cast.maya, f"{at(plan)}goals/{plan.goals.get().pk}/") as phone:
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.sees("Saved.", within="#goal-words")
    assert plan.goals.get().words == "Slow, sweet mornings"


def test_on_a_dropped_line_the_words_wait_and_are_kept_when_it_is_back(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/") as phone:
        phone.page.context.set_offline(True)
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.press("Tab")
        status = phone.page.get_by_role("status").filter(has_text="Not saved yet. Keep this page open.")
        expect(status).to_be_visible()
        phone.tap("My plan")  # she is told once more instead of losing them
        expect(status).to_be_visible()
        expect(phone.page.get_by_label("What do you want?")).to_have_value("Slow, sweet mornings")
        assert phone.loads == 0
        phone.page.context.set_offline(False)
        phone.sees("Saved.", within="#goal-words")
    goal.refresh_from_db()
    assert (goal.words, goal.version) == ("Slow, sweet mornings", 2)


def test_when_the_answer_alone_is_lost_trying_again_is_the_same_save(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/") as phone:
        lost = []

        def lose_the_answer(route):
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()

        phone.page.route("**/change/", lose_the_answer, times=1)
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.press("Tab")
        phone.sees("Not saved yet. Keep this page open.")
        phone.write("What do you want?", "Slow, sweet, long mornings")
        phone.press("Tab")
        phone.sees("Saved.", within="#goal-words")
        expect(phone.page.locator("#goal-words [name=base_version]")).to_have_value("3")
    goal.refresh_from_db()
    assert lost == [302]
    assert (goal.words, goal.version) == ("Slow, sweet, long mornings", 3)


def test_when_two_places_write_at_once_both_texts_are_shown_and_nothing_typed_is_lost(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/") as phone:
        goal.rewrite(words="Mornings with Noor", by=cast.maya, base_version=1)
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.press("Tab")
        phone.sees_heading("Both texts are kept")
        phone.sees("Mornings with Noor")
        expect(phone.page.get_by_label("What do you want?")).to_have_value("Slow, sweet mornings")
        phone.tap("Keep my words")
        phone.sees("Saved.")
    goal.refresh_from_db()
    assert (goal.words, goal.version) == ("Slow, sweet mornings", 3)


def test_words_too_long_are_told_beside_the_button_and_stay(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/") as phone:
        phone.write("What do you want?", "w" * 15_001)
        phone.press("Tab")
        phone.sees("15001 characters", within="#goal-words [data-told]")
        phone.tap("Keep my words")  # and the page says it in full
        phone.sees("Please look at this")
        expect(phone.page.get_by_label("What do you want?")).to_have_value("w" * 15_001)
    goal.refresh_from_db()
    assert goal.words == "Slow mornings"


def test_leaving_takes_the_typed_words_to_safety(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/", lets_pass=("weather.gov",)) as phone:
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.press("Shift", "Shift", "Shift")
        expect(phone.page.locator("h1")).to_have_text("Somewhere else")
    goal.refresh_from_db()
    assert goal.words == "Slow, sweet mornings"


def test_leaving_waits_for_words_on_a_slow_line(signed_in, cast, plan, monkeypatch):
    call = WSGIHandler.__call__

    def late(self, environ, start):
        if environ["PATH_INFO"].endswith("/change/"):
            time.sleep(0.3)
        return call(self, environ, start)

    monkeypatch.setattr(WSGIHandler, "__call__", late)
    goal = plan.goals.get()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/", lets_pass=("weather.gov",)) as phone:
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.tap("Leave", within="form#leave")
        expect(phone.page.locator("h1")).to_have_text("Somewhere else")
    goal.refresh_from_db()
    assert goal.words == "Slow, sweet mornings"


def test_ticks_and_rulers_save_themselves_on_the_same_page(signed_in, cast, plan):
    goal, strength = plan.goals.get(), plan.entries.get(section="strengths")
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/") as phone:
        phone.page.locator("#goal-uses").get_by_text("I keep my word.").click()
        phone.sees("Saved.", within="#goal-uses")
        phone.page.locator("#goal-ruler .ruler label").nth(7).click()
        phone.sees("Saved. Only you can see this.", within="#goal-ruler")
        expect(phone.page.locator("#ruler-follow")).to_contain_text("7")
        assert phone.loads == 0
    assert GoalLink.unguarded.get(goal=goal).entry == strength
    assert Ruler.unguarded.get(goal=goal).matters == 7


@pytest.mark.parametrize("way", ["reload", "link", "language"])
def test_the_name_of_someone_new_is_still_there_and_in_no_plan(signed_in, cast, way):
    with signed_in(cast.sam, "/people/new/") as phone:
        name = phone.page.get_by_role("textbox")
        name.press_sequentially("Quique")
        if way == "reload":
            phone.page.reload()
        elif way == "language":
            phone.page.locator(".lang-form button").filter(visible=True).first.click()
            expect(phone.page.locator("html")).to_have_attribute("lang", "es")
        else:
            phone.page.locator("a.crumb").click()
            phone.page.wait_for_url("**/today/")
        phone.open("/people/new/")
        expect(name).to_have_value("Quique")
        phone.page.locator("form[data-keep] button[type=submit]").last.click()
        phone.page.wait_for_url("**/together/**")
        phone.open("/people/new/")
        expect(name).to_have_value("")
    assert Draft.unguarded.count() == 0


def test_a_second_tap_is_answered(signed_in, cast, plan, monkeypatch):
    call = WSGIHandler.__call__

    def late(self, environ, start):
        if environ["PATH_INFO"].endswith("/remove/"):
            time.sleep(2)
        return call(self, environ, start)

    monkeypatch.setattr(WSGIHandler, "__call__", late)
    with signed_in(cast.maya, f"{at(plan)}about/strengths/") as phone:
        take_out = phone.page.get_by_role("button", name="Take out")
        assert "On its way. One moment." in take_out.evaluate(TAP_TWICE)
        phone.sees("Taken out. You can bring it back.")


def test_the_message_of_a_page_that_came_again_has_the_focus_and_the_place_is_kept(signed_in, cast, plan):
    for number in range(12):
        plan.add_entry(section="strengths", words=f"I can do {number} things.", by=cast.maya)
    with signed_in(cast.maya, f"{at(plan)}about/strengths/") as phone:
        phone.page.get_by_label("In my own words").fill("I sing.")
        phone.page.evaluate("scrollTo(0, 300)")
        phone.tap("Add", exact=True)
        expect(phone.page.locator("#told")).to_be_focused()
        assert phone.page.evaluate("scrollY") > 100
