"""The order of what Maya wants and of what goes with it, and what another reader is offered or may not even ask for."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peers.models import Person
from recovery_plans.models import Entry, Plan, Ruler
from tests.recovery_plans.test_sharing import text_of, url


def in_this_order(page, *words):
    """Whether these words stand on the page, each after the one before."""
    indexes = [page.find(each) for each in words]
    assert -1 not in indexes, dict(zip(words, indexes, strict=True))
    return indexes == sorted(indexes)


# --- the order of goals and steps ---


def test_a_goal_is_moved_past_those_that_are_off_the_list(cast, browser_of):
    goals = [cast.plan.add_goal(words=words, by=cast.maya) for words in ("Sew", "Run", "Sing", "Dance", "Cook")]
    goals[1].let_go(by=cast.maya)
    goals[2].reach(by=cast.maya)
    goals[3].take_out(by=cast.maya)
    maya = browser_of(cast.maya)
    maya.post(url(cast, "goal-move", goal=goals[4].pk), {"earlier": "1"})
    assert in_this_order(text_of(maya.get(url(cast, "plan"))), "Cook", "Sew")


def test_goals_stand_in_mayas_order_whatever_was_written_or_changed_last(cast, browser_of):
    goals = {words: cast.plan.add_goal(words=words, by=cast.maya) for words in ("Sew", "Run", "Cook")}
    goals["Cook"].move(by=cast.maya, earlier=True)
    goals["Cook"].move(by=cast.maya, earlier=True)
    goals["Sew"].rest(by=cast.maya)
    goals["Sew"].pick_up(by=cast.maya)
    for reader in (cast.maya, cast.sam):
        assert in_this_order(text_of(browser_of(reader).get(url(cast, "plan"))), "Cook", "Sew", "Run")


def test_steps_stand_in_the_order_they_were_said_whatever_was_done_last(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    steps = [goal.add_step(words=words, by=cast.maya) for words in ("Ask Noor", "Buy thread", "Hem a skirt")]
    for step in (steps[1], steps[0]):
        step.do(by=cast.maya)
        step.undo(by=cast.maya)
    for name, ids in {"plan": {}, "goal": {"goal": goal.pk}}.items():
        page = text_of(browser_of(cast.maya).get(url(cast, name, **ids)))
        assert in_this_order(page, "Ask Noor", "Buy thread", "Hem a skirt"), name


def test_lines_stand_in_the_order_they_were_said_whatever_was_changed_last(cast, browser_of):
    lines = [cast.plan.add_entry(section="strengths", words=f"Try {n}", by=cast.maya) for n in (1, 2, 3)]
    for line in (lines[1], lines[0]):
        line.rewrite(words=line.words.replace("Try", "Word"), by=cast.maya, base_version=1)
    for name, ids in {"plan": {}, "part": {"section": "strengths"}}.items():
        page = text_of(browser_of(cast.maya).get(url(cast, name, **ids)))
        assert in_this_order(page, "Word 1", "Word 2", "Try 3"), name


def test_lines_said_in_one_moment_stand_in_one_order_on_every_page(cast, browser_of):
    lines = [cast.plan.add_entry(section="strengths", words=f"Try {turn}", by=cast.maya) for turn in range(8)]
    Entry.unguarded.filter(plan=cast.plan).update(created_at=lines[0].created_at)
    in_order = [line.words for line in sorted(lines, key=lambda line: line.pk)]
    assert in_this_order(
        text_of(browser_of(cast.maya).get(url(cast, "part", section="strengths"))).split("What I have said")[1],
        *in_order,
    )


def test_what_goes_with_a_goal_stands_in_the_order_it_was_said(cast, browser_of):
    texts = [f"No. {turn} of what I bring" for turn in range(8)]
    lines = [cast.plan.add_entry(section="strengths", words=words, by=cast.maya) for words in texts]
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    goal.go_with(entries=lines[::-1], by=cast.maya)
    assert in_this_order(text_of(browser_of(cast.sam).get(url(cast, "goal", goal=goal.pk))), *texts)


# --- what goes with a goal is of the same plan ---


def test_a_line_of_another_plan_goes_with_no_goal_however_it_is_asked(cast):
    noor = Plan.start(person=Person.objects.get(user=cast.noor), by=cast.noor)
    hers = noor.add_entry(section="strengths", words="Noor's own", by=cast.noor)
    own = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    goal.go_with(entries=[own, hers], by=cast.maya)
    assert [link.entry for link in goal.links.all()] == [own]


def test_what_was_taken_out_goes_with_no_goal_either(cast):
    own = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.maya)
    own.take_out(by=cast.maya)
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    goal.go_with(entries=[Entry.unguarded.get(pk=own.pk)], by=cast.maya)
    assert not goal.links.exists()


# --- what another reader is offered ---


def test_sam_is_not_offered_to_take_out_a_goal_with_a_step_of_mayas(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.sam)
    sam, remove = browser_of(cast.sam), f'"{url(cast, "goal-remove", goal=goal.pk)}"'
    page = url(cast, "goal", goal=goal.pk)
    assert remove in sam.get(page).content.decode()
    goal.add_step(words="Ask Noor for her machine", by=cast.maya)
    goal.add_step(words="Buy thread", by=cast.sam)
    assert remove not in sam.get(page).content.decode()
    assert remove in browser_of(cast.maya).get(page).content.decode()


def asks_for_rulers(browser, address):
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return any(re.search(rf'"{Ruler._meta.db_table}"', query["sql"]) for query in asked)


@pytest.mark.parametrize("name", ["plan", "goal", "back"])
def test_mayas_rulers_are_not_even_fetched_for_anyone_else(cast, browser_of, mornings, name):
    mornings.measure(by=cast.maya, matters=9, sure=3)
    address = url(cast, name, **({"goal": mornings.pk} if name == "goal" else {}))
    assert not asks_for_rulers(browser_of(cast.sam), address)
    assert asks_for_rulers(browser_of(cast.maya), url(cast, "goal", goal=mornings.pk)), "where they are hers to see"


def test_it_says_moved_only_of_a_goal_that_moved(cast, browser_of):
    maya = browser_of(cast.maya)
    first = cast.plan.add_goal(words="Slow mornings", by=cast.maya)
    cast.plan.add_goal(words="A dog", by=cast.maya)
    move = url(cast, "goal-move", goal=first.pk)
    read = [text_of_messages(maya.post(move, {way: "1"}, follow=True)) for way in ("earlier", "later", "later")]
    assert read == ["It stays where it is.", "Moved.", "It stays where it is."]


def text_of_messages(page):
    return " ".join(str(message) for message in page.context["messages"])
