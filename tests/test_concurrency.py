"""Two people in one moment, on PostgreSQL: both get an answer, and no words go where nobody finds them."""

import re
import threading
import time
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from peers.models import Role
from recovery_plans.models import Goal, Grant, Plan
from recovery_plans.views import profile, steps, today
from tests.concurrency import at_the_same_time

pytestmark = [pytest.mark.postgresql_only, pytest.mark.django_db(transaction=True)]


def device_of(user):
    browser = Client(raise_request_exception=False)
    browser.force_login(user, backend="peers.auth_backends.Passphrase")
    return browser


def in_one_moment(stopped, first, second):
    """The codes of both: the second comes while the first is stopped, and waits in the database, or is over."""
    reached, go_on = stopped
    first = at_the_same_time(first)
    assert reached.wait(60)
    second = at_the_same_time(second)
    until_one_waits(second)
    go_on.set()
    first.join()
    second.join()
    return first.answer.status_code, second.answer.status_code


def until_one_waits(*threads):
    """Until one of them waits in this database for another, or is over; whether one waits."""
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    for _turn in range(1500):
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return True
        if not any(thread.is_alive() for thread in threads):
            return False
        time.sleep(0.02)
    return False


@pytest.fixture
def stop_at(monkeypatch):
    """Stop whoever comes to this place until the test lets them go on."""

    def stop(owner, name):
        reached, go_on, call = threading.Event(), threading.Event(), getattr(owner, name)

        def later(*args, **data):
            reached.set()
            go_on.wait(60)
            return call(*args, **data)

        monkeypatch.setattr(owner, name, later)
        return reached, go_on

    return stop


@pytest.mark.parametrize("other", ["remove", "uses", "move"])
def test_a_step_and_its_goal_both_get_an_answer(cast, stop_at, other):
    goal = cast.plan.add_goal(words="Slow mornings", by=cast.maya)
    cast.plan.add_goal(words="Sew for pay", by=cast.maya)
    there = f"/plans/{cast.plan.pk}/goals/{goal.pk}"
    sam, maya = device_of(cast.sam), device_of(cast.maya)
    codes = in_one_moment(
        stop_at(steps, "say"),
        lambda: sam.post(f"{there}/steps/add/", {"words": "Coffee", "who": "me"}),
        lambda: maya.post(f"{there}/{other}/"),
    )
    assert codes == (302, 302)
    assert goal.steps.get().words == "Coffee"


def test_a_step_for_a_goal_that_goes_in_this_moment_is_kept_beside_it(cast, stop_at):
    goal = cast.plan.add_goal(words="Slow mornings", by=cast.maya)
    there = f"/plans/{cast.plan.pk}/goals/{goal.pk}"
    reached, go_on = stop_at(Goal, "add_steps")
    sam, maya = device_of(cast.sam), device_of(cast.maya)
    adds = at_the_same_time(lambda: sam.post(f"{there}/steps/add/", {"words": "said just now", "who": "me"}))
    assert reached.wait(60)
    assert maya.post(f"{there}/remove/").status_code == 302
    go_on.set()
    adds.join()
    assert adds.answer.status_code == 409
    for reader in (sam, maya):
        assert "said just now" in reader.get(f"/plans/{cast.plan.pk}/back/").content.decode()


def test_sams_role_ends_while_he_meets_someone_and_both_get_an_answer(cast, stop_at):
    role = Role.objects.get(user=cast.sam, until=None)
    sam, ines = device_of(cast.sam), device_of(cast.ines)
    page = sam.get("/people/new/").content.decode()
    typed = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)) | {"name": "Ash", "save_id": str(uuid4())}
    codes = in_one_moment(
        stop_at(today, "say"),
        lambda: sam.post("/people/new/", typed),
        lambda: ines.post(f"/organization/roles/{role.pk}/end/"),
    )
    assert codes == (302, 302)


def test_one_save_for_two_lines_is_one_save(cast, stop_at):
    """No page does this; whoever tries it by hand is told, and nothing is half kept."""
    first, second = (cast.plan.add_entry(section="strengths", words=words, by=cast.maya) for words in ("One", "Two"))
    data = {"words": "Other words", "base_version": 1, "save_id": str(uuid4()), "language": "", "kind": ""}
    changes = [
        at_the_same_time(
            lambda line=line: device_of(cast.maya).post(f"/plans/{cast.plan.pk}/entries/{line.pk}/change/", data)
        )
        for line in (first, second)
    ]
    for change in changes:
        change.join()
    codes = sorted(change.answer.status_code for change in changes)
    assert codes == [302, 422]
    assert sorted(cast.plan.entries.values_list("words", flat=True)) in (["One", "Other words"], ["Other words", "Two"])


# --- a stop and a write in one moment ---


def ends_the_walk(cast):
    return lambda: device_of(cast.maya).post(f"/plans/{cast.plan.pk}/share/walks/{cast.walk.pk}/end/")


def closes_the_story(cast):
    typed = {"walk": cast.walk.pk, "do": "close"}
    return lambda: device_of(cast.maya).post(f"/plans/{cast.plan.pk}/share/parts/experiences/", typed)


@pytest.fixture
def sam_writes(cast):
    """Sam types a line into Maya's story, which she has opened to him."""
    Grant.open_part(plan=cast.plan, walk=cast.walk, section="experiences", by=cast.maya)
    sam = device_of(cast.sam)
    return lambda: sam.post(f"/plans/{cast.plan.pk}/about/experiences/add/", {"words": "I left home at nineteen"})


@pytest.mark.parametrize("stop", [ends_the_walk, closes_the_story])
def test_a_stop_waits_for_a_write_that_has_begun(cast, stop_at, sam_writes, stop):
    reached, go_on = stop_at(profile, "keep")
    writes = at_the_same_time(sam_writes)
    assert reached.wait(10)
    stops = at_the_same_time(stop(cast))
    assert until_one_waits(stops)
    assert stops.is_alive(), "the stop has returned, and the write was still to come"
    go_on.set()
    writes.join()
    stops.join()
    assert (writes.answer.status_code, stops.answer.status_code) == (302, 302)
    assert cast.plan.entries.get().words == "I left home at nineteen"


@pytest.mark.parametrize("stop", [ends_the_walk, closes_the_story])
def test_a_write_waits_for_a_stop_and_then_finds_nothing_to_write_in(cast, stop_at, sam_writes, stop):
    reached, go_on = stop_at(Plan, "note_change")
    stops = at_the_same_time(stop(cast))
    assert reached.wait(10)
    writes = at_the_same_time(sam_writes)
    assert until_one_waits(writes)
    assert writes.is_alive()
    go_on.set()
    stops.join()
    writes.join()
    assert (stops.answer.status_code, writes.answer.status_code) == (302, 404)
    assert not cast.plan.entries.exists()


def test_nobody_else_waits_for_a_write(cast, stop_at, sam_writes):
    reached, go_on = stop_at(profile, "keep")
    writes = at_the_same_time(sam_writes)
    assert reached.wait(10)
    assert device_of(cast.maya).post(f"/plans/{cast.plan.pk}/goals/new/", {"words": "Sew for pay"}).status_code == 302
    assert device_of(cast.sam).get(f"/plans/{cast.plan.pk}/").status_code == 200
    assert writes.is_alive()
    go_on.set()
    writes.join()
    assert writes.answer.status_code == 302
