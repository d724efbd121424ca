"""The story of an idea: Sam offers it on his laptop, Maya answers in two taps on her phone, with script and without."""

import pytest

from tests.browser.axe import axe_check
from tests.browser.conftest import DESKTOP
from tests.browser.test_friction import at, costs

BOTH = pytest.mark.parametrize("runs_script", [True, False])


def offer(signed_in, cast, plan, *, runs_script):
    """Sam offers other words for Maya's goal, after a look at what she will see."""
    goal = plan.goals.get()
    with signed_in(cast.sam, f"{at(plan)}goals/{goal.pk}/", device=DESKTOP, java_script_enabled=runs_script) as laptop:
        laptop.tap("An idea for other words")
        laptop.write("Your idea", "Two slow mornings")
        laptop.write("Why, in one line", "You said how many.")
        laptop.tap("See it first")
        laptop.sees("This is what Maya will see", "You said how many.")
        if runs_script:
            axe_check(laptop.page)
        laptop.tap("Offer it", exact=True)
        laptop.sees("Maya has not answered yet.")
        if runs_script:
            axe_check(laptop.page)
    return goal


@BOTH
def test_sam_offers_and_maya_answers_in_two_taps(signed_in, cast, plan, runs_script):
    goal = offer(signed_in, cast, plan, runs_script=runs_script)
    with signed_in(cast.maya, at(plan), java_script_enabled=runs_script) as phone:
        phone.tap("Sam has an idea for you")
        phone.sees("Sam has an idea", "You said how many.", "Keep my words", "Write it my way", "Decide later")
        if runs_script:
            axe_check(phone.page)
        phone.tap("Use these words")
        phone.sees("Saved. It is in your plan now.")
        costs(phone, taps=2, loads=2)
        if runs_script:
            axe_check(phone.page)
    goal.refresh_from_db()
    assert (goal.words, goal.voice) == ("Two slow mornings", "own")
    with signed_in(cast.sam, f"{at(plan)}ideas/", device=DESKTOP, java_script_enabled=runs_script) as laptop:
        laptop.sees("Maya took it.")


@BOTH
def test_her_own_way_starts_with_her_words_and_deciding_later_costs_nothing(signed_in, cast, plan, runs_script):
    goal = offer(signed_in, cast, plan, runs_script=runs_script)
    with signed_in(cast.maya, f"{at(plan)}goals/{goal.pk}/", java_script_enabled=runs_script) as phone:
        if runs_script:
            axe_check(phone.page)
        phone.tap("Decide later")
        phone.sees("Sam has an idea for you")
        phone.open(f"{at(plan)}goals/{goal.pk}/")
        phone.tap("Write it my way")
        if runs_script:
            axe_check(phone.page)
        phone.write("In my own words", "Slow mornings on Sundays")
        phone.tap("Keep my words")
        phone.sees("Slow mornings on Sundays")
    goal.refresh_from_db()
    assert goal.words == "Slow mornings on Sundays"
