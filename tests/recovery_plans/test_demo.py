"""The demo: an invented organization that never lands on top of real people."""

import pytest
from django.core.management import CommandError, call_command

from peers.models import Organization, Person, PlanCard, Walk
from recovery_plans.access import find_plan, summaries_reached_by
from recovery_plans.access_log import read_looks
from recovery_plans.models import Goal, LogLine, Plan, Revision
from recovery_plans.models.goals import GoalLink
from recovery_plans.plan_reading import PlanReading

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    call_command("demo")
    return tmp_path


def read(plan, user):
    plan, reach = find_plan(user=user, code=plan.pk)
    return PlanReading(plan, reach=reach, reader=user)


def test_the_demo_brings_the_cast_and_more_than_a_dozen_plans(demo):
    assert Organization.objects.filter(is_demo=True).count() == 2
    assert Plan.unguarded.count() >= 15
    maya = Person.objects.get(user__username="maya")
    reading = read(maya.plan, maya.user)
    assert all(section.entries for section in reading.sections)
    assert len(reading.goals) >= 4
    assert any(goal.uses for goal in reading.goals)
    assert [walk.peer.username for walk in maya.walks_now()] == ["sam"]


def test_someone_in_the_demo_has_not_begun_yet(demo):
    assert any(not plan.entries.exists() and not plan.goals.exists() for plan in Plan.unguarded.all())


def test_whoever_stands_in_a_log_of_the_demo_stands_there_with_their_role(demo):
    for plan in Plan.unguarded.all():
        assert all(look.is_own or look.roles for look in read_looks(plan).rows)


def test_dana_has_at_least_twelve_summaries_to_print(demo):
    dana = Organization.objects.get(name="Harbor Street Peer Center").roles.get(role="supervisor").user
    assert summaries_reached_by(dana).count() >= 12


def test_what_is_closed_in_the_demo_is_closed_to_sam(demo):
    walk = Walk.objects.get(person__user__username="maya", ended_at=None)
    reading = read(walk.person.plan, walk.peer)
    assert not reading.section("experiences").is_open
    assert not reading.section("hard_days").is_open
    assert reading.section("strengths").entries


def test_mayas_card_words_are_told_once_and_open_her_plan(demo):
    output = (demo / "demo.txt").read_text()
    words = output.rsplit(":", 1)[1].strip()
    assert PlanCard.by_words(words).person.user.username == "maya"
    assert (demo / "demo.txt").stat().st_mode & 0o777 == 0o600


def test_the_demo_refuses_to_run_over_real_people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    Organization.found(name="A real place")
    with pytest.raises(CommandError, match="Real people are here"):
        call_command("demo")
    with pytest.raises(CommandError, match="Real people are here"):
        call_command("demo", people=10)
    call_command("demo", if_empty=True)
    assert not Plan.unguarded.exists()


def test_the_demo_is_built_once(demo):
    with pytest.raises(CommandError, match="here already"):
        call_command("demo")


def test_a_crowd_is_made_in_bulk_with_whole_plans(demo, django_assert_max_num_queries, capsys):
    before = Plan.unguarded.count()
    with django_assert_max_num_queries(80):
        call_command("demo", people=60)
    assert Plan.unguarded.count() == before + 60
    crowd = Organization.objects.get(name="Long Wharf Peer Center")
    assert Walk.objects.filter(organization=crowd).count() == 60
    assert Revision.unguarded.count() == LogLine.unguarded.filter(what="line_added").count()
    assert Goal.unguarded.exists()
    assert GoalLink.unguarded.exists()
