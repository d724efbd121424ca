"""What every test stands on: its settings, its database, and a real PDF service. The cast is in tests/cast.py."""

import os
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.recovery_plans.pdf_service_process import own_service

ROOT = Path(__file__).resolve().parent.parent

# Before the settings are read. Nothing of a real installation on this machine may reach the tests, nor they it.
# The workers of a parallel run find all of this done by the process that started them.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _VAR = tempfile.TemporaryDirectory(prefix="alongside-tests-")
    for _name in (
        "ALLOWED_HOSTS",
        "BEHIND_PROXY",
        "CARD_PEPPER",
        "HSTS_SUBDOMAINS",
        "PDF_SERVICE_SOCKET",
        "STATIC_MANIFEST",
    ):
        os.environ.pop(_name, None)
    os.environ["MODE"] = "local"
    os.environ["SECRET_KEY"] = "only-for-the-tests-" + "x" * 40
    os.environ["TIME_ZONE"] = "America/New_York"
    os.environ["VAR_DIR"] = _VAR.name
    Path(_VAR.name, "static").mkdir()  # whitenoise warns of a folder that is not there
    os.environ.setdefault("DATABASE_URL", f"sqlite:///{_VAR.name}/alongside.sqlite3")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    # Playwright keeps an event loop in the thread of the test; Django would then refuse every query there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

django.setup()  # the cast is made of models

# Tests have more threads than a worker of the web server, and so than it has connections: here they wait for one.
_pool = settings.DATABASES["default"].get("OPTIONS", {}).get("pool", {})
LONGEST_WAIT_FOR_A_CONNECTION = _pool.get("timeout")
if _pool:
    _pool["timeout"] = 20

# A passphrase's hash is slow on purpose; the tests make hundreds.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Its own limits are of wall-clock time, and a busy machine is no mistake of the code.
hypothesis_settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("ours")

pytest_plugins = ["tests.cast", "tests.infrastructure.nothing_skipped"]

ON_POSTGRESQL = os.environ["DATABASE_URL"].startswith(("postgres:", "postgresql:"))


# --- which tests run ---


def pytest_collection_modifyitems(config, items):
    """Each test where it says something: left out of the count elsewhere, not skipped.

    What only PostgreSQL can keep is no test of SQLite. What touches no database says the same on both, once is enough.
    """
    kept = [item for item in items if (_touches_the_database(item) if ON_POSTGRESQL else _fits_sqlite(item))]
    if len(kept) < len(items):
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def _fits_sqlite(item):
    return not item.get_closest_marker("postgresql_only")


def _touches_the_database(item):
    if item.get_closest_marker("django_db") or item.get_closest_marker("postgresql_only"):
        return True
    if isinstance(getattr(item, "cls", None), type) and issubclass(item.cls, TransactionTestCase):
        return True
    return bool({"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())))


# --- the database ---


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, worker_id):
    """On SQLite the test database is a file, as a real one is: one in memory locks in ways that no file does."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        memory = Path("/dev/shm")  # noqa: S108 -- a private folder is made in it
        base = memory if os.access(memory, os.W_OK) else None
        with tempfile.TemporaryDirectory(prefix="alongside-db-", dir=base) as folder:
            database.setdefault("TEST", {})["NAME"] = str(Path(folder) / f"{worker_id}.sqlite3")
            yield
    else:
        yield


# --- the PDF service ---


@pytest.fixture(scope="session")
def _running_pdf_service():
    """One PDF service for all tests of this worker, started when the first of them prints."""
    with own_service() as running:
        yield str(running.socket)


@pytest.fixture
def pdf_service(_running_pdf_service, settings, monkeypatch):
    """A real PDF service, as a running app has one; the app of this test prints with it."""
    settings.PDF_SERVICE_SOCKET = _running_pdf_service
    monkeypatch.setenv("PDF_SERVICE_SOCKET", _running_pdf_service)  # the service's own client knows no settings
    return _running_pdf_service
