"""A role ends in two steps: first what it means and for whom, then the end; for a day it can be undone."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from peers.models import HandOver, Person, Role, User
from peers.models.hand_overs import left_with_nobody_by, who_walk_with_nobody
from recovery_plans.access import find_plan
from recovery_plans.models import LogLine, Plan


@pytest.fixture
def sams(cast):
    """Sam's role. He walks with Maya alone, and with Ash together with Alex."""
    ash = Person.meet(name="Ash", peer=cast.sam, organization=cast.harbor)
    ash.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.alex)
    return cast.sam.roles.get()


def end_page(role):
    return reverse("organization-role-end", kwargs={"role": role.pk})


def resume(role):
    return reverse("organization-role-resume", kwargs={"role": role.pk})


def test_the_first_step_says_how_many_are_left_with_nobody_and_ends_nothing(cast, browser_of, sams):
    page = " ".join(browser_of(cast.ines).get(end_page(sams)).content.decode().split())
    assert "They walk with 2 people here." in page
    assert "1 of them would be left with no one." in page
    assert "Maya" not in page
    assert [person.name for person in left_with_nobody_by(sams)] == ["Maya"]
    assert Role.objects.get(pk=sams.pk).until is None


def test_ines_hands_over_in_the_same_step(cast, browser_of, sams):
    browser_of(cast.ines).post(end_page(sams), {"peer": cast.alex.pk})
    assert Role.objects.get(pk=sams.pk).until is not None
    assert list(HandOver.objects.values_list("person__user__name", "peer__name")) == [("Maya", "Alex")]


def test_with_nobody_to_ask_she_asks_later(cast, browser_of, sams):
    browser_of(cast.ines).post(end_page(sams), {"peer": ""})
    assert not HandOver.objects.exists()
    assert [person.name for person in who_walk_with_nobody(cast.harbor)] == ["Maya"]


@pytest.mark.parametrize("peer", ["dana", "sam", "rosa"])
def test_only_another_peer_specialist_of_this_place_can_be_asked(cast, browser_of, sams, peer):
    answer = browser_of(cast.ines).post(end_page(sams), {"peer": getattr(cast, peer).pk})
    assert answer.status_code == 422
    assert Role.objects.get(pk=sams.pk).until is None


def test_undone_within_a_day_sam_walks_with_the_same_people(cast, browser_of, sams):
    ines = browser_of(cast.ines)
    ines.post(end_page(sams))
    assert "Ended since yesterday" in ines.get(reverse("organization")).content.decode()
    ines.post(resume(sams))
    sam = User.objects.get(pk=cast.sam.pk)
    assert find_plan(user=sam, code=cast.plan.pk)[0] == cast.plan
    log = LogLine.unguarded.filter(plan=cast.plan.pk, what__in=["walk_over", "walk_resumed"])
    assert set(log.values_list("what", "by")) == {("walk_over", sam.pk), ("walk_resumed", sam.pk)}
    assert ines.post(resume(sams)).status_code == 404  # it has not ended


def test_after_a_day_it_cannot_be_undone(cast, browser_of, sams):
    ines = browser_of(cast.ines)
    ines.post(end_page(sams))
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
        page = browser_of(cast.ines).get(reverse("organization")).content.decode()
        assert "Ended since yesterday" not in page
        assert not Role.objects.get(pk=sams.pk).resume(by=cast.ines)
    assert Role.objects.get(pk=sams.pk).until is not None


def test_a_walk_that_maya_ended_herself_stays_ended(cast, sams):
    cast.walk.end(by=cast.maya)
    sams.end(by=cast.ines)
    assert Role.objects.get(pk=sams.pk).resume(by=cast.ines)
    assert not cast.person.walks_now()


def test_who_was_taken_on_anew_and_asked_again_is_not_there_twice(cast, sams):
    sams.end(by=cast.ines)
    cast.harbor.take_on(user=cast.sam, role="peer_specialist", by=cast.ines)
    assert not Role.objects.get(pk=sams.pk).resume(by=cast.ines)
    assert cast.sam.roles.filter(until=None).count() == 1


def test_the_walk_that_began_anew_meanwhile_is_not_there_twice(cast, sams):
    sams.end(by=cast.ines)
    cast.person.start_walk(peer=cast.sam, organization=cast.harbor, by=cast.maya)
    Plan.start(person=cast.person, by=cast.maya)
    assert Role.objects.get(pk=sams.pk).resume(by=cast.ines)
    assert cast.person.walks_now().filter(peer=cast.sam).count() == 1
