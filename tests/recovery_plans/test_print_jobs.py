"""Twelve summaries in one PDF, three taps: made in the background, each yes asked again, nothing done twice."""

import re
from uuid import uuid4

from django.core.management import call_command
from django.urls import reverse

from peers.models.organization import StaffRole
from recovery_plans import print_jobs, team
from recovery_plans.events import PlanEvent
from recovery_plans.models import Grant, LogLine, PrintJob
from recovery_plans.models.print_jobs import JobState
from recovery_plans.print_jobs import ask_to_print, find_job, print_next
from tests.cast import staff
from tests.pdfua import assert_pdf_ua
from tests.recovery_plans.print_job_cast import NAMES, ask, fresh, meet, prints_of, sheets_in, text_of

# --- three taps ---


def test_twelve_summaries_are_three_taps_and_one_pdf(cast, browser_of, twelve, pdf_service):
    dana = browser_of(cast.dana)
    page = dana.get(reverse("summaries") + "?all=1").content.decode()  # first tap: tick all
    ticked = re.findall(r'name="grant" value="([^"]+)" checked', page)
    asked = dana.post(reverse("print-job-new"), {"grant": ticked, "size": "regular"})  # second: print
    job_page = asked.headers["Location"]
    assert "12 pages are in line" in text_of(dana.get(job_page))
    assert "Look again" in text_of(dana.get(job_page)), "without script too"
    assert print_next()
    ready = text_of(dana.get(job_page))
    assert "12 pages and a cover are in one PDF" in ready
    assert f"In the PDF {' '.join(NAMES)}" in ready
    answer = dana.post(job_page + "pdf/")  # third: open
    assert re.fullmatch(r'attachment; filename="summaries-[0-9a-f]{8}\.pdf"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert_pdf_ua(answer.content)
    cover, *sheets = sheets_in(answer.content)
    assert "12 sheets out" in cover
    assert "Printed for Dana" in cover
    assert len(sheets) == 12
    for name, sheet in zip(NAMES, sheets, strict=True):
        assert f"Strength of {name}" in sheet
        assert "Printed for Dana" in sheet
        assert "42 CFR part 2" in sheet
        assert "Page 1 of 1" in sheet
    assert [prints_of(grant) for grant in twelve] == [1] * 12
    assert (
        LogLine.unguarded.filter(what=PlanEvent.SUMMARY_PRINTED).first().under
        == find_job(user=cast.dana, code=job_page.split("/")[-2]).pk
    )


def test_more_than_is_laid_out_at_once_is_still_one_pdf(cast, pdf_service, settings):
    grants = [meet(cast, f"Person {turn:02}") for turn in range(55)]
    job = ask(cast, grants)
    assert print_next()
    pdf = bytes(fresh(job).pdf)
    assert_pdf_ua(pdf)
    assert len(sheets_in(pdf)) == 56
    assert fresh(job).done == 55


def test_that_it_is_being_made_is_said_in_words(cast, browser_of, twelve):
    job = ask(cast, twelve)
    PrintJob.unguarded.filter(pk=job.pk).update(state=JobState.PRINTING)
    page = text_of(browser_of(cast.dana).get(reverse("print-job", args=[job.pk])))
    assert "12 pages are being made." in page
    assert "%" not in page


def test_large_print_is_kept_with_the_job(cast, browser_of, twelve, paper):
    browser_of(cast.dana).post(reverse("print-job-new"), {"grant": [twelve[0].pk], "size": "large"})
    assert print_next()
    assert all('class="summary large on-letter-large' in page for page in paper[0])
    assert "Sheets of 1 person out" in paper[0][0], "large print may take more than a sheet each"


def test_the_sheets_speak_the_language_dana_reads(cast, twelve, paper):
    ask_to_print(grants=twelve[:1], by=cast.dana, size="regular", language="es")
    assert print_next()
    assert all('<html lang="es">' in page for page in paper[0])


def test_everyone_means_those_on_the_other_pages_too(cast, browser_of, twelve, paper):
    dana = browser_of(cast.dana)
    dana.post(reverse("print-job-new"), {"grant": [twelve[0].pk], "everyone": "1"})
    assert len(PrintJob.unguarded.get().grants) == 12
    PrintJob.unguarded.all().delete()
    meet(cast, "With Alex", peer=cast.alex)
    dana.post(reverse("print-job-new"), {"everyone": "1", "peer": str(cast.alex.pk)})
    assert len(PrintJob.unguarded.get().grants) == 1


def test_more_than_one_pdf_holds_are_offered_in_several_and_it_is_said_before(cast, browser_of, twelve, monkeypatch):
    monkeypatch.setattr(print_jobs, "SHEETS_AT_MOST", 5)
    monkeypatch.setattr(team, "ROWS_ON_A_PAGE", 4)
    dana = browser_of(cast.dana)
    page = dana.get(reverse("summaries") + "?all=1")
    assert "One PDF holds 5 pages. So everyone comes in 3 PDFs. Print one after the other." in text_of(page)
    assert "PDF 1: Person A to Person E" in text_of(page)
    assert "PDF 3: Person K to Person L" in text_of(page)
    assert 'type="checkbox" id="everyone"' not in page.content.decode()
    after = re.findall(r'name="after" value="([^"]+)"', page.content.decode())
    assert after == [str(twelve[4].pk), str(twelve[9].pk)]
    jobs = []
    for asked in ({}, {"after": after[0]}, {"after": after[1]}):
        answer = dana.post(reverse("print-job-new"), {"everyone": "1", "size": "regular", **asked}, follow=True)
        jobs.append(PrintJob.unguarded.order_by("-asked_at").first().grants)
        is_last = len(jobs) == 3
        assert ("One PDF holds 5 pages. For the rest, print the next PDF." in answer.content.decode()) != is_last
    assert [len(grants) for grants in jobs] == [5, 5, 2]
    assert sum(jobs, []) == [str(grant.pk) for grant in twelve]


def test_where_one_pdf_holds_all_nothing_is_said_of_several(cast, browser_of, twelve, monkeypatch):
    monkeypatch.setattr(team, "ROWS_ON_A_PAGE", 4)
    page = browser_of(cast.dana).get(reverse("summaries") + "?all=1").content.decode()
    assert 'type="checkbox" id="everyone"' in page
    assert "One PDF holds" not in page


def test_of_those_who_walk_with_alex_only_they_are_in_the_several_pdfs(cast, browser_of, twelve, monkeypatch):
    monkeypatch.setattr(print_jobs, "SHEETS_AT_MOST", 1)
    monkeypatch.setattr(team, "ROWS_ON_A_PAGE", 1)
    for name in ("With Alex", "With Alex too"):
        meet(cast, name, peer=cast.alex)
    page = text_of(browser_of(cast.dana).get(reverse("summaries") + f"?all=1&with={cast.alex.pk}"))
    assert "PDF 1: With Alex to With Alex" in page
    assert "PDF 2: With Alex too to With Alex too" in page
    assert "Person A" not in page


# --- what is not hers to print ---


def test_a_page_of_another_organization_is_left_out_and_its_person_can_read_it(cast, browser_of, twelve, paper):
    foreign = meet(cast, "Teo", organization=cast.millbrook, peer=cast.rosa)
    answer = browser_of(cast.dana).post(
        reverse("print-job-new"), {"grant": [twelve[0].pk, foreign.pk, twelve[1].pk]}, follow=True
    )
    page = answer.content.decode()
    assert "not shared now" not in page, "whether such a page is anywhere is not hers to know"
    assert "Teo" not in page
    job = PrintJob.unguarded.get()
    assert job.grants == [str(twelve[0].pk), str(twelve[1].pk)]
    print_next()
    assert not any("Teo" in html for html in paper[0])
    line = LogLine.unguarded.get(plan=foreign.plan_id, by=cast.dana.pk)
    assert (line.what, line.under) == (PlanEvent.SUMMARY_REFUSED, foreign.pk)


def test_how_many_have_stopped_is_told_of_her_own_people(cast, browser_of, twelve, paper):
    Grant.stop_summary(plan=twelve[0].plan, by=twelve[0].plan.person.user)
    asked = {"grant": [grant.pk for grant in twelve[:3]]}
    page = browser_of(cast.dana).post(reverse("print-job-new"), asked, follow=True).content.decode()
    assert "1 page is not shared now. It was left out." in page


def test_nothing_ticked_is_told_and_nothing_is_made(cast, browser_of, twelve):
    dana = browser_of(cast.dana)
    for data in ({}, {"grant": ["nonsense", "", "%00"]}, {"grant": [str(uuid4())]}, {"peer": "x", "everyone": "1"}):
        answer = dana.post(reverse("print-job-new"), data)
        assert answer.headers["Location"] == reverse("summaries")
    assert not PrintJob.unguarded.exists()
    assert dana.get(reverse("print-job-new")).status_code == 405


def test_a_job_belongs_to_the_one_who_asked(cast, browser_of, twelve, paper):
    job = ask(cast, twelve)
    print_next()
    second = staff("Deb", cast.harbor, StaffRole.SUPERVISOR)
    for reader in (second, cast.ines, cast.sam, cast.maya):
        browser = browser_of(reader)
        assert browser.get(reverse("print-job", args=[job.pk])).status_code == 404
        assert browser.post(reverse("print-job-pdf", args=[job.pk])).status_code == 404
    assert browser_of(cast.dana).get(reverse("print-job-pdf", args=[job.pk])).status_code == 405


# --- the yes is asked again ---


def test_who_said_stop_while_the_job_waited_is_left_out_by_name(cast, browser_of, twelve, pdf_service):
    job = ask(cast, twelve)
    Grant.stop_summary(plan=twelve[3].plan, by=twelve[3].plan.person.user)
    assert print_next()
    job = fresh(job)
    assert job.left_out == [[str(twelve[3].pk), "ended"]]
    cover, *sheets = sheets_in(bytes(job.pdf))
    assert "11 sheets out" in cover
    assert "Person D: does not share the page any more" in cover
    assert len(sheets) == 11
    assert not any("Person D" in sheet for sheet in sheets)
    assert prints_of(twelve[3]) == 0
    page = text_of(browser_of(cast.dana).get(reverse("print-job", args=[job.pk])))
    assert "Person D : does not share the page any more" in page


def test_who_said_stop_while_the_pdf_was_made_is_in_no_pdf(cast, twelve, paper, monkeypatch):
    job, at_work = ask(cast, twelve), print_jobs.print_many

    def stop_meanwhile(pages, *, while_waiting):
        if not paper:
            Grant.stop_summary(plan=twelve[0].plan, by=twelve[0].plan.person.user)
        return at_work(pages, while_waiting=while_waiting)

    monkeypatch.setattr(print_jobs, "print_many", stop_meanwhile)
    assert print_next()
    assert len(paper) == 2, "what was made before the stop is not kept"
    assert not any("Strength of Person A" in page for page in paper[1])
    assert fresh(job).state == JobState.READY
    assert bytes(fresh(job).pdf) == b"%PDF-2"
    assert str(twelve[0].pk) not in fresh(job).printed
    assert [prints_of(grant) for grant in twelve] == [0] + [1] * 11


def test_a_ready_pdf_is_thrown_away_when_one_yes_ends_and_the_rest_print_again(cast, browser_of, twelve, paper):
    dana, job = browser_of(cast.dana), ask(cast, twelve)
    print_next()
    Grant.stop_summary(plan=twelve[0].plan, by=twelve[0].plan.person.user)
    address = reverse("print-job", args=[job.pk])
    assert dana.post(reverse("print-job-pdf", args=[job.pk])).headers["Location"] == address
    assert fresh(job).pdf is None
    page = dana.get(address).content.decode()
    assert "Someone has changed their mind" in page
    again = re.findall(r'name="grant" value="([^"]+)"', page)
    assert again == [str(grant.pk) for grant in twelve[1:]]
    dana.post(reverse("print-job-new"), {"grant": again})
    print_next()
    assert PrintJob.unguarded.get(state=JobState.READY).printed == again


def test_the_printer_itself_throws_away_what_holds_an_ended_yes(cast, twelve, paper):
    kept, gone = ask(cast, twelve[1:]), ask(cast, twelve)
    while print_next():
        pass
    Grant.stop_summary(plan=twelve[0].plan, by=twelve[0].plan.person.user)
    call_command("printer", once=True)
    assert fresh(gone).pdf is None
    assert fresh(kept).pdf is not None


def test_when_dana_is_no_supervisor_any_more_nothing_is_made(cast, twelve, paper):
    job = ask(cast, twelve)
    cast.dana.roles.get().end(by=cast.ines)
    assert print_next()
    assert paper == []
    assert fresh(job).state == JobState.FAILED
    assert fresh(job).pdf is None


def test_when_dana_may_not_come_in_any_more_nothing_is_made(cast, twelve, paper):
    """Her role was not ended, her way in was: what she asked for before is nobody's to fetch."""
    job = ask(cast, twelve)
    cast.dana.is_active = False
    cast.dana.save()
    assert print_next()
    assert paper == []
    assert (fresh(job).state, fresh(job).pdf) == (JobState.FAILED, None)
    assert [prints_of(grant) for grant in twelve] == [0] * 12


def test_when_all_have_stopped_the_page_says_so(cast, browser_of, twelve, paper):
    job = ask(cast, twelve[:1])
    Grant.stop_summary(plan=twelve[0].plan, by=twelve[0].plan.person.user)
    print_next()
    page = text_of(browser_of(cast.dana).get(reverse("print-job", args=[job.pk])))
    assert "No one you picked shares a page right now." in page
    assert "Print again" not in page
