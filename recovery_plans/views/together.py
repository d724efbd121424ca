"""Side by side: one question, the person's words, any part, any order. Both people see the same screen."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from recovery_plans.conversation import Conversation, TogetherForm
from recovery_plans.models import KeptQuestion, SaidOtherwise, Section
from recovery_plans.reading import PlanReading
from recovery_plans.views.lines import said_otherwise, say, show
from recovery_plans.views.profile import already_said, find_section


def start(request, plan):
    """Pick up where the two left off: the part of the newest words; a new plan begins with hope."""
    open_parts = [section for section in Section.values if section in request.reach.writes]
    newest = plan.entries.filter(removed_at=None, section__in=open_parts).order_by("-created_at").first()
    return redirect("together-part", plan=plan.pk, section=Section(newest.section if newest else Section.VISION).slug)


def part(request, plan, section):
    """One part, side by side: the question on the left, the person's words on the right."""
    return part_page(request, find_section(section))


def part_page(request, section, *, form=None, status=200):
    """The page of one part; `form` is the one that was sent, with what was typed."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    wanted = form.data.get("prompt", "") if form else request.GET.get("q", "")
    talk = Conversation(reading, section, language=get_language(), wanted=wanted)
    read = reading.section(section)
    form = form or words_form(request, read, initial={"prompt": talk.asked.id})
    return show(
        request, "together/part.html", status=status, reading=reading, section=read, talk=talk, form=form,
        form_error_title=_("That did not save. Your words are still here."),
    )  # fmt: skip


def words_form(request, read, data=None, **kwargs):
    return TogetherForm(
        data, section=read.section, language=request.plan.language, page_language=get_language(),
        said=[entry.line.words for entry in read.entries] if data is None else (), **kwargs,
    )  # fmt: skip


@require_POST
def add(request, plan, section):
    """Write down what was said and what was tapped, typed for the person; nothing said is nothing added."""
    section = find_section(section)
    request.reach.require(section, to_write=True)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    form = words_form(request, reading.section(section), request.POST)
    if not form.is_valid():
        return part_page(request, section, form=form)
    going_on = Conversation(reading, section, language=get_language(), wanted=form.cleaned_data["prompt"]).another
    try:
        added = write_down(request, section, form)
    except SaidOtherwise:
        said_otherwise(form)
        return part_page(request, section, form=form, status=422)
    if added:
        say(request, _("Saved."), form=form)
    return to_question(plan, section, going_on if form.typed else form.cleaned_data["prompt"])


def write_down(request, section, form):
    """Add every line the form holds; how many there were."""
    plan, tapped = request.plan, 0
    if form.typed:
        plan.add_entry(section=section, by=request.user, **form.typed)
    language = "" if get_language() == plan.language else get_language()
    for chip, kind in form.tapped:
        if not already_said(plan, section, chip):
            plan.add_entry(section=section, words=chip, kind=kind, language=language, by=request.user)
            tapped += 1
    return tapped + bool(form.typed)


@require_POST
def later(request, plan, section):
    """Keep a question for another time, and go on to the next."""
    section = find_section(section)
    request.reach.require(section, to_write=True)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    talk = Conversation(reading, section, language=get_language(), wanted=request.POST.get("prompt", ""))
    following = talk.another
    KeptQuestion.keep(plan=plan, section=section, prompt=talk.asked.id)
    say(request, _("Kept for later."))
    return to_question(plan, section, following)


def to_question(plan, section, prompt):
    address = reverse("together-part", kwargs={"plan": plan.pk, "section": Section(section).slug})
    return HttpResponseRedirect(f"{address}?q={prompt}")


def take_a_break(request, plan):
    """A calm, empty screen. Everything is kept, and nothing of the plan is shown."""
    return render(request, "recovery_plans/together/break.html", {"plan": plan})
