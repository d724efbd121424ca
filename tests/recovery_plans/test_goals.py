"""Goals: what Maya wants, in her words, and how each is today."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from peers.models import Person
from recovery_plans.models import Goal, GoalState, NotAllowedToChange, Plan, Revision, Ruler, Step
from recovery_plans.plan_reading import PlanReading
from recovery_plans.views import goals


def url(cast, name, goal=None, step=None):
    ids = {"plan": cast.plan.pk}
    if goal:
        ids["goal"] = goal.pk
    if step:
        ids["step"] = step.pk
    return reverse(name, kwargs=ids)


def page_of(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# --- changing it ---


def test_maya_changes_her_goal_and_the_old_words_stay_in_its_history(cast, browser_of, mornings):
    typed = {"words": "Two slow mornings", "why": "I breathe", "base_version": 1}
    assert browser_of(cast.maya).post(url(cast, "goal-change", mornings), typed).status_code == 302
    mornings.refresh_from_db()
    assert (mornings.words, mornings.detail, mornings.version) == ("Two slow mornings", "I breathe", 2)
    assert set(Revision.unguarded.filter(line=mornings.pk).values_list("words", flat=True)) == {
        "Mornings that feel like mine",
        "Two slow mornings",
    }


def test_sam_reads_mayas_goal_and_cannot_change_it(cast, browser_of, mornings):
    sam = browser_of(cast.sam)
    page = page_of(sam, url(cast, "goal", mornings))
    assert "Only Maya changes them." in page
    assert f'action="{url(cast, "goal-change", mornings)}"' not in page
    for name, typed in {
        "goal-change": {"words": "Sam's words", "base_version": 1},
        "goal-state": {"state": "let_go"},
        "goal-remove": {},
        "goal-uses": {},
    }.items():
        assert sam.post(url(cast, name, mornings), typed).status_code == 404, name
    for name in ("goal-move", "goal-ruler"):
        assert sam.post(url(cast, name, mornings), {"matters": "3", "earlier": "1"}).status_code == 404, name
    mornings.refresh_from_db()
    assert (mornings.words, mornings.state, mornings.removed_at) == ("Mornings that feel like mine", "now", None)


def test_sam_may_mend_what_sam_typed_and_add_a_step(cast, browser_of, mornings):
    sam = browser_of(cast.sam)
    typed = cast.plan.add_goal(words="Be the ant who shows up", by=cast.sam)
    change = {"words": "Be the aunt who shows up", "base_version": 1}
    assert sam.post(url(cast, "goal-change", typed), change).status_code == 302
    assert sam.post(url(cast, "step-add", mornings), {"words": "Buy a clock"}).status_code == 302
    added = mornings.steps.get(words="Buy a clock")
    assert (added.voice, added.who) == ("typed", "me")
    browser_of(cast.maya).post(url(cast, "goal-change", typed), {"words": "Be the aunt", "base_version": 2})
    assert sam.post(url(cast, "goal-change", typed), {"words": "Sam again", "base_version": 3}).status_code == 409
    typed.refresh_from_db()
    assert (typed.words, typed.version) == ("Be the aunt", 3)


def test_words_that_do_not_fit_for_a_goal_that_is_gone_meanwhile_stay_on_the_screen(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    mornings.take_out(by=cast.maya)
    sent = {"words": "My new words", "why": "My new why", "look_again_on": "soon", "base_version": 1}
    answer = maya.post(url(cast, "goal-change", mornings), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    for typed in ("My new words", "My new why", "year-month-day, like 2030-05-19"):
        assert typed in page
    assert f'action="{url(cast, "goal-change", mornings)}"' in page, "they can be sent again from there"
    assert maya.post(url(cast, "goal-change", mornings), sent | {"look_again_on": ""}).status_code == 409
    assert Revision.unguarded.get(line=mornings.pk, words="My new words").version is None


def test_one_save_said_otherwise_for_a_goal_that_is_gone_keeps_its_words_on_the_screen(cast, browser_of, mornings):
    maya, typed = browser_of(cast.maya), {"words": "My new words", "base_version": 1, "save_id": str(uuid4())}
    mornings.take_out(by=cast.maya)
    assert maya.post(url(cast, "goal-change", mornings), typed).status_code == 409
    answer = maya.post(url(cast, "goal-change", mornings), typed | {"words": "Quite other words"})
    assert (answer.status_code, "Quite other words" in answer.content.decode()) == (422, True)


def test_words_that_do_not_fit_stay_though_maya_made_the_goal_her_own_meanwhile(cast, browser_of):
    typed = cast.plan.add_goal(words="Be the ant who shows up", by=cast.sam)
    typed.rewrite(words="Be the aunt", by=cast.maya, base_version=1)
    sent = {"words": "Be the aunt who shows up", "look_again_on": "soon", "base_version": 1}
    answer = browser_of(cast.sam).post(url(cast, "goal-change", typed), sent)
    assert (answer.status_code, "Be the aunt who shows up" in answer.content.decode()) == (200, True)


def test_a_goal_that_goes_while_its_ticks_are_read_is_not_there(cast, browser_of, mornings, monkeypatch):
    def taken_out_meanwhile(*args, **values):
        Goal.unguarded.filter(pk=mornings.pk).update(removed_at=timezone.now())
        return PlanReading(*args, **values)

    monkeypatch.setattr(goals, "PlanReading", taken_out_meanwhile)
    assert browser_of(cast.maya).post(url(cast, "goal-uses", mornings), {}).status_code == 404


# --- a day to look at it again ---


@pytest.mark.parametrize(
    "typed", ["0001-01-01", "9999-12-31", "2024-02-30", "31/12/2024", "2020-01-01", "soon", "2030-1-1T00:00"]
)
def test_a_day_that_cannot_be_is_refused_kindly_with_the_form_wanted(cast, browser_of, mornings, typed):
    sent = {"words": "My new words", "look_again_on": typed, "base_version": 1}
    page = browser_of(cast.maya).post(url(cast, "goal-change", mornings), sent).content.decode()
    assert "year-month-day, like 2030-05-19" in page
    assert "My new words" in page
    mornings.refresh_from_db()
    assert (mornings.words, mornings.look_again_on) == ("Mornings that feel like mine", None)


def test_a_day_to_come_is_kept_and_once_it_has_gone_by_the_words_can_still_change(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    soon = timezone.localdate() + timedelta(days=14)
    maya.post(url(cast, "goal-change", mornings), {"words": "a", "look_again_on": soon.isoformat(), "base_version": 1})
    mornings.refresh_from_db()
    assert mornings.look_again_on == soon
    gone = timezone.localdate() - timedelta(days=3)
    Goal.unguarded.filter(pk=mornings.pk).update(look_again_on=gone)
    sent = {"words": "b", "look_again_on": gone.isoformat(), "base_version": 2}
    assert maya.post(url(cast, "goal-change", mornings), sent).status_code == 302
    mornings.refresh_from_db()
    assert (mornings.words, mornings.look_again_on) == ("b", gone)
    page = page_of(maya, reverse("plan", kwargs={"plan": cast.plan.pk}))
    assert "overdue" not in page.lower()


# --- how it is today ---


@pytest.mark.parametrize("state", GoalState.values)
def test_each_of_five_answers_is_one_tap_and_none_asks_why(cast, browser_of, mornings, state):
    maya = browser_of(cast.maya)
    assert maya.post(url(cast, "goal-state", mornings), {"state": state}).status_code == 302
    mornings.refresh_from_db()
    assert mornings.state == state
    page = page_of(maya, url(cast, "goal", mornings))
    assert re.search(rf'name="state"\s+value="{state}"\s+aria-pressed="true"', page)


def test_a_resting_goal_is_picked_back_up_from_the_plan_and_can_be_undone(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    mornings.rest(by=cast.maya)
    answer = maya.post(url(cast, "goal-state", mornings), {"state": "now", "back_to": "plan"})
    assert answer["Location"] == f"{url(cast, 'plan')}#told"
    page = page_of(maya, url(cast, "plan"))
    assert "You picked it back up. That counts." in page
    undo = re.search(r'<form class="undo".*?</form>', page, re.S).group(0)
    assert 'value="resting"' in undo
    assert "Undo" in undo


def test_a_state_that_never_was_changes_nothing(cast, browser_of, mornings):
    for odd in ("failed", "", "NOW"):
        assert browser_of(cast.maya).post(url(cast, "goal-state", mornings), {"state": odd}).status_code == 200
    mornings.refresh_from_db()
    assert mornings.state == "now"


def test_the_order_is_mayas(cast, browser_of, mornings):
    second = cast.plan.add_goal(words="Sew", by=cast.maya)
    maya = browser_of(cast.maya)
    maya.post(url(cast, "goal-move", second), {"earlier": "1"})
    assert list(cast.plan.goals.order_by("position").values_list("words", flat=True))[0] == "Sew"
    maya.post(url(cast, "goal-move", second), {"later": "1"})
    assert list(cast.plan.goals.order_by("position").values_list("words", flat=True))[1] == "Sew"


def test_a_goal_taken_out_comes_back_with_its_steps(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    maya.post(url(cast, "goal-remove", mornings))
    page = page_of(maya, url(cast, "plan"))
    assert "Mornings that feel like mine" not in page
    assert f'action="{url(cast, "goal-restore", mornings)}"' in page
    assert maya.get(url(cast, "goal", mornings)).status_code == 404
    maya.post(url(cast, "goal-restore", mornings))
    assert "Phone away at night" in page_of(maya, url(cast, "goal", mornings))


# --- what it uses, and the rulers ---


def test_strengths_are_used_and_links_this_page_does_not_offer_stay(cast, browser_of, mornings):
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    need = cast.plan.add_entry(section="needs", words="A bus pass", by=cast.maya)
    radio = cast.plan.add_entry(section="resilience", words="The radio", by=cast.maya)
    mornings.go_with(entries=[radio], by=cast.maya)
    maya = browser_of(cast.maya)
    maya.post(url(cast, "goal-uses", mornings), {"uses": [strength.pk], "in_the_way": [need.pk]})
    assert set(mornings.links.values_list("entry__words", flat=True)) == {"I keep my word", "A bus pass", "The radio"}
    page = page_of(maya, url(cast, "goal", mornings))
    assert len(re.findall(r'type="checkbox"[^>]*checked', page)) == 2
    maya.post(url(cast, "goal-uses", mornings), {})
    assert set(mornings.links.values_list("entry__words", flat=True)) == {"The radio"}


def test_a_line_of_another_plan_cannot_be_used(cast, browser_of, mornings):
    noor = Plan.start(person=Person.objects.get(user=cast.noor), by=cast.noor)
    hers = noor.add_entry(section="strengths", words="Noor's own", by=cast.noor)
    answer = browser_of(cast.maya).post(url(cast, "goal-uses", mornings), {"uses": [hers.pk]})
    assert answer.status_code == 200
    assert "Noor&#x27;s own" not in answer.content.decode()
    assert not mornings.links.exists()


def test_the_rulers_are_mayas_alone(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    maya.post(url(cast, "goal-ruler", mornings), {"matters": "7", "sure": ""})
    ruler = Ruler.unguarded.get(goal=mornings)
    assert (ruler.matters, ruler.sure) == (7, None)
    assert "You picked 7. What makes it that high, and not lower?" in page_of(maya, url(cast, "goal", mornings))
    sam = page_of(browser_of(cast.sam), url(cast, "goal", mornings))
    assert "How much does this matter" not in sam
    assert "You picked" not in sam
    for odd in ("11", "-1", "7.5", "x"):
        maya.post(url(cast, "goal-ruler", mornings), {"matters": odd})
    ruler.refresh_from_db()
    assert ruler.matters == 7
    maya.post(url(cast, "goal-ruler", mornings), {"matters": "0"})
    assert "Zero is an honest answer." in page_of(maya, url(cast, "goal", mornings))


# --- what Maya said of it stands ---


def test_what_maya_said_of_a_goal_sam_typed_only_maya_says_otherwise(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    assert sam.post(url(cast, "goal-state", goal), {"state": "resting"}).status_code == 302
    maya.post(url(cast, "goal-state", goal), {"state": "now"})
    assert sam.post(url(cast, "goal-state", goal), {"state": "let_go"}).status_code == 404
    assert sam.post(url(cast, "goal-remove", goal)).status_code == 404
    page_of(sam, url(cast, "goal", goal))  # his undo is offered once
    page = page_of(sam, url(cast, "goal", goal))
    assert url(cast, "goal-state", goal) not in page
    assert url(cast, "goal-remove", goal) not in page
    goal.refresh_from_db()
    assert (goal.state, goal.removed_at, goal.voice) == ("now", None, "typed")
    assert maya.post(url(cast, "goal-state", goal), {"state": "let_go"}).status_code == 302


def test_saying_what_stands_already_makes_it_mayas_too(cast):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    since = goal.state_since
    goal.pick_up(by=cast.maya)
    goal.refresh_from_db()
    assert (goal.state_by, goal.state_since) == (cast.maya, since)
    with pytest.raises(NotAllowedToChange):
        goal.rest(by=cast.sam)


def test_a_step_maya_did_stays_done(cast, browser_of):
    step = cast.plan.add_goal(words="Sew", by=cast.sam).add_step(words="Buy thread", by=cast.sam)
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    maya.post(url(cast, "step-state", step.goal, step), {"state": "done"})
    assert sam.post(url(cast, "step-state", step.goal, step), {"state": "not_yet"}).status_code == 404
    assert sam.post(url(cast, "step-remove", step.goal, step)).status_code == 404
    assert sam.post(url(cast, "goal-remove", step.goal)).status_code == 404
    assert url(cast, "step-state", step.goal, step) not in page_of(sam, url(cast, "step-change", step.goal, step))
    step.refresh_from_db()
    assert (step.state, step.removed_at) == ("done", None)


def test_sam_does_not_take_out_a_goal_that_holds_a_step_in_mayas_words(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    own = goal.add_step(words="Ask Noor for her machine", by=cast.maya)
    sam = browser_of(cast.sam)
    assert sam.post(url(cast, "goal-remove", goal)).status_code == 404
    own.take_out(by=cast.maya)
    assert sam.post(url(cast, "goal-remove", goal)).status_code == 302


def test_what_maya_chose_to_go_with_a_goal_only_maya_changes(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    assert sam.post(url(cast, "goal-uses", goal), {"uses": [strength.pk]}).status_code == 302
    maya.post(url(cast, "goal-uses", goal), {"uses": [strength.pk]})
    assert sam.post(url(cast, "goal-uses", goal), {}).status_code == 404
    assert url(cast, "goal-uses", goal) not in page_of(sam, url(cast, "goal", goal))
    assert [link.entry for link in goal.links.all()] == [strength]


def test_a_strength_taken_out_keeps_its_goal_for_when_it_comes_back(cast):
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    strength = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    goal.go_with(entries=[strength], by=cast.maya)
    strength.take_out(by=cast.maya)
    goal.go_with(entries=[], by=cast.maya)
    strength.bring_back(by=cast.maya)
    assert [link.entry for link in goal.links.all()] == [strength]


def test_a_pen_that_was_sams_a_moment_ago_changes_nothing(cast):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    step = goal.add_step(words="Buy thread", by=cast.sam)
    entry = cast.plan.add_entry(section="strengths", words="I laugh", by=cast.sam)
    # Sam's request has read the lines; Maya makes them her own before it changes anything.
    for line in (goal, step, entry):
        type(line).unguarded.get(pk=line.pk).rewrite(words="Mine", by=cast.maya, base_version=1)
    for late in (
        goal.rest,
        step.do,
        step.take_out,
        entry.take_out,
        goal.take_out,
        lambda by: goal.go_with(entries=[], by=by),
    ):
        with pytest.raises(NotAllowedToChange):
            late(by=cast.sam)
    for line in (goal, step, entry):
        line.refresh_from_db()
        assert (line.words, line.removed_at) == ("Mine", None)
    assert (goal.state, step.state) == ("now", "not_yet")


# --- whose plan ---


def test_a_goal_under_another_plans_address_does_not_exist(cast, browser_of, mornings):
    hers = Plan.start(person=Person.objects.get(user=cast.noor), by=cast.noor)
    theirs = hers.add_goal(words="Noor's goal", by=cast.noor)
    step = theirs.add_step(words="Noor's step", by=cast.noor)
    maya = browser_of(cast.maya)
    assert maya.get(url(cast, "goal", theirs)).status_code == 404
    for name, sent in {
        "goal-change": {"words": "taken", "base_version": 1},
        "goal-state": {"state": "let_go"},
        "goal-remove": {},
        "step-add": {"words": "slipped in"},
        "goal-ruler": {"matters": "1"},
        "goal-move": {"earlier": "1"},
    }.items():
        assert maya.post(url(cast, name, theirs), sent).status_code == 404, name
    # Noor's step under Maya's own goal is no better.
    assert maya.post(url(cast, "step-state", mornings, step), {"state": "done"}).status_code == 404
    assert Step.unguarded.get(pk=step.pk).state == "not_yet"


@pytest.mark.parametrize("who", ["lee", "noor", "dana", "alex", "rosa", "ines"])
def test_strangers_find_no_goal(cast, browser_of, mornings, who):
    stranger = browser_of(getattr(cast, who))
    step = mornings.steps.first()
    for name in ("goal-new", "goal"):
        assert stranger.get(url(cast, name, None if name == "goal-new" else mornings)).status_code == 404
    for name in ("goal-change", "goal-state", "goal-move", "goal-remove", "goal-restore", "goal-uses", "goal-ruler"):
        assert stranger.post(url(cast, name, mornings), {"words": "x", "base_version": 1}).status_code == 404, name
    for name in ("step-change", "step-state", "step-remove", "step-restore"):
        assert stranger.post(url(cast, name, mornings, step), {"state": "done"}).status_code == 404, name
    assert stranger.post(url(cast, "step-add", mornings), {"words": "x"}).status_code == 404


def test_after_the_walk_ended_sam_finds_no_goal_either(cast, browser_of, mornings):
    sam = browser_of(cast.sam)
    assert sam.get(url(cast, "goal", mornings)).status_code == 200
    cast.walk.end(by=cast.maya)
    assert sam.get(url(cast, "goal", mornings)).status_code == 404
    assert sam.post(url(cast, "step-add", mornings), {"words": "one more"}).status_code == 404


def test_every_change_is_a_form_and_never_a_link(cast, browser_of, mornings):
    maya, step = browser_of(cast.maya), mornings.steps.first()
    for name in ("goal-state", "goal-move", "goal-remove", "goal-restore", "goal-uses", "goal-ruler"):
        assert maya.get(url(cast, name, mornings)).status_code == 405, name
    led = maya.get(url(cast, "goal-change", mornings))
    assert led.headers["Location"] == f"{url(cast, 'goal', mornings)}#goal-words", "to the form, as it changes nothing"
    for name in ("step-state", "step-remove", "step-restore"):
        assert maya.get(url(cast, name, mornings, step)).status_code == 405, name
