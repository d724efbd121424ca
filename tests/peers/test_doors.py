"""What a door promises: all or nothing, and two saves that meet are answered one after the other."""

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, authenticate
from django.db import IntegrityError, OperationalError, connection
from django.db.models import Q
from django.http import HttpResponse

from peers.auth_backends import Card, Passphrase
from peers.doors import AfterCommit, signed_in
from peers.events import PeopleEvent
from peers.models import Event
from peers.ways import BY_PASSPHRASE
from tests.cast import PASSPHRASE


def by_passphrase():
    """What a door asks of the session of someone who came in by their passphrase."""
    return {BACKEND_SESSION_KEY: BY_PASSPHRASE}


@pytest.fixture
def asked_by(rf, cast):
    """A request by someone who is signed in."""

    def ask(user):
        request = rf.post("/")
        request.user, request.session = user, by_passphrase()
        return request

    return ask


@pytest.mark.django_db(transaction=True)
def test_two_saves_that_met_are_asked_again_once_and_nothing_of_the_first_try_stays(cast, asked_by):
    tries = []

    def view(request, *, line):
        tries.append(line)
        Event.note(PeopleEvent.CARD_MADE, by=request.user)
        if len(tries) == 1:
            raise IntegrityError("the other one was faster")
        return HttpResponse("kept")

    before = Event.objects.count()
    assert signed_in(view)(asked_by(cast.maya), line="a").content == b"kept"
    assert tries == ["a", "a"]
    assert Event.objects.count() == before + 1


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_kept_at_all_is_not_asked_for_ever(cast, asked_by):
    def view(request):
        raise IntegrityError("never")

    with pytest.raises(IntegrityError):
        signed_in(view)(asked_by(cast.maya))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method,waits", [("get", False), ("head", False), ("post", True)])
def test_on_sqlite_only_a_save_waits_for_other_writers(cast, rf, method, waits):
    modes = []

    def view(request):
        modes.append(connection.transaction_mode)
        return HttpResponse("read")

    request = getattr(rf, method)("/")
    request.user, request.session = cast.maya, by_passphrase()
    if connection.vendor == "sqlite":
        signed_in(view)(request)
        assert modes == ["IMMEDIATE" if waits else None]
        assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.django_db(transaction=True)
def test_a_page_that_could_not_become_the_writer_is_asked_again_as_one(cast, rf):
    tries = []

    def view(request):
        tries.append(getattr(connection, "transaction_mode", ""))
        if len(tries) == 1:
            raise OperationalError("database is locked")
        return HttpResponse("read")

    request = rf.get("/")
    request.user, request.session = cast.maya, by_passphrase()
    if connection.vendor == "sqlite":
        assert signed_in(view)(request).content == b"read"
        assert tries == [None, "IMMEDIATE"]


# --- the database knows who acts ---


def who_acts():
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('app.user_id', true)")
        return cursor.fetchone()[0]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_the_database_knows_who_acts_and_forgets_it_when_the_door_closes(cast, asked_by):
    """Whoever is served by the same connection next must not act as Maya."""
    acting = []

    def view(request):
        acting.append(who_acts())
        return HttpResponse("kept")

    for user in (cast.maya, cast.sam):
        signed_in(view)(asked_by(user))
        assert not who_acts()
    assert acting == [str(cast.maya.pk), str(cast.sam.pk)]


# --- nothing is said twice or too early ---


@pytest.mark.django_db(transaction=True)
def test_what_must_wait_for_the_commit_is_done_once_it_is_kept(cast, asked_by):
    """A slow print holds no transaction open; and it is printed only what was kept."""
    seen = []

    def keep():
        seen.append((connection.in_atomic_block, Event.objects.filter(happened).count()))
        return HttpResponse("printed")

    def view(request):
        Event.note(PeopleEvent.CARD_MADE, by=request.user)
        return AfterCommit(keep)

    happened = Q(what=PeopleEvent.CARD_MADE)
    assert signed_in(view)(asked_by(cast.maya)).content == b"printed"
    assert seen == [(False, 1)]


# --- whose session it is ---


def test_whoever_may_not_come_in_any_more_is_not_brought_by_an_open_session(cast, browser_of):
    browser = browser_of(cast.maya)
    assert browser.get(f"/plans/{cast.plan.pk}/").status_code == 200
    cast.maya.is_active = False
    cast.maya.save()
    assert browser.get(f"/plans/{cast.plan.pk}/").status_code == 302
    assert Passphrase().get_user(cast.maya.pk) is None
    assert Card().get_user(cast.maya.pk) is None


def test_a_card_is_never_a_pair_of_name_and_passphrase(cast):
    given = {"username": "maya", "password": PASSPHRASE}
    assert Card().authenticate(None, **given) is None
    assert authenticate(None, **given).backend == "peers.auth_backends.Passphrase"
