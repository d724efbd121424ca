"""Nobody is stranded: Maya asks someone to walk with her, with six letters on her own screen."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from peers import throttling
from peers.models import WalkRequest
from recovery_plans.access import find_plan
from recovery_plans.models import Grant, LogLine, Plan, Section
from recovery_plans.models.plan import NotHere

ASKED = reverse("person-asked")


def ask_page(plan):
    return reverse("walk-ask", kwargs={"plan": plan.pk})


def letters_on(page):
    return page.content.decode().partition('<p class="words-secret mt-s" translate="no" dir="ltr">')[2][:6]


def asks(cast, browser_of):
    """Maya makes six letters on her own screen."""
    maya = browser_of(cast.maya)
    return letters_on(maya.post(ask_page(cast.plan), follow=True))


@pytest.fixture
def alone(cast):
    """Sam has stopped walking with Maya, and nobody else walks with her."""
    cast.walk.end(by=cast.maya)
    return cast


def test_maya_asks_and_alex_types_her_letters_in(alone, browser_of):
    letters = asks(alone, browser_of)
    alex = browser_of(alone.alex)
    page = alex.post(ASKED, {"letters": f" {letters[:3].lower()}-{letters[3:].lower()} "})
    assert page.headers["Location"] == reverse("together", kwargs={"plan": alone.plan.pk})
    _plan, reach = find_plan(user=alone.alex, code=alone.plan.pk)
    assert Section.STRENGTHS in reach.writes
    assert not {Section.EXPERIENCES, Section.HARD_DAYS} & reach.sees  # private parts start closed
    grant = Grant.unguarded.get(plan=alone.plan, reader=alone.alex)
    assert (grant.given, grant.given_by) == ("on_screen", alone.maya)
    noted = LogLine.unguarded.filter(plan=alone.plan.pk, what__in=["walk_asked", "walk_begun"]).order_by("at")
    assert list(noted.values_list("what", "by")) == [("walk_asked", alone.maya.pk), ("walk_begun", alone.alex.pk)]


def test_the_letters_stay_on_her_page_while_they_are_good(alone, browser_of):
    maya = browser_of(alone.maya)
    letters = letters_on(maya.post(ask_page(alone.plan), follow=True))
    assert len(letters) == 6
    assert letters_on(maya.get(ask_page(alone.plan))) == letters
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert letters_on(maya.get(ask_page(alone.plan))) == ""
        assert Plan.walk_along(letters=letters, peer=alone.alex, organization=alone.harbor) is None


def test_letters_work_once_and_new_ones_put_the_old_ones_out(alone, browser_of):
    old, new = asks(alone, browser_of), asks(alone, browser_of)
    assert Plan.walk_along(letters=old, peer=alone.alex, organization=alone.harbor) is None
    assert Plan.walk_along(letters=new, peer=alone.alex, organization=alone.harbor) == alone.plan
    assert Plan.walk_along(letters=new, peer=alone.sam, organization=alone.harbor) is None


def test_letters_that_another_device_has_put_out_are_not_shown(alone, browser_of):
    phone, library = browser_of(alone.maya), browser_of(alone.maya)
    old = letters_on(phone.post(ask_page(alone.plan), follow=True))
    new = letters_on(library.post(ask_page(alone.plan), follow=True))
    assert old != new
    assert letters_on(phone.get(ask_page(alone.plan))) == ""
    assert letters_on(library.get(ask_page(alone.plan))) == new


def test_letters_are_for_those_who_work_as_peer_specialists_today(alone, browser_of):
    letters = asks(alone, browser_of)
    with pytest.raises(NotHere):
        Plan.walk_along(letters=letters, peer=alone.dana, organization=alone.harbor)
    with pytest.raises(NotHere):
        Plan.walk_along(letters=letters, peer=alone.rosa, organization=alone.harbor)
    assert WalkRequest.objects.get().answered_at is None


def test_nobody_walks_with_themself(cast):
    own = Plan.start(person=cast.person.on_their_own(user=cast.sam), by=cast.sam)
    _made, letters = WalkRequest.make(person=own.person, by=cast.sam)
    assert Plan.walk_along(letters=letters, peer=cast.sam, organization=cast.harbor) is None
    assert Plan.walk_along(letters=letters, peer=cast.alex, organization=cast.harbor) == own


def test_wrong_letters_are_told_kindly_and_then_he_waits(alone, browser_of):
    letters = asks(alone, browser_of)
    alex = browser_of(alone.alex)
    for _guess in range(throttling.LIMITS["letters"]):
        page = alex.post(ASKED, {"letters": "AAAAAA"})
        assert (page.status_code, "AAAAAA" in page.content.decode()) == (422, True)
    assert alex.post(ASKED, {"letters": letters}).status_code == 429
    assert not alone.person.walks_now()


def test_only_a_digest_of_the_letters_is_kept(alone, browser_of):
    letters = asks(alone, browser_of)
    kept = WalkRequest.objects.get()
    assert letters not in str(vars(kept))
    assert len(kept.letters_digest) == 64
