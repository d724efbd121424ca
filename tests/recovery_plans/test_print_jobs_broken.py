"""A print job when something breaks: told, tried again, taken over, and never done twice; and how long it is kept."""

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from recovery_plans import print_jobs
from recovery_plans.events import PlanEvent
from recovery_plans.management.commands import printer
from recovery_plans.models import GrantedPart, LogLine, PrintJob
from recovery_plans.models.print_jobs import GONE_SILENT, KEPT_FOR, JobState
from recovery_plans.pdf_service.client import PdfFailed
from recovery_plans.print_jobs import print_next
from recovery_plans.summaries import printable_by
from tests.concurrency import all_at_once
from tests.history import rewriting
from tests.recovery_plans.pdf_service_process import wait_until
from tests.recovery_plans.print_job_cast import ROOT, ask, fresh, meet, prints_of, sheets_in, text_of

# --- when something breaks ---


def test_one_page_that_does_not_print_is_named_and_the_rest_print(cast, browser_of, twelve, paper, monkeypatch):
    def breaks(pages):
        if any("Strength of Person B" in page for page in pages):
            raise PdfFailed("too_large")

    many, one = print_jobs.print_many, print_jobs.print_one

    def print_many(pages, *, while_waiting):
        pages = list(pages)
        breaks(pages)
        return many(pages, while_waiting=while_waiting)

    monkeypatch.setattr(print_jobs, "print_many", print_many)
    monkeypatch.setattr(print_jobs, "print_one", lambda html: breaks([html]) or one(html))
    job = ask(cast, twelve)
    assert print_next()
    assert fresh(job).left_out == [[str(twelve[1].pk), "failed"]]
    assert "Person B</bdi>: the page did not print" in " ".join(paper[-1][0].split())
    assert len(fresh(job).printed) == 11
    assert prints_of(twelve[1]) == 0
    page = text_of(browser_of(cast.dana).get(reverse("print-job", args=[job.pk])))
    assert "Person B : the page did not print" in page


def test_a_pdf_service_that_does_not_run_is_told_and_can_be_tried_again(cast, browser_of, twelve, settings, tmp_path):
    settings.PDF_SERVICE_SOCKET = str(tmp_path / "nobody-listens.sock")
    job = ask(cast, twelve)
    assert print_next()
    assert fresh(job).state == JobState.FAILED
    assert not LogLine.unguarded.filter(what=PlanEvent.SUMMARY_PRINTED).exists()
    page = browser_of(cast.dana).get(reverse("print-job", args=[job.pk])).content.decode()
    assert "It is not your fault." in page
    assert page.count('name="grant"') == 12


def test_a_mistake_in_one_job_does_not_end_the_printer_and_says_no_word(cast, twelve, paper, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise ValueError("Strength of Person A")

    job = ask(cast, twelve)
    monkeypatch.setattr(print_jobs, "read_summaries", broken)
    assert print_next()
    assert fresh(job).state == JobState.FAILED
    assert "ValueError" in caplog.text
    assert "Strength" not in caplog.text


def test_a_job_whose_printer_was_killed_is_taken_over_after_a_minute(cast, twelve, paper, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(pages, *, while_waiting):
        raise Killed

    job, at_work = ask(cast, twelve), print_jobs.print_many
    monkeypatch.setattr(print_jobs, "print_many", killed)
    with pytest.raises(Killed):
        print_next()
    monkeypatch.setattr(print_jobs, "print_many", at_work)
    assert fresh(job).state == JobState.PRINTING
    assert not print_next(), "within the minute it may still be at work"
    silent = timezone.now() - GONE_SILENT - timedelta(seconds=1)
    PrintJob.unguarded.filter(pk=job.pk).update(heard_from_at=silent)
    assert print_next()
    assert fresh(job).state == JobState.READY
    assert [prints_of(grant) for grant in twelve] == [1] * 12


def test_a_printer_that_wakes_up_late_keeps_nothing(cast, twelve, paper, monkeypatch):
    """It was silent for so long that another one has taken the job and finished it."""
    job, at_work = ask(cast, twelve), print_jobs.print_many
    turns = []

    def sleeps(pages, *, while_waiting):
        turns.append(1)
        if len(turns) == 1:
            silent = timezone.now() - GONE_SILENT - timedelta(seconds=1)
            PrintJob.unguarded.filter(pk=job.pk).update(heard_from_at=silent)
            assert print_next(), "the other printer"
        return at_work(pages, while_waiting=while_waiting)

    monkeypatch.setattr(print_jobs, "print_many", sleeps)
    assert print_next()
    assert len(turns) == 2
    assert bytes(fresh(job).pdf) == b"%PDF-1"
    assert [prints_of(grant) for grant in twelve] == [1] * 12, "nobody is told twice"


def test_a_job_says_that_it_is_being_made_for_as_long_as_it_takes(cast, twelve, paper, monkeypatch):
    job, heard = ask(cast, twelve), []

    def takes_long(pages, *, while_waiting):
        silent = timezone.now() - GONE_SILENT - timedelta(seconds=1)
        for _ in range(2):
            heard.append(fresh(job).heard_from_at)
            while_waiting()
        assert not print_next(), "no other printer takes it"
        PrintJob.unguarded.filter(pk=job.pk).update(heard_from_at=silent)
        with pytest.raises(print_jobs.TakenOver):
            while_waiting()
        raise print_jobs.TakenOver

    monkeypatch.setattr(print_jobs, "print_many", takes_long)
    assert print_next()
    assert heard[0] < heard[1]


@pytest.mark.django_db(transaction=True)
def test_two_printers_never_take_one_job(cast, paper):
    grant = meet(cast, "Teo")
    jobs = [ask(cast, [grant]) for _ in range(8)]

    def printer():
        while print_next():
            pass

    all_at_once(printer, times=3)
    assert {fresh(job).state for job in jobs} == {JobState.READY}
    assert len(paper) == len(jobs), "each job was printed once"
    assert prints_of(grant) == len(jobs)


def test_a_silent_job_that_two_printers_find_is_taken_by_the_first(cast):
    """Both see that it is silent; by the time the second one reaches for it, the first has it."""
    job = ask(cast, [meet(cast, "Teo")])
    silent = timezone.now() - GONE_SILENT - timedelta(seconds=1)
    PrintJob.unguarded.filter(pk=job.pk).update(state=JobState.PRINTING, heard_from_at=silent)
    first = []

    def the_other_is_faster(execute, sql, *rest):
        if sql.startswith("UPDATE") and not first:
            first.append("reaches for it")
            first.append(PrintJob.take_next())
        return execute(sql, *rest)

    with connection.execute_wrapper(the_other_is_faster):
        second = PrintJob.take_next()
    assert first[-1] == job
    assert second is None


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_printer_is_killed_in_the_middle_and_the_next_one_finishes(cast, pdf_service):
    """kill -9 between taking a job and keeping its PDF; then a minute goes by."""
    job = ask(cast, [meet(cast, f"Person {turn:02}") for turn in range(40)])
    first = start_printer(pdf_service)
    try:
        wait_until(lambda: fresh(job).state == JobState.PRINTING)
    finally:
        first.send_signal(signal.SIGKILL)
        first.wait()
    if fresh(job).state == JobState.PRINTING:  # on a fast machine it may have been done by then
        silent = timezone.now() - GONE_SILENT - timedelta(seconds=1)
        PrintJob.unguarded.filter(pk=job.pk).update(heard_from_at=silent)
    second = start_printer(pdf_service)
    try:
        wait_until(lambda: fresh(job).state == JobState.READY)
        assert LogLine.unguarded.filter(what=PlanEvent.SUMMARY_PRINTED, under=job.pk).count() == 40
        assert len(sheets_in(bytes(fresh(job).pdf))) == 41
        second.send_signal(signal.SIGTERM)
        assert second.wait(10) == 0
    finally:
        second.kill()
        second.wait()


def start_printer(pdf_service):
    """The printer as ./run starts it, at the database of this test."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        database = f"sqlite:///{name}"
    else:
        database = re.sub(r"@([^/]*)/[^?]+", rf"@\1/{name}", os.environ["DATABASE_URL"])
    environment = {**os.environ, "DATABASE_URL": database, "PDF_SERVICE_SOCKET": pdf_service}
    close_old_connections()
    return subprocess.Popen([sys.executable, "manage.py", "printer"], cwd=ROOT, env=environment)


# --- what is kept, and for how long ---


def test_after_half_an_hour_the_pdf_and_the_job_are_gone(cast, browser_of, twelve, paper):
    job = ask(cast, twelve)
    print_next()
    PrintJob.unguarded.filter(pk=job.pk).update(asked_at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    call_command("printer", once=True)
    assert not PrintJob.unguarded.exists()
    assert browser_of(cast.dana).get(reverse("print-job", args=[job.pk])).status_code == 404


def test_a_pdf_is_not_given_out_after_half_an_hour_though_no_printer_runs(cast, browser_of, twelve, paper):
    job = ask(cast, twelve)
    print_next()
    dana = browser_of(cast.dana)
    PrintJob.unguarded.filter(pk=job.pk).update(asked_at=timezone.now() - KEPT_FOR - timedelta(seconds=1))
    assert dana.get(reverse("print-job", args=[job.pk])).status_code == 404
    assert dana.post(reverse("print-job-pdf", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("looks", ["another job", "its page", "monitoring"])
def test_whatever_looks_first_throws_a_pdf_away_that_is_too_old(cast, browser_of, twelve, paper, looks):
    """Twelve people's pages do not lie here, and in each night's backup, because no printer runs."""
    old = ask(cast, twelve)
    print_next()
    new = ask(cast, twelve)
    PrintJob.unguarded.filter(pk=old.pk).update(asked_at=timezone.now() - KEPT_FOR - timedelta(hours=1))
    if looks == "another job":
        ask(cast, twelve)
    elif looks == "its page":
        browser_of(cast.dana).get(reverse("print-job", args=[new.pk]))
    else:
        assert browser_of().get("/healthz").json()["printer"] == "not well"
        assert browser_of().get("/healthz").json()["printer"] == "well"
    assert not PrintJob.unguarded.filter(pk=old.pk).exists()
    assert PrintJob.unguarded.filter(pk=new.pk).exists()


def test_the_printer_clears_sessions_that_are_over(cast, browser_of):
    browser_of(cast.sam)
    browser_of(cast.dana)
    over, _open = Session.objects.all()
    Session.objects.filter(pk=over.pk).update(expire_date=timezone.now() - timedelta(minutes=1))
    call_command("printer", once=True)
    assert [session.pk for session in Session.objects.all()] == [_open.pk]


def test_a_printer_that_runs_for_days_clears_them_daily(cast, monkeypatch):
    cleared, day, now = [], printer.CLEARS_SESSIONS_EVERY, [1000.0]
    monkeypatch.setattr(printer, "call_command", cleared.append)
    monkeypatch.setattr(printer, "close_old_connections", lambda: None)  # the test's own stays open
    monkeypatch.setattr(printer.time, "monotonic", lambda: now[0])

    class FourDays:
        """It goes on for four days, in steps of six hours."""

        def is_set(self):
            return now[0] > 1000 + 4 * day

        def wait(self, seconds):
            now[0] += day / 4

    printer.Command().serve(FourDays())
    assert cleared == ["clearsessions"] * 4


def test_the_job_and_its_page_ask_the_same_few_questions_at_any_size(
    cast, browser_of, twelve, paper, django_assert_max_num_queries
):
    dana = browser_of(cast.dana)
    for count in (1, 12):
        job = ask(cast, twelve[:count])
        print_next()
        with django_assert_max_num_queries(10):
            dana.get(reverse("print-job", args=[job.pk]))
        with django_assert_max_num_queries(12):
            dana.post(reverse("print-job-pdf", args=[job.pk]))


def test_asking_leaves_out_what_may_be_seen_but_not_printed(cast, twelve):
    """Seeing does not imply printing: each action is granted on its own."""
    grant = twelve[0]
    with rewriting(GrantedPart) as parts:
        parts.filter(grant=grant, action="print").delete()
    assert grant.pk not in set(printable_by(cast.dana).values_list("pk", flat=True))
