"""A backup of last night is restored: what was stopped this morning stays stopped."""

import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from peers.models import PlanCard, Role, User, Walk
from recovery_plans.models import Grant
from recovery_plans.stops import replay_stops, stops_file, write_stops
from tests.infrastructure import postgres

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def morning(cast, folder):
    """Maya has said yes to her page and has a card; then she stops the page, the walk and the card, and Dana leaves."""
    cast.yes = Grant.say_yes_to_summary(plan=cast.plan, organization=cast.harbor, by=cast.maya)
    card, cast.words, _token = PlanCard.make(person=cast.person, by=cast.maya)
    Grant.stop_summary(plan=cast.plan, by=cast.maya)
    cast.walk.end(by=cast.maya)
    card.turn_off(by=cast.maya)
    cast.dana.roles.get().end(by=cast.ines)
    User.objects.filter(pk=cast.lee.pk).update(is_active=False)
    return cast


def restore_last_night(cast):
    """All of it is as it was before."""
    Grant.unguarded.filter(pk=cast.yes.pk).update(revoked_at=None)
    Walk.objects.filter(pk=cast.walk.pk).update(ended_at=None)
    PlanCard.objects.filter(person=cast.person).update(turned_off_at=None)
    Role.objects.filter(user=cast.dana).update(until=None)
    User.objects.filter(pk=cast.lee.pk).update(is_active=True)


def what_is_open(cast, browser_of):
    opens = browser_of().post("/open/", {"card_words": cast.words, "device": "own"}).status_code == 302
    return {
        "Sam in Maya's plan": browser_of(cast.sam).get(f"/plans/{cast.plan.pk}/").status_code == 200,
        "Dana at work": browser_of(cast.dana).get(reverse("summaries")).status_code == 200,
        "Dana at Maya's page": browser_of(cast.dana).get(reverse("summary", args=[cast.yes.pk])).status_code == 200,
        "whoever has the card": opens,
    }


def test_after_a_restore_what_was_stopped_is_ended_again(morning, browser_of, capsys):
    call_command("stopped")
    restore_last_night(morning)
    assert all(what_is_open(morning, browser_of).values())
    call_command("stopped", replay=stops_file())
    assert "5 ended again" in capsys.readouterr().out
    for user in (morning.sam, morning.dana, morning.maya):
        user.refresh_from_db()
    assert not any(what_is_open(morning, browser_of).values())
    assert not User.objects.get(pk=morning.lee.pk).is_active
    assert replay_stops(stops_file()) == 0, "a second time changes nothing"


def test_when_it_ended_stays_what_it_was(morning):
    write_stops()
    ended = Walk.objects.get(pk=morning.walk.pk).ended_at
    restore_last_night(morning)
    replay_stops(stops_file())
    assert Walk.objects.get(pk=morning.walk.pk).ended_at == ended


def test_the_file_only_grows_also_when_the_database_knows_less_again(morning):
    assert write_stops() > 0
    before = stops_file().read_text()
    restore_last_night(morning)
    assert write_stops() == 0
    morning.alex.roles.get().end(by=morning.ines)
    assert write_stops() == 1
    assert stops_file().read_text().startswith(before)


def test_where_nothing_was_stopped_since_nothing_is_read_again_and_the_file_is_left_alone(morning):
    write_stops()
    long_ago = timezone.now() - timedelta(days=400)
    Grant.unguarded.filter(pk=morning.yes.pk).update(revoked_at=long_ago)
    os.utime(stops_file(), (1, 1))
    assert write_stops() == 0, "a stop of long ago is not read every five minutes"
    assert stops_file().stat().st_mtime == 1
    stops_file().write_text(f"user {morning.lee.pk}\n")
    assert write_stops() == 5, "where the file tells no time, all of it is read"
    assert long_ago.isoformat() in stops_file().read_text()


@pytest.mark.parametrize("late", [timedelta(hours=23), timedelta(days=-300)])
def test_a_stop_is_written_though_the_clock_was_set_or_it_was_committed_late(morning, late):
    write_stops()
    stops_file().write_text(f"yes {uuid4()} {(timezone.now() + late).isoformat()}\n" + stops_file().read_text())
    morning.alex.roles.get().end(by=morning.ines)
    assert write_stops() == 1


def test_it_names_nobody_and_is_nobody_elses_to_read(morning):
    write_stops()
    text = stops_file().read_text()
    for word in ("Maya", "Sam", "Dana", "maya", "dana", *morning.words.split()):
        assert word not in text
    assert stat.S_IMODE(stops_file().stat().st_mode) == 0o600


def test_what_was_undone_before_the_restore_is_not_ended_by_it(cast, folder):
    """Sam's role ended by mistake, and that was undone: a backup in which he works here is right."""
    role = cast.sam.roles.get()
    role.end(by=cast.ines)
    write_stops()
    role.resume(by=cast.ines)
    assert write_stops() == 2, "that the role and the walk go on"
    assert replay_stops(stops_file()) == 0
    assert Walk.objects.get(pk=cast.walk.pk).ended_at is None
    role.end(by=cast.ines)
    write_stops()
    Role.objects.filter(pk=role.pk).update(until=None)
    assert replay_stops(stops_file()) == 1, "ended once more since: the last word counts"


def test_what_is_not_in_the_backup_at_all_is_passed_over(cast, folder):
    stops_file().write_text(f"yes 00000000-0000-4000-8000-000000000000 {timezone.now().isoformat()}\n")
    assert replay_stops(stops_file()) == 0


def test_the_printer_writes_it_by_itself(morning):
    call_command("printer", once=True)
    assert str(morning.yes.pk) in stops_file().read_text()


# --- as the guide does it, with PostgreSQL's own programs ---


def manage(url, folder, *arguments):
    environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(folder)}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_real_backup_is_restored_counted_and_keeps_stopped_what_was_stopped(tmp_path):
    with postgres.private_postgres() as cluster:
        live, restored = cluster.url(), cluster.url(database="restored")
        manage(live, tmp_path, "migrate", "--verbosity", "0")
        manage(live, tmp_path, "demo")
        left_out = ("django_session", "recovery_plans_printjob")
        plans = "SELECT count(*) FROM recovery_plans_plan"
        open_yeses = "SELECT count(*) FROM recovery_plans_grant WHERE revoked_at IS NULL"
        with psycopg.connect(live, autocommit=True) as app:
            counted, given = app.execute(plans).fetchone()[0], app.execute(open_yeses).fetchone()[0]
            assert counted
            assert given > 1
            tool(
                cluster,
                "pg_dump",
                "-Fc",
                *(f"--exclude-table-data={table}" for table in left_out),
                "-f",
                f"{cluster.folder}/plans.dump",
                postgres.DATABASE,
            )
            app.execute("UPDATE recovery_plans_grant SET revoked_at = now() WHERE revoked_at IS NULL")
        manage(live, tmp_path, "stopped")
        tool(cluster, "createdb", "--owner", postgres.APP, "restored")
        tool(cluster, "pg_restore", "--exit-on-error", "-d", "restored", f"{cluster.folder}/plans.dump")
        with psycopg.connect(restored, autocommit=True) as app:
            assert app.execute(plans).fetchone()[0] == counted
            assert app.execute(open_yeses).fetchone()[0] == given, "the backup knows nothing of the stop"
            assert f"{given} ended again" in manage(
                restored, tmp_path, "stopped", "--replay", f"{tmp_path}/stopped.txt"
            )
            assert app.execute(open_yeses).fetchone()[0] == 0
            for table in left_out:
                assert app.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute("DELETE FROM recovery_plans_logline")


def tool(cluster, program, *arguments):
    """One of PostgreSQL's own programs, as its superuser."""
    reach = ["-h", str(cluster.folder), "-p", str(postgres.PORT), "-U", postgres.SUPERUSER]
    done = subprocess.run(
        [str(postgres.programs() / program), *reach, *arguments], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
