"""What supervisors do: see their team, look at the pages people share, and print them."""

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from peers.doors import AfterCommit
from peers.pagination import code_in, one_page
from peers.views.redirects import answers_forms, post_only
from recovery_plans import print_jobs
from recovery_plans.access import find_summary
from recovery_plans.events import PlanEvent
from recovery_plans.forms.summaries import PrintSummariesForm
from recovery_plans.models import Action, LogLine, PrintTurn
from recovery_plans.models.print_jobs import JobState, PrintSize
from recovery_plans.pdf.plan_sheet import as_download
from recovery_plans.pdf_service.client import PdfFailed
from recovery_plans.single_prints import SinglePrint, one_is_being_made
from recovery_plans.summaries import (
    ever_said_to,
    of_those_who_walk_with,
    printable_by,
    read_summary,
    refused_to,
    supervised_by,
)
from recovery_plans.team import BY_NAME, read_pdf_parts, read_summary_list, read_team


@require_safe
def team(request):
    """The peer specialists, and how many people each walks with. Numbers only."""
    listed = read_team(request.user, after=request.GET.get("after"))
    return render(request, "recovery_plans/summaries/team.html", {"rows": listed.rows, "after": listed.after})


@require_safe
def summaries(request):
    """The people who share their one page, with until when; ticked all at once with ?all=1."""
    peer = code_in(request.GET.get("with"))
    listed = read_summary_list(request.user, peer=peer, after=request.GET.get("after"))
    shown = {"listed": listed, "peer": peer, "all_ticked": "all" in request.GET, "limit": print_jobs.SHEETS_AT_MOST}
    if shown["all_ticked"] and listed.after:
        shown["parts"] = read_pdf_parts(request.user, limit=print_jobs.SHEETS_AT_MOST, peer=peer)
    return render(request, "recovery_plans/summaries/summaries.html", shown)


def summary(request, grant):
    """One person's page. The look is noted where the person reads it."""
    found = find_summary(user=request.user, code=grant)
    if request.method == "POST":
        return HttpResponseNotAllowed(["GET", "HEAD"])
    LogLine.note(PlanEvent.SUMMARY_LOOKED, plan=found.plan, by=request.user, under=found)
    shown = {"grant": found, "organization": found.supervisors_of, "summary": read_summary(found.plan, grant=found)}
    return render(request, "recovery_plans/summaries/summary.html", shown)


@answers_forms
def pdf(request, grant):
    """Print one person's page, after asking the yes again."""
    found = find_summary(user=request.user, code=grant, action=Action.PRINT)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    size = PrintSize.LARGE if request.POST.get("size") == PrintSize.LARGE else PrintSize.REGULAR
    turn = PrintTurn.take(by=request.user)
    if turn is None:
        return one_is_being_made(request)
    reading = read_summary(found.plan, grant=found)
    job = SinglePrint(
        html=print_jobs.sheet(reading, found, by=request.user, size=size, language=get_language()),
        turn=turn,
        plan=found.plan,
        by=request.user,
        printed=PlanEvent.SUMMARY_PRINTED,
        not_printed=PlanEvent.SUMMARY_NOT_PRINTED,
        still_holds=lambda user: _may_still_print(user, grant),
        under=found,
    )
    return AfterCommit(lambda: _printed(request, job, size=size))


def _may_still_print(user, grant):
    try:
        return bool(find_summary(user=user, code=grant, action=Action.PRINT))
    except Http404:
        return False


def _printed(request, job, *, size):
    try:
        return as_download(job.make(), called="summary")
    except PdfFailed as failed:
        status = 422 if failed.reason == "too_large" else 503
        shown = {"size": size, "is_too_large": status == 422}
        return render(request, "recovery_plans/summaries/failed.html", shown, status=status)


# --- many in one PDF ---


@post_only
def new_job(request):
    """Ask for many pages in one PDF. What is not theirs to print is left out, and the person can read that it was."""
    form = PrintSummariesForm(request.POST)
    data = form.cleaned_data if form.is_valid() else {"grant": [], "everyone": False, "size": "", "peer": None}
    more = False
    if data["everyone"]:
        page = _everyone(request.user, data["peer"], after=data["after"])
        grants, more = page.rows, page.after
    else:
        codes = data["grant"][: print_jobs.SHEETS_AT_MOST]
        grants = list(printable_by(request.user, codes).order_by(*BY_NAME))
        _note_refused(request, refused_to(request.user, codes))
    if not grants:
        messages.info(request, _("Please check at least one page to print."))
        return redirect("summaries")
    if more:
        held = {"count": print_jobs.SHEETS_AT_MOST}
        messages.info(request, _("One PDF holds %(count)s pages. For the rest, print the next PDF.") % held)
    job = print_jobs.ask_to_print(grants=grants, by=request.user, size=data["size"], language=get_language())
    return redirect("print-job", job=job.pk)


def _note_refused(request, refused):
    """Note each page that was asked for and is not shared, where its person reads it.

    The message counts those of their own organizations; whether a code is anyone's elsewhere is not theirs to know.
    """
    for grant in refused:
        LogLine.note(PlanEvent.SUMMARY_REFUSED, plan=grant.plan, by=request.user, under=grant)
    organizations = supervised_by(request.user)
    count = sum(grant.supervisors_of_id in organizations for grant in refused)
    if count:
        message = ngettext(
            "%(count)s page is not shared now. It was left out.",
            "%(count)s pages are not shared now. They were left out.",
            count,
        )
        messages.info(request, message % {"count": count})


def _everyone(user, peer, *, after):
    """As many of those who share as one PDF holds, by name; whoever comes or goes meanwhile, nobody is passed over."""
    grants = printable_by(user)
    if peer:
        grants = of_those_who_walk_with(grants, peer)
    return one_page(grants, order=BY_NAME, limit=print_jobs.SHEETS_AT_MOST, after=after, among=ever_said_to(user))


@require_safe
def job(request, job):
    """How far a print job is, in words; and its PDF once it is ready."""
    found = _own_job(request, job)
    shown = {
        "job": found,
        "asked_for": len(found.grants),
        "holds": print_jobs.names_in(found),
        "left_out": print_jobs.left_out_of(found),
        "again": print_jobs.still_to_print(found) if found.state == JobState.FAILED else [],
        "changed_since": any(reason == print_jobs.ENDED_SINCE for _code, reason in found.left_out),
    }
    return render(request, "recovery_plans/summaries/job.html", shown)


@answers_forms
def job_pdf(request, job):
    """The PDF, if every yes in it still holds; else it is thrown away, and the job's page says so."""
    found = _own_job(request, job)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    made = print_jobs.open_pdf(found) if found.state == JobState.READY else None
    return as_download(bytes(made), called="summaries") if made else redirect("print-job", job=found.pk)


def _own_job(request, code):
    found = print_jobs.find_job(user=request.user, code=code)
    if found is None:
        raise Http404
    return found
