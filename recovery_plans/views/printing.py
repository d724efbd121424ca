"""The PDF the person owns: one tap with the choices of last time, or choose anew."""

from django.http import Http404
from django.shortcuts import render
from django.utils import translation

from peers.doors import AfterCommit
from peers.models.users import TextSize
from peers.views.redirects import post_only
from recovery_plans.access import find_plan, last_yes
from recovery_plans.events import PlanEvent
from recovery_plans.forms.printing import PrintForm, part_label
from recovery_plans.models import PrintChoice, PrintTurn
from recovery_plans.models.print_jobs import PrintSize
from recovery_plans.pdf.plan_sheet import Choices, PlanSheet, as_download
from recovery_plans.pdf_service.client import PdfFailed
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import PRINTED_PARTS
from recovery_plans.single_prints import SinglePrint, largest_parts, one_is_being_made


def choose(request, plan):
    """Choose what is in the PDF and how it looks; the choices of last time are filled in."""
    if not request.reach.prints:
        raise Http404
    last = choices_of_last_time(request, plan)
    form = PrintForm(initial=vars(last), **about_form(request, plan))
    return render(request, "recovery_plans/printing/choose.html", {"plan": plan, "form": form})


@post_only
def pdf(request, plan):
    """Print the plan: with the form's choices when it was sent, else with those of last time."""
    if not request.reach.prints:
        raise Http404
    choices = choices_of_last_time(request, plan)
    if "size" in request.POST:
        form = PrintForm(request.POST, **about_form(request, plan))
        if not form.is_valid():
            return render(request, "recovery_plans/printing/choose.html", {"plan": plan, "form": form}, status=422)
        if "name_on_paper" in form.cleaned_data:
            plan.person.take_name_on_paper(form.cleaned_data.pop("name_on_paper"))
        PrintChoice.remember(plan=plan, reader=request.user, **form.cleaned_data)
        choices = Choices(**form.cleaned_data)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    return print_sheet(request, plan, PlanSheet(reading, choices, printed_for=request.user, agreement=last_yes(plan)))


def print_sheet(request, plan, sheet, *, under=None):
    """Have this sheet made and answer with it; `under` is the agreement whose copy it is."""
    turn = PrintTurn.take(by=request.user)
    if turn is None:
        return one_is_being_made(request)
    job = SinglePrint(
        html=sheet.html(),
        turn=turn,
        plan=plan,
        by=request.user,
        printed=PlanEvent.PLAN_PRINTED,
        not_printed=PlanEvent.PLAN_NOT_PRINTED,
        still_holds=lambda user: may_still_print(user, plan, sheet.parts),
        under=under,
    )
    large = [part_label(part) for part in largest_parts(sheet.reading, sheet.parts)]
    return AfterCommit(lambda: printed(request, job, large=large))


def about_form(request, plan):
    """What the form of a print hangs on: what this reader may print, and the name, which is the person's to choose."""
    return {"reach": request.reach, "name": plan.person.paper_name if request.reach.opens_all else ""}


def may_still_print(user, plan, parts):
    """Whether this user may print these parts of the plan now."""
    try:
        _plan, reach = find_plan(user=user, code=plan.pk)
    except Http404:
        return False
    return reach.prints.issuperset(parts)


def choices_of_last_time(request, plan):
    """How this reader printed this plan last time. If never: all they may print, large for who reads large."""
    open_parts = [part for part in PRINTED_PARTS if part in request.reach.prints]
    last = PrintChoice.of(plan=plan, reader=request.user)
    if last is None:
        large = request.user.text_size >= TextSize.LARGE
        return Choices(
            parts=open_parts,
            size=PrintSize.LARGE if large else PrintSize.REGULAR,
            language=translation.get_language(),
        )
    kept = {name: getattr(last, name) for name in Choices.__dataclass_fields__}
    # A part may have been closed since; should none of those chosen be left, all that are open come.
    kept["parts"] = [part for part in open_parts if part in last.parts] or open_parts
    return Choices(**kept)


def printed(request, job, *, large):
    """The PDF, or a kind page that says it did not work and what else can be done. Never half a PDF."""
    shown = {"plan": job.plan, "large": large}
    try:
        return as_download(job.make(), called="plan")
    except PdfFailed as failed:
        if failed.reason == "too_large":
            return render(request, "recovery_plans/printing/too_large.html", shown, status=422)
        return render(request, "recovery_plans/printing/failed.html", shown, status=503)
