"""Side by side: one question, the person's words, any part, any order. Both people see the same screen."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from peers.hands import hands_of
from peers.models import Walk
from peers.pagination import code_in
from peers.views.redirects import post_only
from recovery_plans.access import note_look
from recovery_plans.conversation import Conversation, question_after, question_in, where_we_left_off
from recovery_plans.forms.goals import GoalForm
from recovery_plans.forms.steps import StepForm
from recovery_plans.forms.together import TogetherForm
from recovery_plans.models import Goal, PromptForLater, SaveIdReused, Section
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import bank
from recovery_plans.sections import GOALS
from recovery_plans.views.beside import chapters, hold_goal_typed, may_make_own_words, page
from recovery_plans.views.drafts import hold_returned
from recovery_plans.views.goal_pages import STEP, goal_beside, goals_beside
from recovery_plans.views.lines import NOT_SAVED, line_of, save_id_reused, say, show, take_out_draft
from recovery_plans.views.profile import THE_LIST, find_section


def start(request, plan):
    """Sit together: straight to a question, where the two left off."""
    Walk.sit_together(person=plan.person, peer=request.user)
    return to_part(plan, where_we_left_off(plan, reach=request.reach))


def to_part(plan, section, prompt=""):
    there = reverse("together-part", kwargs={"plan": plan.pk, "section": Section(section).slug})
    return redirect(f"{there}?{urlencode({'q': prompt})}" if prompt else there)


# --- the pages ---


def part(request, plan, section):
    """One part, side by side. A POST saves nothing: it asks another question and carries the typed words along."""
    if section == GOALS:
        return goals_beside(request)
    section = find_section(section)
    if request.method != "POST":
        return part_page(request, section, wanted=request.GET.get("q", ""))
    request.reach.require(section, to_write=True)
    return carry_on(request, section, wanted=request.POST.get("ask") or request.POST.get("prompt", ""))


def carry_on(request, section, *, wanted):
    """Show this question, with what was typed and is not saved yet."""
    form = TogetherForm.unsaved(request.POST, **about_form(request, section))
    if form.holds_something:
        return part_page(request, section, wanted=wanted, form=form)
    return to_part(request.plan, section, question_in(section, wanted, language=get_language()))


def peer_of(request):
    """The peer specialist who sits beside the person, whoever has the device."""
    hands = hands_of(request)
    return hands.lender if hands else request.user


def about_form(request, section):
    return {
        "section": section,
        "person": request.plan.person,
        "peer": peer_of(request),
        "types_for_them": hands_of(request) is None,
        "language": get_language(),
    }


def part_page(request, section, *, wanted, form=None, status=200):
    """The page of one part; `form` is the one that was sent, with what was typed."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    read = reading.section(section)
    shown = {"reading": reading, "section": read, "chapters": chapters(reading, section), "part_title": read.title}
    if not read.is_open:
        return page(request, "closed", **shown, may_make=may_make_own_words(request))
    talk = Conversation(reading, section, language=get_language(), wanted=wanted)
    form = form or TogetherForm(**about_form(request, section))
    form.initial["prompt"] = talk.asked.id
    return page(
        request,
        "part",
        status=status,
        **shown,
        talk=talk,
        form=form,
        form_error_title=NOT_SAVED,
        chip_sets=talk.chip_sets(tapped=form.tapped, peer=peer_of(request).name),
        newest_first=read.entries[::-1],
        tells_of={entry.anchor for entry in read.entries} | ({THE_LIST} if read.entries else set()),
    )


def goal(request, plan, goal):
    """One goal, side by side: small steps, who does them, and what goes with it."""
    line_of(request, Goal, goal, to_write=False)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    return goal_beside(request, reading, reading.goal(goal))


def part_typed_again(request, section):
    """What was typed of a part cannot be kept: it stays on the screen, with what is wrong with it."""
    form = TogetherForm(request.POST, **about_form(request, section))
    return part_page(request, section, wanted=request.POST.get("prompt", ""), form=form, status=422)


def goal_typed_again(request):
    """What was typed of a goal or a step cannot be kept: it stays on the screen, with what is wrong with it."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    found = reading.goal(code_in(request.GET.get("goal")))
    if found is None:
        return goals_beside(request, form=GoalForm(request.POST), status=422)
    return goal_beside(request, reading, found, status=422, step_form=StepForm(request.POST, **STEP))


# --- what is kept ---


@post_only
def add(request, plan, section):
    """Write down what was said and what was tapped, typed for the person; nothing said is nothing added."""
    section = find_section(section)
    request.reach.require(section, to_write=True)
    form = TogetherForm(request.POST, **about_form(request, section))
    asked = question_in(section, request.POST.get("prompt", ""), language=get_language())
    if not form.is_valid():
        hold_returned(request)
        return part_page(request, section, wanted=asked, form=form)
    form.cleaned_data["prompt"] = asked
    # Words answer the question on the screen; a word that was tapped leaves it standing.
    goes_on = question_after(plan, section, asked, language=get_language()) if form.says_something else asked
    try:
        kept = plan.add_entries(section=section, by=request.user, typed=form.typed_lines, tapped=form.tapped_lines)
    except SaveIdReused:
        save_id_reused(form)
        return part_page(request, section, wanted=asked, form=form, status=422)
    take_out_draft(request, form)
    if kept:
        strength = bank(get_language()).celebrations["strength_added"][0]
        say(request, strength if section == Section.STRENGTHS else _("Saved."))
    elif form.says_anything:
        note_look(request)  # what was tapped stands there already; that this was seen is noted
    say(request, form=form)
    return to_part(plan, section, goes_on)


@post_only
def later(request, plan, section):
    """Put a question aside, and go on to the next. It comes again before those that were answered."""
    section = find_section(section)
    request.reach.require(section, to_write=True)
    prompt = question_in(section, request.POST.get("prompt", ""), language=get_language())
    if not prompt:
        return carry_on(request, section, wanted="")
    goes_on = question_after(plan, section, prompt, language=get_language())
    PromptForLater.keep(plan=plan, section=section, prompt=prompt)
    say(request, _("Saved for later."))
    return carry_on(request, section, wanted=goes_on)


def take_a_break(request, plan):
    """A calm, empty screen. What was typed is carried through it, unseen; nothing of the plan is shown."""
    if request.GET.get("part") == GOALS:
        try:
            hold_goal_typed(request)
        except ValidationError:
            return goal_typed_again(request)
        return show(request, "together/take_a_break.html", slug=GOALS, goal=code_in(request.GET.get("goal")))
    try:
        section = Section.from_slug(request.GET.get("part", ""))
    except ValueError:
        section = where_we_left_off(plan, reach=request.reach)
    held, prompt = None, ""
    if request.method == "POST":
        request.reach.require(section, to_write=True)
        prompt = question_in(section, request.POST.get("prompt", ""), language=get_language())
        form = TogetherForm.unsaved(request.POST, **about_form(request, section))
        held = form.carried if form.holds_something else None
    return show(request, "together/take_a_break.html", slug=section.slug, prompt=prompt, held=held)
