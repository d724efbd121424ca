"""Who has looked: each reader stands there with the role and the name they had on that day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from peers.models import FormerName, Organization, Person, PlanCard, Role
from peers.models.organization import StaffRole
from peers.who_then import who_then
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, Plan
from tests.history import rewriting
from tests.recovery_plans.test_sharing import queries_on, read, url


def days(number):
    return timedelta(days=number)


@pytest.fixture
def long_ago(cast):
    """Everyone of the team has been here for a year, and Maya's log is still empty."""
    Role.objects.update(since=timezone.now() - days(365))
    with rewriting(LogLine) as lines:
        lines.all().delete()
    return cast


def looked(cast, by, *, ago):
    """Somebody looked at Maya's plan some days ago."""
    LogLine.note(PlanEvent.PLAN_PRINTED, plan=cast.plan, by=by)
    with rewriting(LogLine) as lines:
        lines.filter(pk=LogLine.unguarded.latest("at").pk).update(at=timezone.now() - days(ago))


def renamed(user, name, *, ago):
    user.take_name(name)
    with rewriting(FormerName) as names:
        names.filter(pk=FormerName.objects.latest("until").pk).update(until=timezone.now() - days(ago))


def log_of_maya(cast, browser_of):
    return read(browser_of(cast.maya), url(cast, "looks"))


def test_sam_is_called_samuel_today_and_stands_with_the_name_of_each_day(long_ago, browser_of):
    cast = long_ago
    for ago in (20, 9, 1):
        looked(cast, cast.sam, ago=ago)
    renamed(cast.sam, "Sami", ago=10)
    renamed(cast.sam, "Samuel", ago=5)
    page = log_of_maya(cast, browser_of)
    starts = [page.index(f"{name} · peer specialist printed the plan") for name in ("Samuel", "Sami", "Sam")]
    assert starts == sorted(starts)


def test_dana_was_a_peer_specialist_when_she_looked_and_is_a_supervisor_now(long_ago, browser_of):
    cast = long_ago
    cast.dana.roles.update(since=timezone.now() - days(5))
    before = cast.harbor.take_on(user=cast.dana, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    Role.objects.filter(pk=before.pk).update(since=timezone.now() - days(90), until=timezone.now() - days(6))
    looked(cast, cast.dana, ago=30)
    looked(cast, cast.dana, ago=1)
    page = log_of_maya(cast, browser_of)
    assert page.index("Dana · supervisor printed") < page.index("Dana · peer specialist printed")


def test_who_holds_two_roles_stands_with_both(long_ago, browser_of):
    held = long_ago.harbor.take_on(user=long_ago.dana, role=StaffRole.PEER_SPECIALIST, by=long_ago.ines)
    Role.objects.filter(pk=held.pk).update(since=timezone.now() - days(9))
    looked(long_ago, long_ago.dana, ago=2)
    assert "Dana · supervisor, peer specialist printed the plan" in log_of_maya(long_ago, browser_of)


def test_the_role_is_that_in_her_own_organization_and_another_only_where_there_is_none(long_ago, browser_of):
    cast = long_ago
    other = cast.millbrook.take_on(user=cast.sam, role=StaffRole.SUPERVISOR, by=cast.rosa)
    Role.objects.filter(pk=other.pk).update(since=timezone.now() - days(90))
    looked(cast, cast.sam, ago=3)
    looked(cast, cast.rosa, ago=2)
    page = log_of_maya(cast, browser_of)
    assert "Sam · peer specialist printed" in page
    assert "Rosa · peer specialist printed" in page


def test_when_sams_role_ends_the_last_line_still_says_what_he_was(long_ago, browser_of):
    long_ago.sam.roles.get().end(by=long_ago.ines)
    assert "Sam · peer specialist no longer walks with me" in log_of_maya(long_ago, browser_of)


def test_a_role_of_later_says_nothing_of_before(long_ago, browser_of):
    long_ago.alex.roles.update(since=timezone.now() - days(2))
    looked(long_ago, long_ago.alex, ago=4)
    assert "Alex printed the plan" in log_of_maya(long_ago, browser_of)


def test_two_of_one_name_are_two_rows(long_ago, browser_of):
    long_ago.alex.take_name("Sam")
    for who in (long_ago.sam, long_ago.alex):
        looked(long_ago, who, ago=0)
    rows = browser_of(long_ago.maya).get(url(long_ago, "looks")).context["rows"]
    assert sorted(row.newest.by for row in rows) == sorted([long_ago.sam.pk, long_ago.alex.pk])


def test_a_card_was_made_by_whoever_had_that_name_then(long_ago, browser_of):
    card, _words, _token = PlanCard.make(person=long_ago.person, by=long_ago.sam)
    PlanCard.objects.filter(pk=card.pk).update(created_at=timezone.now() - days(4))
    renamed(long_ago.sam, "Samuel", ago=2)
    card.open()
    assert "opened the plan with the card that Sam made" in log_of_maya(long_ago, browser_of)


def test_maya_herself_is_me_whatever_work_she_does(long_ago, browser_of):
    long_ago.harbor.take_on(user=long_ago.maya, role=StaffRole.PEER_SPECIALIST, by=long_ago.ines)
    LogLine.note(PlanEvent.PLAN_PRINTED, plan=long_ago.plan, by=long_ago.maya)
    assert "Me printed the plan" in log_of_maya(long_ago, browser_of)


def test_in_spanish_too(long_ago, browser_of):
    looked(long_ago, long_ago.sam, ago=1)
    maya = browser_of(long_ago.maya)
    maya.cookies["alongside-language"] = "es"
    long_ago.maya.read_in(language="es")
    assert "Sam · especialista de pares" in read(maya, url(long_ago, "looks"))


# --- where a name is kept ---


def test_what_staff_change_in_their_settings_is_kept_until_the_moment_it_changed(cast, browser_of):
    kept = {"language": "en", "text_size": 100}
    browser_of(cast.sam).post("/settings/", {"name": "Samuel", **kept})
    browser_of(cast.sam).post("/settings/", {"name": "Samuel", **kept, "calm": "on"})
    assert list(FormerName.objects.values_list("user", "name")) == [(cast.sam.pk, "Sam")], "what stays is no change"
    cast.sam.refresh_from_db()
    assert (cast.sam.name, cast.sam.calm) == ("Samuel", True)


def test_the_former_name_of_a_person_is_kept_nowhere(cast, browser_of):
    """It would stand in nobody's log: in her own she is Me. What nobody can read is not written about anyone."""
    browser_of(cast.maya).post("/settings/", {"name": "May", "language": "en", "text_size": 100})
    bo = Plan.meet(name="Bo", language="en", peer=cast.sam, organization=cast.harbor)
    assert bo.correct_name(name="Beau", by=cast.sam)
    assert bo.person.name == "Beau"
    assert not FormerName.objects.exists()


def test_the_name_of_someone_who_has_left_the_team_is_kept_all_the_same(cast):
    cast.lee.roles.get().end(by=cast.ines)
    cast.lee.take_name("Leah")
    assert FormerName.objects.get().name == "Lee"


def test_a_name_that_an_old_object_remembers_is_not_taken_for_the_one_of_before(cast):
    old = type(cast.sam).objects.get(pk=cast.sam.pk)
    cast.sam.take_name("Sami")
    old.take_name("Samuel")
    assert set(FormerName.objects.values_list("name", flat=True)) == {"Sam", "Sami"}


# --- what it asks ---


def test_it_asks_the_same_however_many_readers_and_names_there_are(long_ago, browser_of):
    cast = long_ago
    looked(cast, cast.sam, ago=9)
    maya = browser_of(cast.maya)
    maya.get(url(cast, "looks"))
    once = len(queries_on(maya, url(cast, "looks")))
    for number, who in enumerate((cast.sam, cast.dana, cast.alex, cast.rosa, cast.lee)):
        renamed(who, f"Somebody {number}", ago=number)
        looked(cast, who, ago=number)
    assert len(queries_on(maya, url(cast, "looks"))) == once


def test_where_there_is_nothing_to_ask_it_answers_with_nothing(db):
    assert who_then(set()) == {}
    harbor = Organization.found(name="Harbor")
    assert who_then({(harbor.pk, timezone.now())}, organization=harbor) == {}


def test_without_an_organization_each_role_counts(cast):
    hers = Plan.start(person=Person.objects.get(user=cast.noor), by=cast.noor)
    assert hers.person.organization is None
    now = timezone.now()
    assert who_then({(cast.sam.pk, now)})[cast.sam.pk, now].roles == ("Peer specialist",)
