"""Who can see this: as the grants in force say, whoever they were given to. Noor is Maya's sister."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from recovery_plans.access import find_plan
from recovery_plans.models import Grant, GrantedPart
from recovery_plans.plan_reading import PlanReading

ONLY_YOU = "Only you can see this."


@pytest.fixture
def give(cast):
    """Maya lets someone see these parts, for a month: made straight in the table, as no page offers it yet."""

    def give_grant(*parts, action="see", purpose="family", **reader):
        month = timezone.now() + timedelta(days=30)
        grant = Grant.unguarded.create(
            plan=cast.plan, purpose=purpose, given_by=cast.maya, given="on_screen", ends_at=month, **reader
        )
        for part in parts:
            GrantedPart.unguarded.create(grant=grant, part=part, action=action)
        return grant

    return give_grant


def words_of(browser, name, cast, **kwargs):
    html = browser.get(reverse(name, kwargs={"plan": cast.plan.pk, **kwargs})).content.decode()
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]+>", "", html, flags=re.DOTALL).split())


def icons_of(browser, cast, section):
    """How the line about who can see it begins: with an open eye, or with a lock."""
    html = browser.get(reverse("part", kwargs={"plan": cast.plan.pk, "section": section})).content.decode()
    return html[html.index('<p class="lock') : html.index("can see this.")]


@pytest.mark.parametrize("purpose", ["family", "walk"])
def test_what_her_sister_may_see_is_not_only_mayas(cast, browser_of, give, purpose):
    maya = browser_of(cast.maya)
    assert ONLY_YOU in words_of(maya, "part", cast, section="hard-days")
    closed = icons_of(maya, cast, "hard-days")
    grant = give("hard_days", reader=cast.noor, purpose=purpose)
    for page, kwargs in (("part", {"section": "hard-days"}), ("plan", {}), ("about-me", {})):
        assert "You and Noor can see this." in words_of(maya, page, cast, **kwargs), page
    assert ONLY_YOU not in words_of(maya, "part", cast, section="hard-days")
    assert icons_of(maya, cast, "hard-days") != closed
    assert ONLY_YOU in words_of(maya, "part", cast, section="experiences"), "the story is as closed as before"

    Grant.unguarded.filter(pk=grant.pk).update(revoked_at=timezone.now())
    assert ONLY_YOU in words_of(maya, "part", cast, section="hard-days")
    assert icons_of(maya, cast, "hard-days") == closed


def test_everyone_is_named_once_with_those_who_walk_along_first(cast, browser_of, give):
    give("strengths", "goals", reader=cast.noor)
    give("strengths", reader=cast.noor)
    assert "You, Sam and Noor can see this." in words_of(browser_of(cast.maya), "part", cast, section="strengths")
    assert "Maya, Noor and you can see this." in words_of(browser_of(cast.sam), "part", cast, section="strengths")


def test_a_sister_is_nobodys_peer_specialist(cast, give):
    give("strengths", reader=cast.noor, purpose="walk")
    plan, reach = find_plan(user=cast.maya, code=cast.plan.pk)
    reading = PlanReading(plan, reach=reach, reader=cast.maya)
    assert [walker.name for walker in reading.walkers] == ["Sam"]
    assert [reader.name for reader in reading.readers.of("strengths")] == ["Sam", "Noor"]


def test_a_grant_to_print_is_none_to_see(cast, browser_of, give):
    give("hard_days", reader=cast.noor, action="print")
    maya = browser_of(cast.maya)
    assert ONLY_YOU in words_of(maya, "part", cast, section="hard-days")
    assert "Right now 1 person can see something." in words_of(maya, "share", cast)


def test_supervisors_with_a_grant_to_a_part_are_named_by_their_place(cast, browser_of, give):
    give("hard_days", supervisors_of=cast.harbor, purpose="summary")
    maya = browser_of(cast.maya)
    sentence = "You and the supervisors at Harbor Street Peer Center can see this."
    assert sentence in words_of(maya, "part", cast, section="hard-days")
    shared = words_of(maya, "share", cast)
    assert "The supervisors at Harbor Street Peer Center Until" in shared
    assert "Right now 2 people can see something." in shared
    assert "See the page first" in shared, "the one page is still hers to share or to keep"


def test_a_yes_to_the_one_page_opens_no_part(cast, browser_of):
    maya = browser_of(cast.maya)
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    assert "You and Sam can see this." in words_of(maya, "part", cast, section="vision")
    shared = words_of(maya, "share", cast)
    assert "Can see these parts of my plan:" not in shared
    assert "Right now 2 people can see something." in shared


def test_share_names_her_sister_what_she_sees_and_until_when(cast, browser_of, give):
    give("goals", "hard_days", reader=cast.noor)
    shared = words_of(browser_of(cast.maya), "share", cast)
    assert "Right now 2 people can see something." in shared
    assert re.search(r"Noor Until \w+\.? \d+, \d{4} Can see these parts of my plan: ", shared)
    assert "On a hard dayWhat I am working on" in shared
    # Sam still has the part closed to him; that it is Maya's alone would not be true any more.
    assert "On a hard day Sam cannot see this part." in shared
    assert "My story so far Only I can see this part." in shared


def test_what_is_open_to_one_who_walks_along_is_not_called_mayas_alone(cast, browser_of):
    walk = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.alex)
    Grant.for_walk(plan=cast.plan, walk=walk, by=cast.alex)
    Grant.open_part(plan=cast.plan, walk=walk, section="experiences", by=cast.maya)
    shared = words_of(browser_of(cast.maya), "share", cast)
    assert "My story so far Sam cannot see this part." in shared
    assert "My story so far Alex can see this part." in shared
    assert shared.count("On a hard day Only I can see this part.") == 2


def test_before_she_starts_maya_reads_the_same_readers_as_on_share(cast, browser_of):
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    maya = browser_of(cast.maya)
    before, share = (" ".join(maya.get(reverse(*name)).content.decode().split()) for name in pages_of_readers(cast))
    for name in ("Sam", "Dana"):
        assert name in before
        assert name in share
    assert '<b dir="auto">Dana</b> <span class="soft">one page only</span>' in before


def pages_of_readers(cast):
    return ("before",), ("share", None, [cast.plan.pk])
