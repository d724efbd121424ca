"""The private PostgreSQL that the tests stand on: truly private, not mighty, and gone afterwards."""

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.infrastructure import postgres

ROOT = Path(__file__).resolve().parents[2]
# The database of these tests is their own, whichever the run is on: once is enough.
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster():
    with postgres.private_postgres() as running:
        yield running


def test_the_tests_never_connect_as_someone_mighty(cluster):
    with psycopg.connect(cluster.url()) as connection:
        mighty = connection.execute(
            "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert mighty == ("app", False, False)


def test_the_app_can_make_the_test_database_it_needs(cluster):
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE test_alongside")
        connection.execute("DROP DATABASE test_alongside")


def test_what_is_saved_is_on_the_disk_before_it_is_answered(cluster):
    with psycopg.connect(cluster.url()) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            assert connection.execute(f"SHOW {setting}").fetchone() == ("on",), setting


def test_nobody_on_the_network_or_in_another_account_can_reach_it(cluster):
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert cluster.folder.stat().st_mode & 0o077 == 0


def test_a_command_gets_its_own_postgresql_and_leaves_nothing_behind():
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.infrastructure.postgres",
            "--",
            sys.executable,
            "-c",
            "import os, psycopg; url = os.environ['DATABASE_URL']; psycopg.connect(url).close(); print(url); exit(7)",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 7, result.stderr
    folder = Path(result.stdout.strip().split("host=")[1].split("&")[0])
    assert folder.name.startswith("alongside-pg-")
    assert not folder.exists()


def test_when_the_tests_are_ended_midway_the_server_ends_too(tmp_path):
    note = tmp_path / "url"
    running = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tests.infrastructure.postgres",
            "--",
            sys.executable,
            "-c",
            f"import os, time; open({str(note)!r}, 'w').write(os.environ['DATABASE_URL']); time.sleep(60)",
        ],
        cwd=ROOT,
    )
    until = time.monotonic() + 30
    while not (note.exists() and note.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    url = note.read_text()
    running.terminate()
    assert running.wait(timeout=30) == 143
    assert not Path(url.split("host=")[1].split("&")[0]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_when_postgresql_is_not_here_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    with pytest.raises(FileNotFoundError, match="apt-get install postgresql"):
        postgres.programs()
