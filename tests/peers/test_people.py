"""Users, and who walks with whom: what the models themselves promise."""

import pytest
from django.db import IntegrityError, transaction

from peers.events import PeopleEvent
from peers.models import Event, Person, Role, User, Walk
from peers.models.organization import StaffRole
from tests.cast import PASSPHRASE


@pytest.mark.parametrize("username", ["SAM", " sam ", "Sam"])
def test_two_people_never_share_a_sign_in_name(cast, username):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.welcome(name="Another", username=username, passphrase=PASSPHRASE)


def test_many_people_have_no_sign_in_name_and_nobody_comes_in_as_them(cast, browser_of):
    for name in ("Ash", "Bev"):
        Person.meet(name=name, peer=cast.sam, organization=cast.harbor)
    assert User.objects.filter(username=None).count() == 2
    for username in ("", "None", "null"):
        answer = browser_of().post("/sign-in/", {"username": username, "passphrase": ""})
        assert answer.status_code == 200


def test_someone_turned_away_comes_in_no_more(cast, browser_of):
    browser = browser_of(cast.alex)
    User.objects.filter(pk=cast.alex.pk).update(is_active=False)
    assert browser.get("/settings/").status_code == 302
    answer = browser_of().post("/sign-in/", {"username": "alex", "passphrase": PASSPHRASE})
    assert "do not go together" in str(answer.context["form"].non_field_errors())


def test_saying_things_twice_changes_nothing(cast):
    walk = cast.person.start_walk(peer=cast.sam, organization=cast.harbor, by=cast.sam)
    assert walk == cast.walk
    held = cast.harbor.take_on(user=cast.sam, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    before = Event.objects.count()
    cast.harbor.take_on(user=cast.sam, role=StaffRole.PEER_SPECIALIST, by=cast.ines)
    cast.person.start_walk(peer=cast.sam, organization=cast.harbor, by=cast.sam)
    held.end(by=cast.ines)
    ended = Role.objects.get(pk=held.pk).until
    after_end = Event.objects.count()
    held.end(by=cast.ines)
    assert Role.objects.get(pk=held.pk).until == ended
    assert Event.objects.count() == after_end
    assert after_end - before == 2  # the role, and the walk with it


def test_a_walk_that_ended_is_kept_and_may_begin_again(cast):
    cast.walk.end(by=cast.maya)
    again = cast.person.start_walk(peer=cast.sam, organization=cast.harbor, by=cast.sam)
    assert again != cast.walk
    assert Walk.objects.filter(person=cast.person, peer=cast.sam).count() == 2
    assert [walk.peer for walk in cast.person.walks_now()] == [cast.sam]


def test_a_role_that_ends_ends_only_the_walks_of_that_organization(cast):
    cast.millbrook.take_on(user=cast.sam, role=StaffRole.PEER_SPECIALIST, by=cast.rosa)
    elsewhere = Person.meet(name="Bev", peer=cast.sam, organization=cast.millbrook)
    Role.objects.get(user=cast.sam, organization=cast.harbor, until=None).end(by=cast.ines)
    assert not cast.person.walks_now().exists()
    assert elsewhere.walks_now().exists()
    assert User.objects.get(pk=cast.sam.pk).holds(StaffRole.PEER_SPECIALIST)


def test_every_change_leaves_one_line_without_a_name_or_a_word(cast):
    before = set(Event.objects.values_list("pk", flat=True))
    person = Person.meet(name="Ash", peer=cast.sam, organization=cast.harbor)
    assert [event.what for event in Event.objects.exclude(pk__in=before).order_by("at", "what")] == [
        PeopleEvent.PERSON_MET,
        PeopleEvent.WALK_STARTED,
    ]
    for event in Event.objects.exclude(pk__in=before):
        assert set(vars(event)) - {"_state"} == {"code", "at", "what", "by", "on_device_of", "organization", "about"}
        assert person.name not in str(event)


def test_nothing_says_a_name_by_itself(cast):
    """What a log or a message prints of a thing carries no name."""
    for thing in (cast.maya, cast.person, cast.harbor, cast.walk, Role.objects.first()):
        assert not {"Maya", "Harbor", "Sam", "maya"} & set(str(thing).replace(",", " ").split())
