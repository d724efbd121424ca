"""Steps pasted as a list into one box are offered as the steps they are: one tap for each, one for one piece."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from recovery_plans.forms.listed_steps import listed_steps
from recovery_plans.models import Revision

THREE = ["Call the clinic", "Ask for the form", "Sign it"]
LISTS = [
    "1. Call the clinic 2. Ask for the form 3. Sign it",
    "1) Call the clinic 2) Ask for the form 3) Sign it",
    "1. Call the clinic2. Ask for the form3. Sign it",  # a browser that puts nothing where a line ended
    " 1. Call the clinic  2. Ask for the form  3. Sign it ",
    "- Call the clinic - Ask for the form - Sign it",
    "• Call the clinic • Ask for the form • Sign it",
    "* Call the clinic * Ask for the form * Sign it",
    "– Call the clinic – Ask for the form – Sign it",
]
NO_LISTS = [
    "",
    "Call the clinic",
    "1. Call the clinic",
    "Take bus 2. Then walk",
    "Walk 1. 5 miles",
    "Call Bea - she knows",
    "- Call Bea",
    "- a " * 4000,
    "Be there at 10. 11 is too late",
    "-5 outside - wear the coat",
    "1. 2. 3.",
]


@pytest.fixture
def goal(cast):
    return cast.plan.add_goal(words="See a dentist", by=cast.maya)


def address(cast, name, **ids):
    return reverse(name, kwargs={"plan": cast.plan.pk, **ids})


def steps_of(cast):
    return list(cast.plan.steps.order_by("position").values_list("words", flat=True))


def sent(words, **more):
    return {"words": words, "save_id": str(uuid4()), **more}


# --- what is a list ---


@pytest.mark.parametrize("typed", LISTS)
def test_a_list_is_seen_however_it_is_marked(typed):
    assert listed_steps(typed) == THREE


@pytest.mark.parametrize("typed", NO_LISTS)
def test_what_is_no_list_is_left_alone(typed):
    assert listed_steps(typed) == []


@pytest.mark.parametrize("typed", ["1. " * 5000, "- " * 7000, "-" * 15000, " " * 15000, "1." + " " * 14000])
def test_a_long_text_takes_no_time(typed):
    listed_steps(typed)


# --- on the page of a goal ---


@pytest.mark.parametrize("typed", LISTS)
def test_a_list_is_offered_and_nothing_is_kept_before_the_answer(cast, browser_of, goal, typed):
    page = browser_of(cast.maya).post(address(cast, "step-add", goal=goal.pk), sent(typed)).content.decode()
    assert "This looks like 3 small steps" in page
    for step in THREE:
        assert f'<li dir="auto">{step}</li>' in page
    assert re.search(r'<input[^>]*name="words"[^>]*value="' + re.escape(typed), page)
    assert steps_of(cast) == []


def test_one_tap_keeps_each_as_a_step_with_who_does_it(cast, browser_of, goal):
    maya, typed = browser_of(cast.maya), sent(LISTS[0], who="other", other="Noor", listed_as="several")
    for _tap in range(2):  # two taps are one save
        assert maya.post(address(cast, "step-add", goal=goal.pk), typed).status_code == 302
    assert steps_of(cast) == THREE
    assert set(cast.plan.steps.values_list("who", "detail")) == {("other", "Noor")}


def test_the_other_tap_keeps_it_in_one_piece_letter_by_letter(cast, browser_of, goal):
    browser_of(cast.maya).post(address(cast, "step-add", goal=goal.pk), sent(LISTS[0], listed_as="one"))
    assert steps_of(cast) == [LISTS[0]]


def test_a_single_step_is_kept_as_ever_and_a_stray_answer_changes_nothing(cast, browser_of, goal):
    maya = browser_of(cast.maya)
    maya.post(address(cast, "step-add", goal=goal.pk), sent("Call Bea - she knows"))
    maya.post(address(cast, "step-add", goal=goal.pk), sent("Walk", listed_as="several"))
    assert steps_of(cast) == ["Call Bea - she knows", "Walk"]


def test_a_list_for_a_goal_that_was_taken_out_is_kept_beside_it(cast, browser_of, goal):
    goal.take_out(by=cast.maya)
    answer = browser_of(cast.maya).post(address(cast, "step-add", goal=goal.pk), sent(LISTS[0], listed_as="several"))
    assert answer.status_code == 409
    assert steps_of(cast) == []
    assert Revision.unguarded.filter(version=None).count() == 1
    assert LISTS[0] in answer.content.decode()


def test_an_answer_of_another_kind_is_refused_with_the_words_kept(cast, browser_of, goal):
    typed = sent(LISTS[0], listed_as="twelve")
    answer = browser_of(cast.maya).post(address(cast, "step-add", goal=goal.pk), typed)
    assert LISTS[0] in answer.content.decode()
    assert steps_of(cast) == []


# --- with a new goal ---


def new_goal(**more):
    return {"words": "See a dentist", "step": LISTS[0], "step_2": "Be proud", "save_id": str(uuid4()), **more}


def test_with_a_new_goal_a_list_in_a_box_is_offered_too(cast, browser_of):
    maya = browser_of(cast.maya)
    page = maya.post(address(cast, "goal-new"), new_goal()).content.decode()
    assert "This looks like 3 small steps" in page
    assert f'value="{LISTS[0]}"' in page
    assert not cast.plan.goals.exists()
    typed = new_goal(listed_as="several")
    for _tap in range(2):
        assert maya.post(address(cast, "goal-new"), typed).status_code == 302
    assert steps_of(cast) == [*THREE, "Be proud"]


def test_with_a_new_goal_the_other_tap_keeps_one_piece(cast, browser_of):
    browser_of(cast.maya).post(address(cast, "goal-new"), new_goal(listed_as="one"))
    assert steps_of(cast) == [LISTS[0], "Be proud"]
