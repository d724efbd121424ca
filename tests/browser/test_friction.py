"""What each task costs: taps and choices (T) and pages that load (P). Typing is free; more than the goal fails.

The goals are those of the design (its table of friction); hmpps' sentence plan takes 14 T for a goal with two steps.
"""

import re

import pytest
from playwright.sync_api import expect

from peers.models import Person, PlanCard
from recovery_plans import print_jobs
from recovery_plans.models import Grant, Plan
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.device import Device
from tests.browser.journey import come_in, downloaded


def costs(device, *, taps, loads=None):
    """What was done took at most this."""
    assert device.taps <= taps, f"{device.taps} taps"
    if loads is not None:
        assert device.loads <= loads, f"{device.loads} pages"


def at(plan):
    return f"/plans/{plan.pk}/"


# --- goals and steps ---


def test_a_goal_with_two_steps_is_saved_in_at_most_five_taps_and_one_page(signed_in, cast, plan):
    """The form opens on the plan itself; nothing besides the goal's words has to be answered."""
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Add a goal")
        phone.write("What do you want?", "Sew for pay again")
        phone.write("What is one small thing you can do?", "Oil the machine")
        phone.tap("Add a step")
        phone.write("Small step 2", "Ask Bea")
        phone.tap("Keep this goal")
        phone.sees("Ask Bea", within="article.goal")
        costs(phone, taps=5, loads=1)
        assert phone.taps == 3
    assert steps_of(plan, "Sew for pay again") == ["Oil the machine", "Ask Bea"]


def test_with_a_keyboard_a_goal_with_two_steps_takes_at_most_three_taps(signed_in, cast, plan):
    """Enter in a step goes on to the next one; Enter in a blank one keeps the goal."""
    with signed_in(cast.maya, at(plan), device=DESKTOP) as desktop:
        desktop.tap("Add a goal")
        expect(desktop.page.get_by_label("What do you want?")).to_be_focused()
        desktop.page.keyboard.type("Sew for pay again")
        desktop.write("What is one small thing you can do?", "Oil the machine")
        desktop.press("Enter")
        desktop.page.keyboard.type("Ask Bea")
        desktop.press("Enter", "Enter")
        desktop.sees("Ask Bea", within="article.goal")
        costs(desktop, taps=3, loads=1)
    assert steps_of(plan, "Sew for pay again") == ["Oil the machine", "Ask Bea"]


def test_without_script_a_goal_with_three_steps_is_one_page_and_one_form(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan), java_script_enabled=False) as phone:
        phone.tap("Add a goal")
        phone.write("What do you want?", "Sew for pay again")
        for box, step in STEPS.items():
            phone.write(box, step)
        phone.tap("Keep this goal")
        phone.sees("Ask Bea", within="article.goal")
        costs(phone, taps=2, loads=2)
    assert steps_of(plan, "Sew for pay again") == list(STEPS.values())


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("answer, kept", [("Keep each as a step", 3), ("Keep it in one piece", 1)])
def test_a_pasted_list_is_three_steps_or_one_in_one_tap_more(signed_in, cast, plan, script, answer, kept):
    goal = plan.goals.get()
    before = goal.steps.count()
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/", java_script_enabled=script) as phone:
        phone.page.get_by_label("What is one small thing you can do?").focus()
        phone.page.keyboard.insert_text("1. Call the clinic\n2. Ask for the form\n3. Sign it")
        phone.tap("Add", within="#steps", exact=True)
        phone.sees("This looks like 3 small steps")
        expect(phone.page.get_by_label("What is one small thing you can do?")).to_have_value(
            re.compile("1. Call.*Sign it")
        )
        phone.tap(answer)
        expect(phone.page.locator("#steps ol.esteps > li")).to_have_count(before + kept)
        costs(phone, taps=2)


STEPS = {
    "What is one small thing you can do?": "Oil the machine",
    "Small step 2": "Ask Bea",
    "Small step 3": "Find the good scissors",
}


def steps_of(plan, goal):
    steps = plan.goals.get(words=goal).steps.order_by("position")
    return list(steps.values_list("words", flat=True))


def test_a_starter_is_put_into_the_box_and_closing_the_form_keeps_what_was_typed(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Add a goal")
        phone.tap("I want to learn")
        box = phone.page.get_by_label("What do you want?")
        expect(box).to_have_value("I want to learn ")
        phone.page.keyboard.type("the accordion")
        phone.tap("Not now")
        expect(box).to_be_hidden()
        phone.tap("Add a goal")
        expect(box).to_have_value("I want to learn the accordion")
        assert phone.loads == 0


def test_the_steps_of_a_goal_are_in_sight_without_a_tap(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan)) as phone:
        phone.sees("Coffee on the steps", "Phone across the room")
        costs(phone, taps=0, loads=0)


def test_a_step_is_done_in_one_tap_in_place_and_taken_back_in_one(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan)) as phone:
        done = phone.page.locator("article.goal .done")
        phone.tap("I did this")
        expect(done).to_contain_text("Coffee on the steps")
        costs(phone, taps=1, loads=0)
        phone.tap("Undo")
        expect(done).to_have_count(0)
        costs(phone, taps=2, loads=0)


def test_the_last_step_is_taken_back_where_it_was_done(signed_in, cast, plan):
    """Then no next step is waiting, and its box names no goal: the way back still knows which one it is."""
    goal = plan.goals.get()
    goal.steps.get(words="Phone across the room").take_out(by=cast.maya)
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("I did this", within="#next")
        phone.sees("None is waiting now.", within="#next")
        phone.tap("Undo", within="#next")
        phone.sees("Coffee on the steps", within="#next .said")
        costs(phone, taps=2, loads=0)
    assert goal.steps.get(words="Coffee on the steps").state == "not_yet"


def test_without_script_a_step_is_done_in_one_tap_too(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan), java_script_enabled=False) as phone:
        phone.tap("I did this")
        expect(phone.page.locator("article.goal .done")).to_contain_text("Coffee on the steps")
        costs(phone, taps=1, loads=1)


def test_a_goals_words_are_changed_in_one_tap_and_one_page(signed_in, cast, plan):
    """Her words stand in an open box, and are kept by themselves when she leaves it."""
    goal = plan.goals.get()
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Change")
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.press("Tab")
        phone.sees("Saved.", within="#goal-words")
        costs(phone, taps=1, loads=1)
        phone.write("Why does this matter to you?", "The day goes better")
        phone.press("Tab")
        expect(phone.page.locator("#goal-words [name=base_version]")).to_have_value("3")
        phone.tap("My plan")
        phone.sees("Slow, sweet mornings", "The day goes better", within="article.goal")
    goal.refresh_from_db()
    assert (goal.words, goal.detail, goal.version) == ("Slow, sweet mornings", "The day goes better", 3)


def test_without_script_a_goals_words_are_changed_with_the_button(signed_in, cast, plan):
    goal = plan.goals.get()
    with signed_in(cast.maya, at(plan), java_script_enabled=False) as phone:
        phone.tap("Change")
        phone.write("What do you want?", "Slow, sweet mornings")
        phone.tap("Keep my words")
        phone.sees("Saved.")
        costs(phone, taps=2, loads=2)
    goal.refresh_from_db()
    assert goal.words == "Slow, sweet mornings"


@pytest.mark.parametrize(
    "answer, state", [("Let it rest", "resting"), ("Let it go", "let_go"), ("I did it", "reached")]
)
def test_a_goal_rests_is_let_go_or_reached_in_two_taps_and_no_reason(signed_in, cast, plan, answer, state):
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Change")
        phone.tap(answer, within=".state")
        expect(phone.page.locator("#told")).to_be_visible()
        costs(phone, taps=2, loads=2)
    assert plan.goals.get().state == state


def test_after_the_last_step_reaching_the_goal_is_offered_in_one_tap_in_place(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan)) as phone:
        for step in ("Coffee on the steps", "Phone across the room"):
            phone.tap("I did this")
            expect(phone.page.locator("article.goal .done").filter(has_text=step)).to_be_visible()
        phone.start_counting()
        phone.tap("Yes, I reached it")
        phone.sees("Reached", within="article.goal .goal__f")
        costs(phone, taps=1, loads=0)
    assert plan.goals.get().state == "reached"


# --- paper ---


def test_the_whole_plan_is_on_paper_in_one_tap(signed_in, cast, plan, pdf_service):
    with signed_in(cast.maya, at(plan)) as phone:
        assert downloaded(phone, "Get my PDF").startswith(b"%PDF")
        costs(phone, taps=1, loads=0)


def test_twelve_summaries_are_on_paper_in_three_taps(signed_in, cast, plan, pdf_service):
    for number in range(11):
        person = Person.meet(name=f"Guest {number}", peer=cast.sam, organization=cast.harbor)
        other = Plan.start(person=person, by=cast.sam)
        Grant.say_yes_to_summary(plan=other, organization=cast.harbor, by=person.user)
    with signed_in(cast.dana, "/team/summaries/", device=DESKTOP) as office:
        office.tap("Check all")
        office.tap("Print what is checked")
        office.sees("12 pages are in line.")
        assert print_jobs.print_next()
        office.sees("12 pages and a cover are in one PDF.")
        assert downloaded(office, "Open PDF").startswith(b"%PDF")
        costs(office, taps=3)


# --- two people ---


def test_someone_new_takes_a_name_and_at_most_three_taps(signed_in, cast):
    with signed_in(cast.sam, "/today/", device=DESKTOP) as tablet:
        tablet.tap("Someone new")
        tablet.write("What do they like to be called?", "Beto")
        tablet.tap("They said yes")
        tablet.sees("What does a good day look like for you?")
        costs(tablet, taps=3)


def test_from_sign_in_to_the_first_question_together_in_two_taps(open_device, cast, plan):
    with open_device(**DESKTOP) as page:
        tablet = Device(page)
        tablet.open("/sign-in/")
        tablet.start_counting()
        come_in(tablet, "sam")
        tablet.tap("Sit together")
        expect(page.locator("h2.q")).to_be_visible()
        costs(tablet, taps=2)


def test_a_strength_is_added_in_one_tap(signed_in, cast, plan):
    with signed_in(cast.maya, f"{at(plan)}about/strengths/") as phone:
        phone.tap("funny", exact=True)
        phone.sees("funny", within=".kept")
        costs(phone, taps=1, loads=1)


# --- ways in and out ---


@pytest.fixture
def card(cast):
    """Maya's own words and their square; she has been here before."""
    return PlanCard.make(person=cast.person, by=cast.maya)[1:]


def test_four_words_and_one_tap_open_the_plan(open_device, plan, card):
    with open_device(**PHONE) as page:
        phone = Device(page)
        phone.open("/open/")
        phone.start_counting()
        phone.write("The four words on your card", card[0])
        phone.tap("Open", exact=True)
        phone.sees("Slow mornings")
        costs(phone, taps=1)


def test_one_scan_and_one_tap_open_the_plan(open_device, plan, card):
    with open_device(**PHONE) as page:
        phone = Device(page)
        phone.open(f"/o/{card[1]}/")
        phone.start_counting()
        phone.tap("Open my plan")
        phone.sees("Slow mornings")
        costs(phone, taps=1)


def test_a_card_opens_with_one_scan_and_one_tap_and_own_words_are_written_down(open_device, cast, plan):
    _card, _words, token = PlanCard.make(person=cast.person, by=cast.sam)
    with open_device(**PHONE) as page:
        phone = Device(page)
        phone.open(f"/o/{token}/")
        phone.start_counting()
        phone.tap("Open my plan")
        phone.sees_heading("My own words")
        costs(phone, taps=1)
        phone.tap("I have written them down")
        phone.sees("Slow mornings")
        costs(phone, taps=2)


def test_a_part_that_is_hers_alone_opens_in_place_with_four_words_and_one_tap(open_device, cast, plan):
    _card, _words, token = PlanCard.make(person=cast.person, by=cast.sam)
    own = PlanCard.make(person=cast.person, by=cast.maya)[1]
    with open_device(**PHONE) as page:
        phone = Device(page)
        phone.open(f"/o/{token}/")
        phone.tap("Open my plan")
        phone.open(f"{at(plan)}about/experiences/")
        phone.start_counting()
        phone.write("Your own four words", own)
        phone.tap("Open", within="main", exact=True)
        phone.sees("Only you can see this.")
        costs(phone, taps=1)


def test_walking_together_stops_in_three_taps_and_says_before_what_closes(signed_in, cast, plan):
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Share, print", within="nav.nav-m")
        phone.tap("Stop walking together")
        phone.sees("What closes", "What stays")
        phone.tap("Yes, stop now")
        phone.sees("You have stopped walking together.")
        costs(phone, taps=3)


def test_sharing_stops_in_two_taps_at_once(signed_in, cast, plan, browser_of):
    grant = Grant.unguarded.get(plan=plan, purpose="summary", revoked_at=None)
    assert browser_of(cast.dana).get(f"/team/summaries/{grant.pk}/").status_code == 200
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Share, print", within="nav.nav-m")
        phone.tap("Stop sharing my page")
        phone.sees("Stopped.")
        costs(phone, taps=2)
    assert browser_of(cast.dana).get(f"/team/summaries/{grant.pk}/").status_code == 404


def test_one_page_is_shared_in_at_most_four_taps(signed_in, cast, plan):
    Grant.stop_summary(plan=plan, by=cast.maya)
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Share, print", within="nav.nav-m")
        phone.tap("See the page first")
        phone.tap("Yes, share this page")
        phone.sees("The supervisors at")
        costs(phone, taps=4)
    assert Grant.unguarded.filter(plan=plan, purpose="summary", revoked_at=None).exists()


def test_one_part_is_opened_to_one_reader_in_at_most_four_taps(signed_in, cast, plan, browser_of):
    plan.add_entry(section="hard_days", words="Sit with me", by=cast.maya)
    with signed_in(cast.maya, at(plan)) as phone:
        phone.tap("Share, print", within="nav.nav-m")
        phone.tap("Open it", within=".people li:has-text('On a hard day')")
        phone.sees("Open “On a hard day” to Sam?")
        phone.tap("Yes, open it")
        phone.sees("Sam can see this part.")
        costs(phone, taps=4)
        assert phone.taps == 3
    assert "Sit with me" in browser_of(cast.sam).get(at(plan)).content.decode()


HERS = ["", "about/", "about/strengths/", "back/", "print/", "share/", "card/", "goals/new/", "../../help-now/"]


@pytest.mark.parametrize("page_of_hers", HERS)
@pytest.mark.parametrize("script", [True, False])
def test_what_helps_on_a_hard_day_is_one_tap_from_every_page_of_hers(signed_in, cast, plan, page_of_hers, script):
    plan.add_entry(section="hard_days", words="Sit with me", by=cast.maya)
    with signed_in(cast.maya, at(plan) + page_of_hers, java_script_enabled=script) as phone:
        phone.tap("Hard day", within="nav.nav-m")
        phone.sees("Sit with me")
        costs(phone, taps=1, loads=1)


@pytest.mark.parametrize(
    "page_of_hers", ["", "about/", "about/strengths/", "back/", "print/", "share/", "card/", "goals/new/"]
)
def test_leaving_takes_one_tap_on_every_page(signed_in, cast, plan, page_of_hers):
    with signed_in(cast.maya, at(plan) + page_of_hers, lets_pass=("weather.gov",)) as phone:
        phone.tap("Leave", within="form#leave")
        expect(phone.page.locator("h1")).to_have_text("Somewhere else")
        costs(phone, taps=1)
