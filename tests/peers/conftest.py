"""Whom the stories of cards and own words are about."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from recovery_plans.models import LogLine, Plan
from tests.ways import make_own_words

STORY = "CANARY-STORY"


def at(name, plan, **names):
    return reverse(name, kwargs={"plan": plan.pk, **names})


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def quique(cast):
    """Met by Sam; he has no way in of his own yet."""
    plan = Plan.meet(name="Quique", language="en", peer=cast.sam, organization=cast.harbor)
    user = plan.person.user
    user.arrive()
    return SimpleNamespace(plan=plan, person=plan.person, user=user, walk=plan.person.walks_now().get())


@pytest.fixture
def maya(cast):
    """Maya with own words, a story of her own, and no sign-in name."""
    cast.maya.end_passphrase()
    cast.plan.add_entry(section="experiences", words=STORY, by=cast.maya)
    return SimpleNamespace(plan=cast.plan, person=cast.person, user=cast.maya, words=make_own_words(cast.person))


def reads_her_story(browser, plan):
    return STORY in browser.get(at("part", plan, section="experiences")).content.decode()


def log_of(plan):
    return list(LogLine.unguarded.filter(plan=plan.pk).order_by("at").values_list("what", flat=True))
