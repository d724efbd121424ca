"""When the database is away, a connection is cut, or the disk is full: nobody's words go, and whoever minds the place
learns why.
"""

import contextlib
import errno
import logging
import time

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from psycopg_pool import PoolTimeout

from peers.views import health
from recovery_plans.models import Entry
from recovery_plans.views import profile
from tests.concurrency import all_at_once, at_the_same_time
from tests.conftest import LONGEST_WAIT_FOR_A_CONNECTION
from tests.recovery_plans.test_sharing import url

WORDS = "I left home at nineteen é😀"


@pytest.fixture
def maya(cast):
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.maya, backend="peers.auth_backends.Passphrase")
    return browser


@pytest.fixture(autouse=True)
def write_each_time(monkeypatch):
    monkeypatch.setattr(health, "_last", {"write": -health.WRITES_EVERY})


@pytest.fixture
def errors(caplog):
    """What the app's own log says is wrong."""
    return lambda: [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def adds_words(browser, cast):
    return browser.post(url(cast, "entry-add", section="strengths"), {"words": WORDS})


def breaks_once(monkeypatch, owner, name, breakdown, *, times=1):
    """The first so many calls do `breakdown` instead."""
    call, left = getattr(owner, name), [None] * times

    def later(*args, **kwargs):
        if left:
            left.pop()
            breakdown()
        return call(*args, **kwargs)

    monkeypatch.setattr(owner, name, later)


# --- the database is away ---


def is_away():
    raise OperationalError from PoolTimeout("couldn't get a connection")


def test_while_the_database_is_away_the_words_stay_on_a_kind_page(cast, maya, monkeypatch):
    breaks_once(monkeypatch, profile, "keep", is_away, times=10)
    page = adds_words(maya, cast)
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) == 60
    assert WORDS in page.content.decode()
    assert "We cannot keep anything right now" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    assert not Entry.unguarded.exists()


def test_a_page_that_is_only_read_says_so_too(cast, maya, monkeypatch):
    breaks_once(monkeypatch, health, "database_answers", is_away, times=10)
    monkeypatch.setattr("peers.auth_backends._UserOfSession.get_user", lambda self, code: is_away())
    assert maya.get(url(cast, "plan")).status_code == 503
    assert maya.get(url(cast, "plan")).content.decode().count("<textarea") == 0


def test_no_secret_stands_on_that_page(cast, monkeypatch):
    monkeypatch.setattr("peers.views.signin.authenticate", lambda *args, **kwargs: is_away())
    page = Client(raise_request_exception=False).post("/sign-in/", {"username": "sam", "passphrase": "a secret of Sam"})
    assert page.status_code == 503
    assert "a secret of Sam" not in page.content.decode()


def test_a_mistake_of_ours_keeps_the_words_on_the_page_as_well(cast, maya, monkeypatch):
    def mistake():
        raise RuntimeError

    breaks_once(monkeypatch, profile, "keep", mistake)
    page = adds_words(maya, cast)
    assert page.status_code == 500
    assert WORDS in page.content.decode()


def test_monitoring_is_told_without_waiting_for_the_database_twice(cast, monkeypatch):
    asked = []
    monkeypatch.setattr(health, "database_answers", lambda: is_away())
    monkeypatch.setattr(health.health_checks_requested, "send", lambda sender: asked.append(sender) or [])
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "not well", "disk": "well"})
    assert asked == [], "each of these would wait for the database again"


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_nobody_waits_long_for_a_database_that_is_away():
    """A page asks for a connection once, and monitoring too: so long they wait at most."""
    assert LONGEST_WAIT_FOR_A_CONNECTION <= 2
    assert connection.settings_dict["OPTIONS"]["connect_timeout"] <= 2
    pool = connection.settings_dict["OPTIONS"]["pool"]
    assert pool["reconnect_timeout"] < LONGEST_WAIT_FOR_A_CONNECTION, "else it stays away after it is back"
    assert connection.settings_dict["CONN_HEALTH_CHECKS"]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_after_a_restart_one_request_at_most_is_in_vain(cast, maya, monkeypatch):
    """A pool is full of connections of before: whoever finds the first of them gone drops them all."""

    def hold_for_a_moment():
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.3)")

    all_at_once(hold_for_a_moment, times=7)
    monkeypatch.setattr(connection.pool, "timeout", LONGEST_WAIT_FOR_A_CONNECTION)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        assert cursor.fetchone()[0] >= 7
    answers = [asks_in_a_thread_of_its_own(maya, cast) for _turn in range(3)]
    assert answers[1:] == [302, 302], answers


def asks_in_a_thread_of_its_own(browser, cast):
    request = at_the_same_time(lambda: adds_words(browser, cast).status_code)
    request.join()
    return request.answer


# --- a connection is cut ---


def cut():
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_save_whose_connection_is_cut_midway_is_kept_once(cast, maya, monkeypatch):
    breaks_once(monkeypatch, profile, "keep", cut)
    assert adds_words(maya, cast).status_code == 302
    assert Entry.unguarded.get().words == WORDS


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_again_and_again_is_told_with_the_words(cast, maya, monkeypatch):
    breaks_once(monkeypatch, profile, "keep", cut, times=10)
    page = adds_words(maya, cast)
    assert page.status_code == 503
    assert WORDS in page.content.decode()
    assert not Entry.unguarded.exists()


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_what_may_have_been_kept_is_not_sent_twice(cast, maya, monkeypatch):
    """The connection is cut in the commit: nobody knows whether it was kept, so the words come back, and once only."""
    calls = []
    keep = profile.keep

    def keep_and_cut_later(*args, **kwargs):
        calls.append(1)
        answer = keep(*args, **kwargs)
        monkeypatch.setattr(connection, "commit", cut)
        return answer

    monkeypatch.setattr(profile, "keep", keep_and_cut_later)
    page = adds_words(maya, cast)
    monkeypatch.undo()
    assert page.status_code == 503
    assert WORDS in page.content.decode()
    assert calls == [1]


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_after_postgresql_has_cut_every_connection_no_save_breaks(cast, maya):
    """As after its restart: the pool finds out when it hands them out."""

    def reads():
        browser = Client()
        browser.force_login(cast.maya, backend="peers.auth_backends.Passphrase")
        return browser.get(url(cast, "plan")).status_code

    for thread in [at_the_same_time(reads) for _ in range(6)]:
        thread.join()  # the pool has several connections now
    others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> "
    with contextlib.closing(connection.copy()) as killer, killer.cursor() as cursor:
        cursor.execute(others + "pg_backend_pid()")
    connection.close()
    threads = [at_the_same_time(lambda: adds_words(maya_on_a_device(cast), cast).status_code) for _ in range(6)]
    for thread in threads:
        thread.join()
    assert [thread.answer for thread in threads] == [302] * 6


def maya_on_a_device(cast):
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.maya, backend="peers.auth_backends.Passphrase")
    return browser


# --- the disk is full ---


@contextlib.contextmanager
def full_disk():
    """The database has no room for anything more."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # pages that other tests have left empty would be room
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages}")
            try:
                yield
            finally:
                cursor.execute("PRAGMA max_page_count = 1073741823")
        return
    refuse = "BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$")
        for table in ("recovery_plans_entry", "peers_writeprobe"):
            cursor.execute(f"CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION full_disk CASCADE")


@pytest.mark.django_db(transaction=True)
def test_on_a_full_disk_the_words_stay_on_the_page_and_the_log_says_why(cast, maya, errors):
    long = WORDS * 700
    with full_disk():
        page = maya.post(url(cast, "entry-add", section="strengths"), {"words": long[:15000]})
    assert page.status_code == 503
    assert long[:15000] in page.content.decode()
    assert "the disk is full" in errors()
    assert not Entry.unguarded.exists()
    assert adds_words(maya, cast).status_code == 302, "with room again, all is well"


@pytest.mark.postgresql_only
@pytest.mark.django_db(transaction=True)
def test_monitoring_learns_that_the_database_has_no_room(cast):
    with full_disk():
        assert Client().get("/healthz").json() == {"database": "not well", "disk": "full"}


def test_monitoring_learns_that_the_app_has_no_room(cast, monkeypatch, pdf_service):
    monkeypatch.setattr(health, "ROOM_NEEDED", 1 << 60)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["disk"], answer.json()["database"]) == (503, "full", "well")


def test_no_room_for_the_app_itself_is_the_same_kind_page(cast, maya, monkeypatch, errors):
    def no_room():
        raise OSError(errno.ENOSPC, "No space left on device")

    breaks_once(monkeypatch, profile, "keep", no_room)
    page = adds_words(maya, cast)
    assert page.status_code == 503
    assert WORDS in page.content.decode()
    assert "the disk is full" in errors()


def test_whoever_asks_all_day_makes_the_database_write_now_and_then_only(cast, monkeypatch):
    written = []
    monkeypatch.setattr(health.WriteProbe, "write", lambda: written.append(time.monotonic()))
    for _turn in range(20):
        Client().get("/healthz")
    assert len(written) == 1
