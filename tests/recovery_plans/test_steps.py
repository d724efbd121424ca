"""Steps: one small thing at a time, who does it, and how it is going."""

import re
import uuid

import pytest
from django.urls import reverse

from recovery_plans.models import Plan
from tests.recovery_plans.test_goals import page_of, url


def test_i_did_this_is_one_tap_on_the_plan_with_a_way_back(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    step = mornings.steps.get(words="Phone away at night")
    answer = maya.post(url(cast, "step-state", mornings, step), {"state": "done", "back_to": "plan"}, follow=True)
    page = answer.content.decode()
    assert "Your first step. Starting takes nerve." in page
    undo = re.search(r'<form class="undo".*?</form>', page, re.S).group(0)
    assert url(cast, "step-state", mornings, step) in undo
    assert 'value="not_yet"' in undo
    maya.post(url(cast, "step-state", mornings, step), {"state": "not_yet", "back_to": "plan"})
    step.refresh_from_db()
    assert step.state == "not_yet"


def test_the_ring_of_a_step_on_the_plan_says_which_step_is_done(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    step, other = mornings.steps.all()[:2]
    tapped = {"state": "done", "back_to": "plan", "step": str(step.pk)}
    answer = maya.post(url(cast, "step-done"), tapped)
    assert (answer.status_code, answer.url) == (302, f"{url(cast, 'plan')}#told")
    step.refresh_from_db()
    other.refresh_from_db()
    assert (step.state, other.state) == ("done", "not_yet")
    # Without script a browser may send the form with no button, or something odd: nothing changes.
    for odd in ("", "no-step", "\0"):
        assert maya.post(url(cast, "step-done"), tapped | {"step": odd}).status_code == 302
    never_was = tapped | {"step": str(uuid.uuid4())}
    theirs = Plan.meet(name="Bo", language="en", peer=cast.lee, organization=cast.harbor)
    elses = theirs.add_goal(words="Theirs", by=cast.lee).add_step(words="Theirs too", by=cast.lee)
    for step in (never_was, tapped | {"step": str(elses.pk)}):
        assert maya.post(url(cast, "step-done"), step).status_code == 404
    other.refresh_from_db()
    elses.refresh_from_db()
    assert (other.state, elses.state) == ("not_yet", "not_yet")


def test_a_step_may_have_to_wait_and_that_is_said_plainly(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    step = mornings.steps.get(words="Phone away at night")
    maya.post(url(cast, "step-state", mornings, step), {"state": "cannot_yet"})
    page = page_of(maya, url(cast, "plan"))
    assert "Cannot be done yet" in page
    lit = re.search(r'<li class="next"[^>]*>.*?</li>', page, re.S).group(0)
    assert "Three slow mornings" in lit


def test_who_does_a_step_is_me_unless_someone_is_named(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    maya.post(url(cast, "step-add", mornings), {"words": "Coffee on the steps"})
    maya.post(url(cast, "step-add", mornings), {"words": "A game", "who": "me", "other": "Noor and me"})
    maya.post(url(cast, "step-add", mornings), {"words": "Call the school", "who": "peer"})
    found = {step.words: (step.who, step.detail) for step in mornings.steps.all()}
    assert found["Coffee on the steps"] == ("me", "")
    assert found["A game"] == ("other", "Noor and me")
    assert found["Call the school"] == ("peer", "")
    assert "Noor and me" in page_of(maya, url(cast, "plan"))


def test_a_step_is_changed_taken_out_and_brought_back(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    step = mornings.steps.get(words="Three slow mornings")  # typed by Sam
    assert "Three slow mornings" in page_of(maya, url(cast, "step-change", mornings, step))
    sent = {"words": "Two slow mornings", "who": "together", "base_version": 1}
    maya.post(url(cast, "step-change", mornings, step), sent)
    step.refresh_from_db()
    assert (step.words, step.who, step.voice) == ("Two slow mornings", "together", "own")
    maya.post(url(cast, "step-remove", mornings, step))
    assert "Two slow mornings" not in page_of(maya, url(cast, "goal", mornings))
    maya.post(url(cast, "step-restore", mornings, step))
    assert "Two slow mornings" in page_of(maya, url(cast, "goal", mornings))


def test_a_step_of_nothing_or_of_two_lines_is_asked_for_again_beside_the_goal(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    before = mornings.steps.count()
    page = maya.post(url(cast, "step-add", mornings), {"words": " "}).content.decode()
    assert "What is the step? One short line is enough." in page
    page = maya.post(url(cast, "step-add", mornings), {"words": "one\ntwo"}).content.decode()
    assert "Please keep this on one line." in page
    assert "Mornings that feel like mine" in page
    assert mornings.steps.count() == before


def test_sam_does_not_tick_off_a_step_of_mayas_own(cast, browser_of, mornings):
    sam = browser_of(cast.sam)
    own = mornings.steps.get(words="Phone away at night")
    typed = mornings.steps.get(words="Three slow mornings")
    assert sam.post(url(cast, "step-state", mornings, own), {"state": "done"}).status_code == 404
    assert sam.post(url(cast, "step-remove", mornings, own)).status_code == 404
    assert sam.get(url(cast, "step-change", mornings, own)).status_code == 404
    assert sam.post(url(cast, "step-state", mornings, typed), {"state": "done"}).status_code == 302


def test_a_step_that_does_not_fit_for_a_goal_that_is_gone_meanwhile_stays_on_the_screen(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    mornings.take_out(by=cast.maya)
    sent = {"words": "w" * 15_001, "who": "other", "other": "Noor and me"}
    answer = maya.post(url(cast, "step-add", mornings), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    for typed in (
        "w" * 15_001,
        "Noor and me",
        "it has 15001 characters",
        f'action="{url(cast, "step-add", mornings)}"',
    ):
        assert typed in page
    assert maya.post(url(cast, "step-add", mornings), sent | {"words": "A game"}).status_code == 409


def test_what_is_said_of_a_step_that_is_done_is_true_of_who_did_it(cast, browser_of, mornings):
    maya = browser_of(cast.maya)
    mine = mornings.add_step(words="Lay out my shirt", by=cast.maya)
    hers = mornings.add_step(words="Ask about the bus", by=cast.maya, who="other", other="Noor")
    for step in (mine, hers):
        page = maya.post(url(cast, "step-state", mornings, step), {"state": "done"}, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Done. One more stone on your path."]


# --- told where it was done ---


def told_on(page):
    """The id of the element that what is told stands in, and the sentence."""
    before, after = page.split('id="told"')
    at = re.findall(r'<(?:li|section|article)[^>]* id="([\w-]+)"', before)[-1]
    return at, re.search(r"<p>(.*?)</p>", after).group(1)


@pytest.mark.parametrize("tapped_on, where", [("plan", "step-{step}"), ("next", "next")])
def test_a_step_just_done_stays_in_sight_with_its_sentence_beneath_it(cast, browser_of, mornings, tapped_on, where):
    maya, step = browser_of(cast.maya), mornings.steps.first()
    answer = maya.post(url(cast, "step-state", mornings, step), {"state": "done", "back_to": tapped_on})
    assert answer["Location"].endswith("#told")
    page = page_of(maya, url(cast, "plan"))
    at, sentence = told_on(page)
    assert at == where.format(step=step.pk)
    assert sentence
    assert page.count(sentence) == 1, "and not on top of the page as well"
    assert "fold--steps" not in page
    later = page_of(maya, url(cast, "plan"))
    assert 'id="told"' not in later
    assert "1 step done" in later.split("fold--steps")[1]


def test_every_open_step_is_one_tap_away_on_the_plan_and_a_done_one_is_not(cast, browser_of, mornings):
    first = mornings.steps.first()
    first.do(by=cast.maya)
    page = page_of(browser_of(cast.maya), url(cast, "plan"))
    card = page[page.index("<article") : page.index("</article>")]
    open_steps = mornings.steps.exclude(pk=first.pk)
    assert card.count('class="tap"') == open_steps.count()
    for step in open_steps:
        assert f'form="did-this" name="step" value="{step.pk}"' in card


def test_steps_that_came_back_with_a_question_are_still_there_on_the_goals_page(cast, browser_of, mornings):
    """How many are they? Whoever reads that in Spanish first comes to the goal, and finds what was typed."""
    maya, listed = browser_of(cast.maya), "1. Call Ana 2. Ask her 3. Go there"
    address = reverse("step-add", args=[cast.plan.pk, mornings.pk])
    came_back = maya.post(address, {"words": listed, "who": "me", "save_id": "11111111-1111-4111-8111-111111111111"})
    assert came_back.status_code == 200
    page = maya.post(reverse("language"), {"language": "es", "next": address}, follow=True)
    assert page.redirect_chain[-1][0] == reverse("goal", args=[cast.plan.pk, mornings.pk])
    assert "Call Ana" in page.content.decode()
