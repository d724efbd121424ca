"""Many summaries in one PDF, made in the background: each yes is asked again at the moment of printing.

`manage.py printer` calls `print_next` in a loop. The job row is the queue (docs/decisions/0006).
"""

import logging

from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from peers.doors import set_database_user
from peers.models import User
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, PrintJob
from recovery_plans.models.print_jobs import JobState, PrintSize
from recovery_plans.pdf.plan_sheet import Choices, print_many, print_one
from recovery_plans.pdf_service import protocol
from recovery_plans.pdf_service.client import PdfFailed
from recovery_plans.summaries import names_known_to, printable_by, read_summaries
from recovery_plans.summary_room import is_full

# One PDF holds the pages of so many people, and a cover.
SHEETS_AT_MOST = protocol.MAX_DOCUMENTS - 1
# Why somebody's page is not in the PDF.
ENDED, ENDED_SINCE, FAILED = "ended", "ended_since", "failed"
# With these, the PDF service is well and one page is at fault; with the others, no page would print now.
ONE_PAGE_AT_FAULT = {"too_large", "broken"}

log = logging.getLogger(__name__)


class TakenOver(Exception):
    """This printer was silent for so long that another one has taken the job."""


# --- new jobs, and finding them again ---


def ask_to_print(*, grants, by, size, language):
    """Put a print job in line for these yeses, in their order."""
    PrintJob.clear_old()
    return PrintJob.unguarded.create(
        by=by,
        organization=grants[0].supervisors_of,
        grants=[str(grant.pk) for grant in grants],
        size=size,
        language=language,
    )


def find_job(*, user, code):
    """The supervisor's own job with this code, without its PDF; None when it is another's, gone, or never was.

    A job is gone when its time is over; where no printer runs, it is thrown away here.
    """
    PrintJob.clear_old()
    job = PrintJob.unguarded.filter(pk=code, by=user).defer("pdf").first()
    if job is not None:
        job.by = user
    return job


def open_pdf(job):
    """The PDF of a job that is ready, with each yes asked once more. If one has ended, the PDF is thrown away: None."""
    if not throw_away_unless_in_force(job):
        return None
    return PrintJob.unguarded.filter(pk=job.pk, state=JobState.READY).values_list("pdf", flat=True).first()


def throw_away_unless_in_force(job):
    """Whether everyone in a PDF that is ready still says yes. If not, the PDF is thrown away."""
    live = {str(code) for code in printable_by(job.by, job.printed).values_list("pk", flat=True)}
    ended = [code for code in job.printed if code not in live]
    if not ended:
        return True
    job.left_out = [*job.left_out, *([code, ENDED_SINCE] for code in ended)]
    job.state, job.printed = JobState.FAILED, []
    PrintJob.unguarded.filter(pk=job.pk, state=JobState.READY).update(
        state=job.state, pdf=None, printed=[], left_out=job.left_out
    )
    return False


def throw_away_ended():
    """Throw away every waiting PDF that holds the page of someone who has changed their mind since."""
    for job in PrintJob.unguarded.filter(state=JobState.READY).select_related("by").defer("pdf"):
        with transaction.atomic():
            set_database_user(job.by)
            throw_away_unless_in_force(job)


def names_in(job):
    """Whose pages are in the PDF, in its order; before it is ready, whose were asked for."""
    codes = job.printed if job.state == JobState.READY else still_to_print(job)
    names = names_known_to(job.by, codes)
    return [names[code] for code in codes if code in names]


def left_out_of(job):
    """Who is not in the PDF, each with the reason, by name where the supervisor knew the name already."""
    names = names_known_to(job.by, [code for code, _reason in job.left_out])
    return [(names[code], reason) for code, reason in job.left_out if code in names]


def still_to_print(job):
    """The codes to ask for when the job is to be done again."""
    gone = {code for code, reason in job.left_out if reason in (ENDED, ENDED_SINCE)}
    return [code for code in job.grants if code not in gone]


# --- printing ---


def print_next():
    """Do the oldest job in line. Whether there was one."""
    job = PrintJob.take_next()
    if job is None:
        return False
    try:
        _do(job)
    except TakenOver:
        pass
    except PdfFailed as failed:
        log.warning("print job %s: no PDF was made (%s)", job.pk, failed.reason)
        _give_up(job)
    except DatabaseError:
        raise  # it is not this job's fault; after a silent minute the job is taken up again
    except Exception as problem:
        # One job must not end the printer; the log names the kind of mistake, never a word of a page.
        log.error("print job %s: %s", job.pk, type(problem).__name__)
        _give_up(job)
    return True


def _do(job):
    """Print, and ask again: whoever said stop while the PDF was made is not in what is kept."""
    left_out = []
    while True:
        sheets = _sheets(job, left_out)
        pdf, sheets = _print(job, sheets, left_out)
        if _keep(job, pdf, sheets, left_out):
            return


def _sheets(job, left_out):
    """[(grant, HTML)] for every yes that holds now; the others are added to `left_out`."""
    out = {code for code, _reason in left_out}
    wanted = [code for code in job.grants if code not in out]
    with transaction.atomic():
        by = _who_asked(job)
        grants = {str(grant.pk): grant for grant in printable_by(by, wanted)} if by.is_active else {}
        readings = read_summaries([grant.plan for grant in grants.values()], grants=grants.values())
    left_out += [[code, ENDED] for code in wanted if code not in grants]
    options = {"by": by, "size": job.size, "language": job.language}
    grants = [grants[code] for code in wanted if code in grants]
    return [(grant, sheet(readings[grant.plan_id], grant, **options)) for grant in grants]


def _who_asked(job):
    """The supervisor, as they are now: a role may have ended while the job waited."""
    job.by = User.objects.get(pk=job.by_id)
    set_database_user(job.by)
    return job.by


def _print(job, sheets, left_out):
    """The PDF of these sheets with its cover, and the sheets that are in it; one bad page does not stop the rest."""
    if not sheets:
        return None, []
    try:
        return _print_all(job, sheets, left_out), sheets
    except PdfFailed as failed:
        if failed.reason not in ONE_PAGE_AT_FAULT:
            raise
    good = []
    for grant, html in sheets:
        try:
            print_one(html)
        except PdfFailed as failed:
            if failed.reason not in ONE_PAGE_AT_FAULT:
                raise
            left_out.append([str(grant.pk), FAILED])
        else:
            good.append((grant, html))
        _still_ours(job)
    return (_print_all(job, good, left_out), good) if good else (None, [])


def _print_all(job, sheets, left_out):
    documents = [_cover(job, sheets, left_out), *(html for _grant, html in sheets)]
    # Far more often than GONE_SILENT the job says that somebody is at work on it.
    return print_many(documents, while_waiting=lambda: _still_ours(job))


def _keep(job, pdf, sheets, left_out):
    """Keep the PDF and tell each person, if every yes still holds. False when one has ended since."""
    with transaction.atomic():
        by = _who_asked(job)
        codes = [str(grant.pk) for grant, _html in sheets]
        live = {str(code) for code in printable_by(by, codes).values_list("pk", flat=True)}
        if live != set(codes):
            return False
        _still_ours(
            job,
            state=JobState.READY if sheets else JobState.FAILED,
            pdf=pdf,
            printed=codes,
            left_out=left_out,
            done=len(codes),
        )
        for grant, _html in sheets:
            LogLine.note(PlanEvent.SUMMARY_PRINTED, plan=grant.plan, by=by, under=job)
    return True


def _give_up(job):
    try:
        _still_ours(job, state=JobState.FAILED, pdf=None, printed=[])
    except TakenOver:
        pass


def _still_ours(job, **facts):
    """Write to the job, if no other printer has taken it over: compare and set, as when it was taken."""
    now = timezone.now()
    ours = PrintJob.unguarded.filter(pk=job.pk, state=JobState.PRINTING, heard_from_at=job.heard_from_at)
    if not ours.update(heard_from_at=now, **facts):
        raise TakenOver
    job.heard_from_at = now


# --- what is printed ---


def sheet(reading, grant, *, by, size, language):
    """The HTML of one summary: for whom, when, what for, until when, and whose it is."""
    with translation.override(language):
        context = {
            "summary": reading,
            "name": reading.plan.person.paper_name,
            "grant": grant,
            "organization": grant.supervisors_of,
            "printed_for": by,
            "printed_at": timezone.localtime(),
            "size": size,
            "page": page_of(size),
            "dense": size == PrintSize.REGULAR and is_full(reading),
            "language": language,
        }
        return render_to_string("print/summary.html", context)


def _cover(job, sheets, left_out):
    """The HTML of the cover: how many sheets are out, and who is not among them."""
    names = names_known_to(job.by, [code for code, _reason in left_out], name_of=on_cover)
    with translation.override(job.language):
        context = {
            "count": len(sheets),
            "names": [on_cover(grant.plan.person) for grant, _html in sheets],
            "left_out": [(names[code], reason) for code, reason in left_out if code in names],
            "organization": job.organization,
            "printed_for": job.by,
            "printed_at": timezone.localtime(),
            "size": job.size,
            "page": page_of(job.size),
            "language": job.language,
        }
        return render_to_string("print/summary_cover.html", context)


def on_cover(person):
    """The name that the person wants on paper, with what tells them from another of the same name."""
    return f"{person.paper_name} · {person.known_by}" if person.known_by else person.paper_name


def page_of(size):
    """The stylesheet's name for the paper at this size."""
    return Choices(size=size).page
