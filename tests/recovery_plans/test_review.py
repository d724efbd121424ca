"""Looking at the plan again: Maya asks in one tap, Sam sees it, and it ends when she agrees or takes it back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recovery_plans.models import HowSaid, LogLine, NotAllowedToChange, Plan
from recovery_plans.review import LONG_AGO
from tests.recovery_plans.agreeing import agree
from tests.recovery_plans.test_plan import plan_url, queries_for, read
from tests.ways import open_card

ASKS = "would like to look at the plan again."


def ask(browser, cast, **sent):
    return browser.post(plan_url(cast, "review"), sent)


def plain(page):
    return " ".join(page.split())


def test_maya_asks_in_one_tap_and_sam_sees_it_on_today_and_on_the_plan(cast, browser_of):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    assert "I would like to look at my plan again" in read(maya, plan_url(cast, "back"))
    answer = ask(maya, cast)
    assert answer["Location"] == plan_url(cast, "plan") + "#told"
    page = plain(read(maya, plan_url(cast, "plan")))
    assert "Asked. The plan says so until you agree again, or take it back." in page
    assert "to look at your plan again." in page
    assert "has seen it" not in page
    assert "Would like to look at the plan again." in read(sam, reverse("today"))
    assert "has seen it" not in read(maya, plan_url(cast, "plan"))  # Today alone is not the plan
    assert f"<bdi>Maya</bdi> {ASKS}" in plain(read(sam, plan_url(cast, "plan")))
    assert "<bdi>Sam</bdi> has seen it." in plain(read(maya, plan_url(cast, "plan")))


def test_she_takes_it_back_and_nothing_stands_any_more(cast, browser_of):
    maya, sam = browser_of(cast.maya), browser_of(cast.sam)
    ask(maya, cast)
    ask(maya, cast, take_back="1")
    assert ASKS not in plain(read(sam, plan_url(cast, "plan")))
    assert "look at the plan again" not in read(sam, reverse("today"))
    assert "to look at your plan again." not in read(maya, plan_url(cast, "plan"))


@pytest.mark.parametrize("how, ends", [(HowSaid.ON_SCREEN, True), (HowSaid.NOT_ASKED, False)])
def test_it_ends_when_she_says_yes_again_and_not_before(cast, browser_of, how, ends):
    ask(browser_of(cast.maya), cast)
    agree(cast, by=None if how == HowSaid.ON_SCREEN else cast.sam, how=how)
    assert (ASKS not in plain(read(browser_of(cast.sam), plan_url(cast, "plan")))) is ends


def test_asking_twice_is_asking_once(cast):
    cast.plan.ask_review(by=cast.maya)
    since = cast.plan.review_asked_at
    cast.plan.ask_review(by=cast.maya)
    assert cast.plan.review_asked_at == since
    assert LogLine.unguarded.filter(plan=cast.plan.pk, what="review_asked").count() == 1


@pytest.mark.parametrize("who", ["sam", "alex", "dana"])
def test_nobody_asks_for_her(cast, browser_of, who):
    assert ask(browser_of(getattr(cast, who)), cast).status_code == 404
    for verb in (cast.plan.ask_review, cast.plan.take_back_review):
        with pytest.raises(NotAllowedToChange):
            verb(by=getattr(cast, who))
    assert Plan.unguarded.get(pk=cast.plan.pk).review_asked_at is None


def test_a_card_that_sam_made_asks_nothing_in_her_name(cast, browser_of):
    assert ask(open_card(browser_of, person=cast.person, by=cast.sam).browser, cast).status_code == 403
    assert Plan.unguarded.get(pk=cast.plan.pk).review_asked_at is None


def test_in_her_hands_she_asks_too(cast, browser_of):
    tablet = browser_of(cast.sam)
    tablet.post(plan_url(cast, "hands"))
    ask(tablet, cast)
    line = LogLine.unguarded.get(what="review_asked")
    assert (line.by, line.on_device_of) == (cast.maya.pk, cast.sam.pk)


@pytest.mark.parametrize("days, asks", [(LONG_AGO.days - 2, False), (LONG_AGO.days + 2, True)])
def test_eleven_months_after_her_yes_the_plan_asks_quietly(cast, browser_of, days, asks):
    agree(cast)
    Plan.unguarded.update(agreed_at=timezone.now() - timedelta(days=days))
    page = plain(read(browser_of(cast.maya), plan_url(cast, "plan")))
    assert ("Would you like to look at it again?" in page) is asks
    assert "look at it again" not in read(browser_of(cast.sam), plan_url(cast, "plan"))


def test_the_plan_asks_the_database_no_more_for_it(cast, browser_of):
    maya = browser_of(cast.maya)
    few = len(queries_for(maya, plan_url(cast, "plan")))
    cast.plan.ask_review(by=cast.maya)
    cast.plan.see_review(by=cast.sam)
    assert len(queries_for(maya, plan_url(cast, "plan"))) == few
