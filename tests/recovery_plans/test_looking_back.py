"""The way a plan came: what was done and reached, what was taken out, and the words that a line once had."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from recovery_plans.models import EditConflict, Grant
from tests.recovery_plans.test_plan import plan_url, queries_for, read


def test_looking_back_goes_by_month_in_mayas_words(cast, browser_of):
    goal = cast.plan.add_goal(words="Mornings", by=cast.maya)
    step = goal.add_step(words="Phone away", by=cast.maya)
    step.do(by=cast.maya)
    long_ago = timezone.now() - timedelta(days=70)
    type(step).unguarded.filter(pk=step.pk).update(state_since=long_ago)
    goal.reach(by=cast.maya)
    cast.plan.add_goal(words="Lose ten pounds", by=cast.maya).disown(by=cast.maya)
    page = read(browser_of(cast.maya), plan_url(cast, "back"))
    assert "This was never my goal" in page
    assert "Lose ten pounds" in page
    assert page.index("I reached this goal") < page.index("I did this step")
    months = re.findall(r'id="m-(\d{6})"', page)
    assert months == sorted(months, reverse=True)
    assert len(months) == 2


def test_an_empty_way_back_is_not_a_reproach(cast, browser_of):
    assert "The path is short so far. Every path starts that way." in read(
        browser_of(cast.maya), plan_url(cast, "back")
    )


def test_maya_brings_back_what_she_took_out_and_sam_never_sees_it(cast, browser_of):
    line = cast.plan.add_entry(section="strengths", words="I like lists", by=cast.maya)
    line.take_out(by=cast.maya)
    assert "I like lists" not in read(browser_of(cast.sam), plan_url(cast, "back"))
    maya = browser_of(cast.maya)
    assert "I like lists" in read(maya, plan_url(cast, "back"))
    answer = maya.post(plan_url(cast, "entry-restore", line=line.pk), {"back_to": "back"})
    assert answer["Location"] == plan_url(cast, "back") + "#told"
    line.refresh_from_db()
    assert line.removed_at is None


def test_what_sam_took_out_sam_may_bring_back(cast, browser_of):
    line = cast.plan.add_entry(section="strengths", words="I like lists", by=cast.sam)
    sam = browser_of(cast.sam)
    sam.post(plan_url(cast, "entry-remove", line=line.pk))
    assert "Bring it back" in read(sam, plan_url(cast, "back"))
    assert "Bring it back" in read(browser_of(cast.maya), plan_url(cast, "back"))


def test_kept_words_can_be_read_again_and_lead_back_to_their_line(cast, browser_of):
    line = cast.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)
    sam, maya = browser_of(cast.sam), browser_of(cast.maya)
    change = plan_url(cast, "entry-change", line=line.pk)
    maya.post(change, {"words": "My word holds", "base_version": 1})
    sam.post(change, {"words": "What Sam typed late", "base_version": 1})
    maya.post(change, {"words": "What I typed late", "base_version": 1})
    hers = read(maya, plan_url(cast, "back")).split('id="h-kept"')[1]
    assert "What Sam typed late" in hers
    assert "What I typed late" in hers
    assert hers.count(f'href="{change}"') == 2
    his = read(sam, plan_url(cast, "back"))
    assert "What Sam typed late" in his
    assert "What I typed late" not in his
    assert change not in his


def test_kept_words_of_a_part_that_was_closed_again_are_closed_too(cast, browser_of):
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    line = cast.plan.add_entry(section="experiences", words="The year of the fire", by=cast.sam)
    line.take_out(by=cast.maya)
    sam = browser_of(cast.sam)
    sam.post(plan_url(cast, "entry-change", line=line.pk), {"words": "The flood", "base_version": 1})
    assert "The flood" in read(sam, plan_url(cast, "back"))
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert "The flood" not in read(sam, plan_url(cast, "back"))


def test_many_kept_words_ask_no_more_and_stay_in_sight_only_while_new(cast, browser_of):
    goal = cast.plan.add_goal(words="Sew", by=cast.maya)
    maya = browser_of(cast.maya)

    def keep(*turns):
        for turn in turns:
            with pytest.raises(EditConflict):
                goal.rewrite(words=f"late words {turn}", by=cast.maya, base_version=7)

    keep(0)
    few = queries_for(maya, plan_url(cast, "back"))
    keep(*range(1, 56))
    assert len(queries_for(maya, plan_url(cast, "back"))) == len(few)
    assert read(maya, plan_url(cast, "back")).count("late words") == 50
