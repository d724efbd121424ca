"""A plan with three hundred goals: no slower than with forty, and none of them is lost."""

import sys

import pytest
from django.urls import reverse

from recovery_plans.models import Goal
from tests.bench.site import queries_of

pytestmark = pytest.mark.django_db
FEW, MANY = 40, 300


def add_goals(cast, up_to):
    for number in range(cast.plan.goals.count(), up_to):
        goal = cast.plan.add_goal(words=f"Number {number + 1} that I want", by=cast.maya)
        goal.add_step(words="Coffee on the steps", by=cast.maya)


def calls_in(do):
    """How many functions are called by it: work, whatever else the machine does."""
    counted = 0

    def count(_frame, event, _what):
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(None)
    return counted


def test_the_plan_of_three_hundred_goals_is_at_most_twice_the_work_of_forty(cast, browser_of):
    maya, path = browser_of(cast.maya), reverse("plan", kwargs={"plan": cast.plan.pk})
    work, asked, sizes = [], [], []
    for goals in (FEW, MANY):
        add_goals(cast, goals)
        sizes.append(len(maya.get(path).content))  # templates are read, and the picture is drawn
        work.append(calls_in(lambda: maya.get(path)))
        asked.append(len(queries_of(lambda: maya.get(path))))
    assert work[1] <= 2 * work[0]
    assert sizes[1] <= 2 * sizes[0]
    assert asked[0] == asked[1]


def test_forty_are_in_sight_the_rest_is_one_tap_away_and_it_says_how_many(cast, browser_of):
    maya, path = browser_of(cast.maya), reverse("plan", kwargs={"plan": cast.plan.pk})
    add_goals(cast, 43)
    Goal.unguarded.filter(plan=cast.plan, words="Number 2 that I want").update(state="reached")
    page = maya.get(path).content.decode()
    assert page.count("<article") == FEW
    assert "And 3 more goals" in page
    everything = maya.get(f"{path}?goals=all").content.decode()
    assert everything.count("<article") == 43
    assert "And 3 more goals</a>" not in " ".join(everything.split())
    assert page.split('<ol class="numbers">')[1].split("</ol>")[0].count("<li>") == 43, "in words they are all there"
    for number in range(1, 44):
        assert f"Number {number} that I want" in everything


def test_forty_goals_are_all_in_sight(cast, browser_of):
    add_goals(cast, FEW)
    page = browser_of(cast.maya).get(reverse("plan", kwargs={"plan": cast.plan.pk})).content.decode()
    assert page.count("<article") == FEW
    assert "goals=all" not in page
