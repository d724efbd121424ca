"""How often a page asks the database: the same few times, however much stands on it.

Counted are queries; not what opens and closes a transaction, and not the one that sets who acts.
"""

import uuid

import pytest
from django.urls import reverse

from peers.auth_backends import Passphrase
from peers.models import User
from peers.models.organization import StaffRole
from recovery_plans.models import Grant, LogLine, Section
from tests.addresses import every_address
from tests.bench import scale
from tests.bench.plans import full_plan, meet
from tests.bench.site import queries_of

# Each query is small and asks one thing; more of them than this on one page would want a reason.
PLAN_AT_MOST, LIST_AT_MOST = 10, 10


def asked_by(client, name, **ids):
    path = reverse(name, kwargs=ids)
    assert client.get(path).status_code == 200
    return len(queries_of(lambda: client.get(path)))


@pytest.mark.django_db
def test_a_plan_asks_the_same_however_full_it_is(browser_of):
    plan, sam = full_plan()
    maya, walker = browser_of(plan.owner), browser_of(sam)
    once = asked_by(maya, "plan", plan=plan.pk), asked_by(walker, "plan", plan=plan.pk)
    fuller, sam = full_plan("Maya", times=3)
    assert (
        asked_by(browser_of(fuller.owner), "plan", plan=fuller.pk),
        asked_by(walker, "plan", plan=fuller.pk),
    ) == once
    assert max(once) <= PLAN_AT_MOST


@pytest.mark.django_db
def test_lists_ask_the_same_however_long_they_are(cast, browser_of):
    sam, dana, maya, ines = (browser_of(user) for user in (cast.sam, cast.dana, cast.maya, cast.ines))
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)

    def counts():
        return {
            "today": asked_by(sam, "today"),
            "summaries": asked_by(dana, "summaries"),
            "team": asked_by(dana, "team"),
            "looks": asked_by(maya, "looks", plan=cast.plan.pk),
            "organization": asked_by(ines, "organization"),
        }

    short = counts()
    for number in range(12):
        plan = meet(f"Person {number}", peer=cast.sam, organization=cast.harbor)
        Grant.say_yes_to_summary(plan=plan, organization=cast.harbor, by=plan.owner)
        LogLine.note("line_changed", plan=cast.plan, by=cast.sam, part="strengths")
        cast.harbor.take_on(user=User.objects.welcome(name=f"Team {number}"), role="peer_specialist", by=cast.ines)
    assert counts() == short
    assert max(short.values()) <= LIST_AT_MOST


def test_every_address_is_measured_with_ten_thousand_people_or_says_why_not():
    names = {pattern.name for pattern in every_address()}
    assert names - set(scale.PAGES) == set(scale.LEFT_OUT), "a new page needs a row in tests/bench/scale.py"
    assert {name.partition(" ")[0] for name in scale.FURTHER} <= set(scale.PAGES)
    assert all(scale.LEFT_OUT.values())


@pytest.mark.django_db
def test_saving_one_line_asks_no_more_when_the_plan_is_full(cast, browser_of):
    maya = browser_of(cast.maya)
    short = cast.plan.add_entry(section=Section.STRENGTHS, words="I mend things.", by=cast.maya)
    plan, _sam = full_plan()
    full = plan.entries.filter(section=Section.STRENGTHS, voice="own").first()
    assert asked_by_saving(maya, short) == asked_by_saving(browser_of(plan.owner), full) <= LIST_AT_MOST


def asked_by_saving(browser, entry):
    path = reverse("entry-change", kwargs={"plan": entry.plan_id, "line": entry.pk})
    data = {"words": "I mend almost anything.", "base_version": 1, "kind": "", "language": "", "save_id": uuid.uuid4()}
    asked = queries_of(lambda: browser.post(path, data))
    entry.refresh_from_db()
    assert (entry.version, entry.words) == (2, "I mend almost anything.")
    return len(asked)


# --- what is worded once says the same ---


@pytest.mark.django_db
def test_whoever_is_here_comes_with_person_and_roles(cast):
    cast.harbor.take_on(user=cast.dana, role=StaffRole.PEER_SPECIALIST, by=cast.dana)
    found = Passphrase().get_user(cast.dana.pk)
    assert found == cast.dana
    assert not hasattr(found, "person")
    assert sorted(held.role for held in found.roles_now()) == ["peer_specialist", "supervisor"]
    assert {held.organization for held in found.roles_now()} == {cast.harbor}
    maya = Passphrase().get_user(str(cast.maya.pk))
    assert (maya.person, maya.person.user, maya.roles_now()) == (cast.person, maya, [])
    User.objects.filter(pk=cast.maya.pk).update(is_active=False)
    assert Passphrase().get_user(cast.maya.pk) is None
    assert Passphrase().get_user(uuid.uuid4()) is None


@pytest.mark.django_db
def test_a_role_that_has_ended_is_not_held(cast):
    cast.sam.roles.get().end(by=cast.ines)
    assert Passphrase().get_user(cast.sam.pk).roles_now() == []
