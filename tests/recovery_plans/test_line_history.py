"""The history of a line: who wrote which words, and when, and who may read it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recovery_plans.line_history import TEXTS_ON_A_PAGE
from recovery_plans.models import EditConflict, Grant, Revision, Telling
from tests.history import rewriting
from tests.recovery_plans.test_plan import plan_url, queries_for, read


def history_of(cast, line):
    return plan_url(cast, "line-history", line=line.pk)


def text_of(page):
    """What a reader reads, without the marks of what was put in and taken out."""
    return " ".join(page.split())


def long_ago(line, **when):
    """All texts that the line has so far, written some time ago."""
    with rewriting(Revision) as revisions:
        revisions.filter(line=line.pk).update(at=timezone.now() - timedelta(**when))


@pytest.fixture
def line(cast):
    """A line that Sam typed and Maya changed."""
    line = cast.plan.add_entry(section="strengths", words="She is punctual", by=cast.sam)
    line.rewrite(words="I keep my word", by=cast.maya, base_version=1)
    return line


@pytest.mark.parametrize("reader", ["maya", "sam"])
def test_who_wrote_which_words_newest_first(cast, line, browser_of, reader):
    page = text_of(read(browser_of(getattr(cast, reader)), history_of(cast, line)))
    texts = page.split('id="h-texts"')[1]
    assert texts.index("I keep my word") < texts.index("She is punctual")
    other = "Sam" if reader == "maya" else "Maya"
    assert f"<bdi>{other}</bdi>" in texts
    assert "You" in texts


@pytest.mark.parametrize("reader", ["alex", "dana", "ines", "noor"])
def test_it_is_there_for_nobody_else(cast, line, browser_of, reader):
    assert browser_of(getattr(cast, reader)).get(history_of(cast, line)).status_code == 404


def test_every_kind_of_line_has_one(cast, browser_of):
    goal = cast.plan.add_goal(words="Mornings", by=cast.maya)
    step = goal.add_step(words="Phone away", by=cast.maya)
    went = Telling.write(plan=cast.plan, about=step.pk, of_part="goals", words="Well", by=cast.maya)
    for line in (goal, step, went):
        line.rewrite(words="Other words", by=cast.maya, base_version=1)
        assert "Other" in read(browser_of(cast.maya), history_of(cast, line))


def test_what_stood_before_a_part_was_opened_is_not_shown(cast, browser_of):
    line = cast.plan.add_entry(section="experiences", words="The fire, and whose it was", by=cast.maya)
    line.rewrite(words="The year of the fire", by=cast.maya, base_version=1)
    sam = browser_of(cast.sam)
    assert sam.get(history_of(cast, line)).status_code == 404
    long_ago(line, days=3)
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    line.rewrite(words="After the fire", by=cast.maya, base_version=2)
    page = read(sam, history_of(cast, line))
    assert "whose it was" not in page
    assert "The year of the fire" in page
    assert "whose it was" in read(browser_of(cast.maya), history_of(cast, line))
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    assert sam.get(history_of(cast, line)).status_code == 404


def test_words_kept_beside_are_read_by_who_wrote_them_and_by_maya(cast, line, browser_of):
    for who in ("sam", "maya"):
        with pytest.raises(EditConflict):
            line.rewrite(words=f"Late words of {who}", by=getattr(cast, who), base_version=1)
    hers, his = (read(browser_of(user), history_of(cast, line)) for user in (cast.maya, cast.sam))
    assert "Late words of sam" in hers
    assert "Late words of maya" in hers
    assert "Late words of sam" in his
    assert "Late words of maya" not in his


def test_what_was_taken_out_comes_back_with_one_tap(cast, line, browser_of):
    line.take_out(by=cast.maya)
    assert browser_of(cast.sam).get(history_of(cast, line)).status_code == 404
    maya = browser_of(cast.maya)
    page = read(maya, history_of(cast, line))
    assert "Taken out on" in page
    address = plan_url(cast, "entry-restore", line=line.pk)
    assert f'action="{address}"' in page
    maya.post(address, {"back_to": "back"})
    line.refresh_from_db()
    assert line.removed_at is None
    assert address not in read(maya, history_of(cast, line))


def test_what_sam_typed_and_took_out_he_may_read_and_bring_back(cast, browser_of):
    line = cast.plan.add_entry(section="strengths", words="Typed twice", by=cast.sam)
    line.take_out(by=cast.sam)
    assert "Bring it back" in read(browser_of(cast.sam), history_of(cast, line))


def test_a_step_of_a_goal_that_is_gone_comes_back_with_the_goal(cast, browser_of):
    goal = cast.plan.add_goal(words="Mornings", by=cast.sam)
    step = goal.add_step(words="Phone away", by=cast.sam)
    goal.take_out(by=cast.sam)
    page = read(browser_of(cast.maya), history_of(cast, step))
    assert "Taken out" in page
    assert "Bring it back" not in page
    assert browser_of(cast.sam).get(history_of(cast, step)).status_code == 404


@pytest.mark.parametrize("reader", ["maya", "sam"])
def test_a_long_history_asks_no_more_and_is_read_page_by_page(cast, line, browser_of, reader):
    browser = browser_of(getattr(cast, reader))
    few = queries_for(browser, history_of(cast, line))
    for version in range(2, TEXTS_ON_A_PAGE + 5):
        line.rewrite(words=f"Turn {version:03}", by=cast.maya, base_version=version)
    assert len(queries_for(browser, history_of(cast, line))) <= len(few) + 1  # the text before the page's last
    page = read(browser, history_of(cast, line))
    assert page.count('class="moment"') == TEXTS_ON_A_PAGE
    assert "She is punctual" not in page
    older = page.split('href="?before=')[1].split('"')[0]
    assert "She is punctual" in text_of(read(browser, f"{history_of(cast, line)}?before={older}"))


def test_the_history_is_one_tap_from_where_the_line_is(cast, line, browser_of):
    maya = browser_of(cast.maya)
    link = f'href="{history_of(cast, line)}"'
    for page in ("entry-change", "back", "part"):
        ids = {"entry-change": {"line": line.pk}, "part": {"section": "strengths"}}.get(page, {})
        assert link in read(maya, plan_url(cast, page, **ids)), page
    fresh = cast.plan.add_entry(section="strengths", words="I sing", by=cast.maya)
    assert f'href="{history_of(cast, fresh)}"' not in read(maya, plan_url(cast, "back"))


def test_in_her_hands_no_history_opens(cast, line, browser_of):
    tablet = browser_of(cast.sam)
    tablet.post(plan_url(cast, "hands"))
    answer = tablet.get(history_of(cast, line))
    assert (answer.status_code, "/together/" in answer.headers.get("Location", "")) == (302, True)
    assert history_of(cast, line) not in read(tablet, plan_url(cast, "part", section="strengths"))
