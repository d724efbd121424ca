"""The database that the tests run on keeps what the real one keeps."""

import threading

import pytest
from django.db import connection, transaction

from peers import checks
from peers.checks import no_words_in_the_log_of_postgresql
from recovery_plans.pdf_service import client


def value(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_what_is_saved_is_on_the_disk_before_it_is_answered():
    if connection.vendor == "sqlite":
        assert value("PRAGMA synchronous") == 2
        assert value("PRAGMA foreign_keys") == 1
        assert value("PRAGMA secure_delete") == 1
        assert connection.transaction_mode == "IMMEDIATE"
    else:
        assert {value(f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")} == {"on"}


@pytest.mark.django_db
def test_the_sqlite_of_the_tests_is_a_file_as_a_real_one_is():
    name = str(connection.settings_dict["NAME"])
    assert ":memory:" not in name
    assert "mode=memory" not in name


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_the_tests_are_not_mightier_than_the_app():
    assert value("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user") is False


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_words_go_to_postgresql_beside_the_statement_and_so_never_into_its_log():
    assert connection.settings_dict["OPTIONS"]["server_side_binding"] is True
    assert value("SHOW log_min_error_statement") == "panic"


@pytest.mark.django_db(transaction=True)
def test_another_thread_sees_what_was_committed_and_only_that(django_user_model):
    """Two devices are two connections: a test with threads must not share one by accident."""
    seen = []

    def look():
        try:
            seen.append(django_user_model.objects.count())
        finally:
            connection.close()

    with transaction.atomic():
        if connection.vendor == "postgresql":  # SQLite lets nobody read beside a writer's commit, only before it
            django_user_model.objects.create(name="Maya")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        if connection.vendor == "sqlite":
            django_user_model.objects.create(name="Maya")
    look()
    assert seen == [0, 1]


def test_a_pdf_service_that_is_asked_for_answers(pdf_service):
    assert client.is_running()
    assert client.print_pdf("<!doctype html><html lang=en><title>Words</title><p>Words.</p>").startswith(b"%PDF-")


def test_nothing_of_a_real_place_reaches_the_tests(settings):
    assert settings.MODE == "local"
    assert settings.SECRET_KEY.startswith("only-for-the-tests-")
    assert "alongside-tests-" in str(settings.VAR_DIR)


@pytest.mark.postgresql_only
@pytest.mark.django_db
def test_a_postgresql_that_would_write_words_into_its_log_is_told_before_real_use(monkeypatch):
    assert no_words_in_the_log_of_postgresql(None, databases=["default"]) == []
    monkeypatch.setitem(checks.QUIET_LOG, "log_statement", {"another"})  # as it stands, it is too loud for this
    (warning,) = no_words_in_the_log_of_postgresql(None, databases=["default"])
    assert warning.id == "peers.W001"
    assert "log_statement=none" in warning.msg
