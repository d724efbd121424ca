"""A new goal, with its first small steps, and how a goal stands on the plan."""

import re
from uuid import uuid4

from recovery_plans.models import Goal, Step
from tests.recovery_plans.test_goals import page_of, url


def test_a_word_is_enough_for_a_goal(cast, browser_of):
    maya = browser_of(cast.maya)
    answer = maya.post(url(cast, "goal-new"), {"words": "Sew"})
    goal = cast.plan.goals.get()
    assert answer["Location"] == url(cast, "goal", goal) + "#told"
    assert (goal.words, goal.detail, goal.steps.count(), goal.voice) == ("Sew", "", 0, "own")


def test_why_and_a_first_step_come_along_in_the_same_page(cast, browser_of):
    typed = {"words": "Sew for pay", "why": "It is mine", "step": "Oil the machine", "save_id": str(uuid4())}
    for _tap in range(2):
        assert browser_of(cast.maya).post(url(cast, "goal-new"), typed).status_code == 302
    goal = cast.plan.goals.get()  # two taps, one goal
    assert goal.detail == "It is mine"
    assert [step.words for step in goal.steps.all()] == ["Oil the machine"]


def steps_of(goal):
    return list(goal.steps.order_by("position").values_list("words", flat=True))


def test_several_first_steps_come_along_in_their_order_and_blank_boxes_say_nothing(cast, browser_of):
    typed = {"words": "Sew for pay", "step": "Oil the machine", "step_2": " ", "step_3": "Ask Bea", "step_12": "Rest"}
    typed["save_id"] = str(uuid4())
    for _tap in range(2):
        assert browser_of(cast.maya).post(url(cast, "goal-new"), typed).status_code == 302
    assert steps_of(cast.plan.goals.get()) == ["Oil the machine", "Ask Bea", "Rest"]  # two taps, three steps


def test_a_step_that_does_not_fit_keeps_the_goal_waiting_and_every_box_as_it_was_typed(cast, browser_of):
    typed = {"words": "Sew for pay", "why": "It is mine", "step": "Oil it", "step_3": "w" * 15_001, "step_7": "Rest"}
    page = browser_of(cast.maya).post(url(cast, "goal-new"), typed).content.decode()
    assert "it has 15001 characters" in page
    for words in typed.values():
        assert words in page
    assert 'name="step_7" value="Rest"' in page.split("<template>")[0], "what was typed is never put away"
    assert not Goal.unguarded.exists()
    assert not Step.unguarded.exists()


def test_one_save_with_other_steps_the_second_time_writes_nothing_and_says_so(cast, browser_of):
    maya, typed = (
        browser_of(cast.maya),
        {"words": "Sew", "step": "Oil it", "step_2": "Ask Bea", "save_id": str(uuid4())},
    )
    assert maya.post(url(cast, "goal-new"), typed).status_code == 302
    answer = maya.post(url(cast, "goal-new"), typed | {"step": "Sell it", "step_3": "Rest"})
    assert answer.status_code == 422
    assert "already saved once with other words" in answer.content.decode()
    assert "Sell it" in answer.content.decode()
    assert steps_of(cast.plan.goals.get()) == ["Oil it", "Ask Bea"]


def test_steps_sent_again_for_a_goal_that_was_taken_out_are_not_lost(cast, browser_of):
    maya, typed = browser_of(cast.maya), {"words": "Sew", "step": "Oil it", "save_id": str(uuid4())}
    maya.post(url(cast, "goal-new"), typed)
    maya.post(url(cast, "goal-remove", cast.plan.goals.get()))
    answer = maya.post(url(cast, "goal-new"), typed | {"step_2": "Ask Bea"})
    assert (answer.status_code, "Ask Bea" in answer.content.decode()) == (422, True)


def test_a_goal_begun_on_the_plan_leads_back_to_it_on_the_plan(cast, browser_of):
    maya = browser_of(cast.maya)
    plan = page_of(maya, url(cast, "plan"))
    assert f'{url(cast, "goal-new")}?back_to=plan"' in plan
    page = page_of(maya, url(cast, "goal-new") + "?back_to=plan")
    assert '<input type="hidden" name="back_to" value="plan">' in page
    answer = maya.post(url(cast, "goal-new"), {"words": "Sew", "back_to": "plan"})
    assert answer["Location"] == f"{url(cast, 'plan')}#told"
    assert "back_to" not in page_of(maya, url(cast, "goal-new") + "?back_to=https://elsewhere.example/")


def test_on_the_plan_what_is_done_is_folded_and_what_comes_stays_in_sight(cast, browser_of, mornings):
    for words in ("Coffee", "Bread", "Walk"):
        mornings.add_step(words=words, by=cast.maya)
    for words in ("Coffee", "Bread"):
        mornings.steps.get(words=words).do(by=cast.maya)
    maya = browser_of(cast.maya)
    mornings.steps.get(words="Walk").do(by=cast.maya)
    card = re.search(r"<article.*?</article>", page_of(maya, url(cast, "plan")), re.S).group(0)
    folded, in_sight = re.search(r"<details(.*?)</details>(.*)", card, re.S).groups()
    assert "3 steps done" in folded
    assert all(f">{words}</span>" in folded for words in ("Coffee", "Bread", "Walk"))
    assert all(f">{words}</span>" in in_sight for words in ("Phone away at night", "Three slow mornings"))
    assert re.search(r'<li class="next"[^>]*>.*?Phone away at night', in_sight, re.S)


def test_the_steps_of_a_reached_goal_are_folded_on_the_plan(cast, browser_of, mornings):
    mornings.reach(by=cast.maya)
    page = page_of(browser_of(cast.maya), url(cast, "plan"))
    folded = re.search(r'<details class="fold fold--steps">(.*?)</details>', page, re.S).group(1)
    assert "2 steps" in folded
    assert "Phone away at night" in folded


def test_all_that_goes_with_a_goal_is_in_a_fold_of_its_card(cast, browser_of, mornings):
    entries = [
        cast.plan.add_entry(section="strengths", words=words, by=cast.maya) for words in ("I laugh", "I sing", "I mend")
    ]
    mornings.go_with(entries=entries, by=cast.maya)
    card = re.search(r"<article.*?</article>", page_of(browser_of(cast.maya), url(cast, "plan")), re.S).group(0)
    folded = re.search(r'<details class="fold fold--with">(.*?)</details>', card, re.S).group(1)
    assert all(words in folded for words in ("I will use:", "I laugh", "I sing", "I mend"))


def test_words_are_marked_with_the_language_they_are_in_where_they_are_changed(cast, browser_of):
    goal = cast.plan.add_goal(words="Cantar otra vez", by=cast.maya, language="es")
    cast.plan.add_entry(section="strengths", words="Canto", by=cast.maya, language="es")
    page = page_of(browser_of(cast.maya), url(cast, "goal", goal))
    assert re.search(r'<textarea[^>]* lang="es"[^>]*>\s*Cantar otra vez', page)
    assert '<bdi lang="es">Canto</bdi>' in page


def test_a_starter_gives_the_first_words(cast, browser_of):
    page = page_of(browser_of(cast.maya), url(cast, "goal-new") + "?start=0")
    assert re.search(r"<textarea[^>]*>\s*I want to </textarea>", page)
    for odd in ("?start=99", "?start=-1", "?start=x", "?start=²"):
        assert browser_of(cast.maya).get(url(cast, "goal-new") + odd).status_code == 200


def test_a_goal_of_nothing_is_asked_for_again_and_the_rest_stays(cast, browser_of):
    answer = browser_of(cast.maya).post(url(cast, "goal-new"), {"words": "  ", "why": "My niece looks for me"})
    page = answer.content.decode()
    assert "Write a word or two so we know what to call this goal." in page
    assert "My niece looks for me" in page
    assert not Goal.unguarded.exists()
