"""A yes of Maya's: when it begins and ends and by whose clock, how it was given, and what the log keeps of it."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from peers.models import Person
from recovery_plans.models import Grant, LogLine, Plan
from tests.recovery_plans.test_sharing import url

DAY = timedelta(days=1)
A_WHILE = timedelta(minutes=10)  # less than a session lasts


def summary_of(yes):
    return reverse("summary", args=[yes.pk])


@pytest.fixture
def yes(cast):
    """Maya's yes to the one page."""
    return Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the machine the app runs on, for a while so much ahead of the database's, or behind it."""

    def set_wrong(by):
        class Wrong(datetime):
            @classmethod
            def now(cls, tz=None):
                return datetime.now(tz) + by

        # What Django's own `now` looks at, so that it is wrong for whoever has imported that function too.
        monkeypatch.setattr(timezone, "datetime", Wrong)

    yield set_wrong
    monkeypatch.setattr(timezone, "datetime", datetime)


def events(cast, *kinds):
    """How many lines of each of these kinds the log has."""
    counted = Counter(LogLine.unguarded.filter(plan=cast.plan.pk).values_list("what", flat=True))
    return tuple(counted[kind] for kind in kinds)


# --- from when, until when, by whose clock ---


def test_a_yes_from_tomorrow_on_opens_nothing_today(cast, browser_of, yes):
    dana, sam = browser_of(cast.dana), browser_of(cast.sam)
    assert dana.get(summary_of(yes)).status_code == 200
    assert sam.get(url(cast, "plan")).status_code == 200
    Grant.unguarded.filter(plan=cast.plan).update(starts_at=timezone.now() + DAY)
    assert dana.get(summary_of(yes)).status_code == 404
    assert sam.get(url(cast, "plan")).status_code == 200, "nobody chose the start of a walk: it holds since it was made"
    assert sam.post(url(cast, "entry-add", section="strengths"), {"words": "Today"}).status_code == 302


@pytest.mark.parametrize("wrong_by", [-2 * A_WHILE, 2 * A_WHILE])
def test_a_yes_ends_by_the_clock_of_the_database_however_wrong_the_apps_own_is(cast, browser_of, yes, clock, wrong_by):
    dana, sam, now = browser_of(cast.dana), browser_of(cast.sam), timezone.now()
    over = wrong_by < timedelta()
    Grant.unguarded.filter(plan=cast.plan).update(ends_at=now - A_WHILE if over else now + A_WHILE)
    clock(wrong_by)
    expected = 404 if over else 200
    assert dana.get(summary_of(yes)).status_code == expected
    assert sam.get(url(cast, "plan")).status_code == expected


@pytest.mark.parametrize("wrong_by", [-2 * A_WHILE, 2 * A_WHILE])
def test_a_yes_holds_from_the_moment_it_is_said_however_wrong_the_apps_own_clock_is(cast, browser_of, clock, wrong_by):
    before = timezone.now()
    clock(wrong_by)
    yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    clock(timedelta())
    yes = Grant.unguarded.get(pk=yes.pk)
    assert before <= yes.starts_at <= timezone.now()
    assert browser_of(cast.dana).get(summary_of(yes)).status_code == 200


# --- how it was given ---


def test_a_yes_says_whether_maya_tapped_it_or_said_it_aloud(cast):
    with_sam = Grant.unguarded.get(plan=cast.plan, walk=cast.walk)
    assert (with_sam.given, with_sam.given_by) == ("said_together", cast.sam)
    second = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    tapped = Grant.for_walk(plan=cast.plan, walk=second, by=cast.maya)
    assert (tapped.given, tapped.given_by) == ("on_screen", cast.maya)


# --- a part that is closed, a yes that is stopped: once ---


def test_a_part_that_is_closed_already_is_not_closed_again(cast):
    opening = {"plan": cast.plan, "walk": cast.walk, "section": "experiences", "by": cast.maya}
    Grant.open_part(**opening)
    Grant.close_part(**opening)
    first = Grant.unguarded.get(parts__part="experiences", parts__action="see")
    Grant.close_part(**opening)
    assert events(cast, "part_opened", "part_closed") == (1, 1)
    Grant.open_part(**opening)
    Grant.close_part(**opening)
    assert events(cast, "part_opened", "part_closed") == (2, 2)
    assert Grant.unguarded.get(pk=first.pk).revoked_at == first.revoked_at, "when it was closed stays what it was"


def test_a_yes_that_is_stopped_already_is_not_stopped_again(cast, yes):
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    stopped_at = Grant.unguarded.get(pk=yes.pk).revoked_at
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    assert events(cast, "summary_yes", "summary_stopped") == (2, 1)
    assert Grant.unguarded.get(pk=yes.pk).revoked_at == stopped_at


def test_opening_one_private_part_opens_only_that_one_to_only_that_one(cast):
    second = cast.person.start_walk(peer=cast.alex, organization=cast.harbor, by=cast.maya)
    Grant.for_walk(plan=cast.plan, walk=second, by=cast.maya)
    for section in ("experiences", "hard_days"):
        for walk in (cast.walk, second):
            Grant.open_part(plan=cast.plan, walk=walk, section=section, by=cast.maya)
    Grant.close_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    open_now = Grant.unguarded.filter(plan=cast.plan, revoked_at=None, parts__part__in=["experiences", "hard_days"])
    assert sorted(set(open_now.values_list("reader__name", "parts__part"))) == [
        ("Alex", "experiences"),
        ("Alex", "hard_days"),
        ("Sam", "hard_days"),
    ]


def test_another_persons_yes_is_not_stopped_with_mayas(cast, yes):
    teo = Plan.start(person=Person.meet(name="Teo", peer=cast.sam, organization=cast.harbor), by=cast.sam)
    theirs = Grant.say_yes_to_summary(plan=teo, organization=cast.harbor, by=teo.person.user)
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    assert Grant.unguarded.get(pk=theirs.pk).revoked_at is None


# --- walking together again ---


def test_who_walks_with_maya_again_has_to_be_let_in_again(cast, browser_of):
    again = cast.person.start_walk(peer=cast.lee, organization=cast.harbor, by=cast.ines)
    lee = browser_of(cast.lee)
    assert lee.get(url(cast, "plan")).status_code == 404, "the yes of last time ended with that walk"
    assert "Maya" not in lee.get(reverse("today")).content.decode(), "nobody is listed whose plan does not open"
    Grant.for_walk(plan=cast.plan, walk=again, by=cast.maya)
    assert lee.get(url(cast, "plan")).status_code == 200
    assert "Maya" in lee.get(reverse("today")).content.decode()


def test_whose_yes_is_over_is_not_on_today_either(cast, browser_of):
    sam = browser_of(cast.sam)
    assert "Maya" in sam.get(reverse("today")).content.decode()
    Grant.unguarded.filter(plan=cast.plan, reader=cast.sam).update(ends_at=timezone.now() - DAY)
    assert "Maya" not in sam.get(reverse("today")).content.decode()
