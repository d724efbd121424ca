"""This is my plan: the person reads it and says yes, or not yet; and any copy they said yes to, as it was."""

from dataclasses import dataclass, replace

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peers.hands import hands_of
from peers.views.redirects import post_only
from recovery_plans.access import agreements_of, find_agreement
from recovery_plans.agreement import AgreedReading, compare, freeze
from recovery_plans.forms.agreement import AgreeForm, WriteDownForm
from recovery_plans.models import Agreement, EntryKind, HowSaid, SaveIdReused, Section
from recovery_plans.pdf.plan_sheet import PlanSheet
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import GOALS, GOALS_LABEL, PRINTED_PARTS
from recovery_plans.views.lines import require_own_yes, save_id_reused, say, show
from recovery_plans.views.printing import choices_of_last_time, print_sheet


@dataclass(frozen=True)
class PartRead:
    """One part of a plan as it is read from top to bottom: its lists of entries, each under a heading, or its goals."""

    part: str
    title: str
    lists: list
    goals: list
    walkers: list


def parts_in_order(reading):
    """Every part of the plan in which something stands, in the order of the plan on paper."""
    return [part for part in (part_read(reading, part) for part in PRINTED_PARTS) if part.lists or part.goals]


def part_read(reading, part):
    if part == GOALS:
        return PartRead(part, GOALS_LABEL, lists=[], goals=reading.goals_on_path, walkers=[])
    lists = [("", reading.entries(part))]
    if part == Section.VALUES:
        lists = [
            (EntryKind.LIFTS.label, reading.lifts),
            (EntryKind.DRAINS.label, reading.drains),
            (_("What else matters to me") if reading.lifts or reading.drains else "", reading.other_values),
        ]
    walkers = reading.walkers if part == Section.SUPPORTERS and part in reading.reach.sees else []
    found = [(title, entries) for title, entries in lists if entries or walkers]
    return PartRead(part, Section(part).label, lists=found, goals=[], walkers=walkers)


def kinds_of_marks(reading):
    """Which quiet marks there are among the lines that are read."""
    lines = [entry for section in reading.sections for entry in section.entries]
    lines += [line for goal in reading.goals_on_path for line in (goal, *goal.steps)]
    return {line.voice.kind for line in lines if line.voice.is_marked}


# --- saying yes ---


@require_http_methods(["GET", "HEAD", "POST"])
def agree(request, plan):
    """The whole plan, top to bottom, and the question. The person says yes; who walks with them writes down a yes."""
    is_owner = request.reach.is_owner
    if is_owner:
        require_own_yes(request)
    kind = AgreeForm if is_owner else WriteDownForm
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    frozen = freeze(reading)
    form = kind(request.POST if request.method == "POST" else None, initial={"digest": frozen.digest})
    if form.is_valid() and (answer := record(request, plan, frozen, form)):
        return answer
    return show(
        request,
        "agreement/agree.html",
        status=422 if form.is_bound else 200,
        reading=reading,
        parts=parts_in_order(reading),
        marks=kinds_of_marks(reading),
        digest=frozen.digest,
        form=form,
        last=agreements_of(plan).first(),
    )


def record(request, plan, frozen, form):
    """Keep what was said, if the plan is still the one that was on the screen.

    Else the form says why not: None, and the plan is shown once more with what was typed.
    """
    if form.cleaned_data["digest"] != frozen.digest:
        form.add_error(None, _("The plan has changed. Please read it once more."))
        return None
    how = form.cleaned_data.get("how") or (HowSaid.IN_HANDS if hands_of(request) else HowSaid.ON_SCREEN)
    others, save_id = form.cleaned_data["others"], form.cleaned_data["save_id"]
    try:
        made = Agreement.record(plan=plan, frozen=frozen, by=request.user, how=how, others=others, save_id=save_id)
    except SaveIdReused:
        save_id_reused(form)
        return None
    say(request, _("It is kept with its date. The plan stays as free to change as before."), form=form)
    return redirect("agreed", plan=plan.pk, agreement=made.pk)


# --- a copy ---


def agreed(request, plan, agreement):
    """The plan as it was agreed, and what is not as it was then."""
    made = find_agreement(plan, agreement)
    now = PlanReading(plan, reach=request.reach, reader=request.user)
    then = AgreedReading(made, plan=plan, reach=request.reach, reader=request.user)
    return show(
        request,
        "agreement/agreed.html",
        agreement=made,
        reading=then,
        parts=parts_in_order(then),
        marks=kinds_of_marks(then),
        comparison=compare(made.reading, now),
        not_in_it=not_in_it(then),
        walked_by=made.walked_by,
        others=[each for each in agreements_of(plan) if each.pk != made.pk],
    )


def not_in_it(then):
    """The parts that this reader sees now and that were not read then."""
    known = [(part, GOALS_LABEL if part == GOALS else Section(part).label) for part in PRINTED_PARTS]
    return [label for part, label in known if part in then.reach.sees and part not in then.data["parts"]]


@post_only
def walk(request, plan, agreement):
    """The peer specialist says "I will walk this with you"."""
    find_agreement(plan, agreement).walk_along(by=request.user)
    say(request, _("Said, with its date."))
    return redirect("agreed", plan=plan.pk, agreement=agreement)


@post_only
def pdf(request, plan, agreement):
    """The copy on paper, as it was: all of it that is open to this reader."""
    made = find_agreement(plan, agreement)
    parts = [part for part in PRINTED_PARTS if part in request.reach.prints and part in made.reading["parts"]]
    if not parts:
        raise Http404
    then = AgreedReading(made, plan=plan, reach=request.reach, reader=request.user)
    choices = replace(choices_of_last_time(request, plan), parts=parts)
    return print_sheet(request, plan, PlanSheet(then, choices, printed_for=request.user, agreement=made), under=made)
