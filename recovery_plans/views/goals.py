"""Goals: what the person wants, how it is today, and what goes with it."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from peers.views.redirects import back_to
from recovery_plans.forms.goals import GoalChangeForm, GoalForm, GoalStateForm, RulerForm, UsesForm
from recovery_plans.forms.steps import StepForm
from recovery_plans.models import EditConflict, Goal, GoalState, SaveIdReused, Section
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import bank
from recovery_plans.sections import GOALS
from recovery_plans.views.lines import (
    NOT_SAVED,
    both,
    celebrate,
    line_of,
    offer_undo,
    save_id_reused,
    say,
    show,
    take_out_draft,
    told_or,
)

VERBS = {
    GoalState.NOW: "pick_up",
    GoalState.RESTING: "rest",
    GoalState.REACHED: "reach",
    GoalState.LET_GO: "let_go",
    GoalState.NOT_MINE: "disown",
}
# What is said to the person when a goal becomes this; celebrations come from the bank.
CELEBRATED = {GoalState.NOW: "restarted", GoalState.RESTING: "rested", GoalState.REACHED: "goal_reached"}
# Several forms stand on the page of one goal; each has ids of its own.
WORDS, STEP, USES, RULER, STATE = ({"auto_id": f"id_{form}_%s"} for form in ("words", "step", "uses", "ruler", "state"))


# Where a goal's page tells what was done with anything but a step.
ON_A_GOALS_PAGE = ("goal-words", "steps", "goal-uses", "ruler", "goal-order")

# --- a new goal ---


def new(request, plan):
    """Write down a new goal; why and the first steps can stay blank."""
    request.reach.require(GOALS, to_write=True)
    starters = [starter.rstrip(" .…") for starter in bank(get_language()).goals.starters]
    form = GoalForm(request.POST if request.method == "POST" else None, initial={"words": begun(request, starters)})
    status = 200
    if form.is_valid() and not form.asks_how_many:
        try:
            goal = plan.add_goal(by=request.user, **form.as_goal())
        except SaveIdReused:
            save_id_reused(form)
            status = 422
        else:
            take_out_draft(request, form)
            message = _("Your goal is on your plan.") if request.reach.is_owner else _("Saved.")
            say(request, message, form=form, at=f"goal-{goal.pk}")
            return redirect_back(request, plan, goal.pk)
    listed = form.listed if form.asks_how_many else []
    shown = {"form": form, "starters": starters, "back_to": back_to(request, "plan"), "listed": listed}
    return show(request, "goals/new.html", status=status, **shown)


def begun(request, starters):
    """The first words of a starter that was tapped, with room to go on."""
    tapped = request.GET.get("start", "")
    return f"{starters[int(tapped)]} " if tapped.isdecimal() and len(tapped) < 3 and int(tapped) < len(starters) else ""


# --- the page of one goal ---


def goal(request, plan, goal):
    """One goal: my words, why, small steps, what I will use, and how it is today."""
    line_of(request, Goal, goal, to_write=False)
    return goal_page(request, goal)


def goal_page(request, code, *, status=200, **sent):
    """The page of one goal. `sent` are forms that came back with a message, by name; the others are fresh."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    found = reading.goal(code)
    typed = sent.get("words_form") or sent.get("step_form")
    if typed and (found is None or ("words_form" in sent and not found.may_change)):
        return words_alone(request, typed, status=status)
    if found is None:
        raise Http404
    words, ruler = bank(get_language()), reading.ruler_of(found)
    state_form = sent.get("state_form") or GoalStateForm(**STATE, initial={"state": found.state})
    return show(
        request,
        "goals/goal.html",
        status=status,
        reading=reading,
        goal=found,
        may_add=GOALS in request.reach.writes,
        words_form=sent.get("words_form") or GoalChangeForm(**WORDS, initial=GoalChangeForm.read(found)),
        step_form=sent.get("step_form") or StepForm(**STEP),
        uses_form=sent.get("uses_form") or uses_form(reading, found),
        ruler_form=(sent.get("ruler_form") or ruler_form(ruler)) if request.reach.opens_all else None,
        ruler_follow=follow(ruler),
        state_form=state_form,
        words=words,
        states=[
            (choice, words.goals.choices[choice.data["value"]], words.goals.choice_hints[choice.data["value"]])
            for choice in state_form["state"]
        ],
        form_error_title=NOT_SAVED,
        step_idea=step_idea(found),
        tells_of={found.anchor, *ON_A_GOALS_PAGE, *(step.anchor for step in found.steps)},
    )


def words_alone(request, form, *, status):
    """Words that came back with a message and have no place on a goal's page, where they can be mended and sent again.

    Their goal was taken out meanwhile, or made the person's own.
    """
    mine = _("Change my words") if request.reach.is_owner else _("Change what I typed")
    heading = _("Add a step") if isinstance(form, StepForm) else mine
    return show(request, "goals/words_alone.html", status=status, form=form, heading=heading, action=request.path)


def uses_form(reading, found, data=None):
    """The ticks of one goal: the strengths and needs this reader sees, those it goes with ticked."""
    linked = [str(entry.pk) for entry in [*found.uses, *found.in_the_way]]
    return UsesForm(
        data,
        **USES,
        strengths=reading.strengths,
        needs=reading.entries(Section.NEEDS),
        initial={"uses": linked, "in_the_way": linked},
    )


def ruler_form(ruler):
    """The rulers as the person left them."""
    return RulerForm(**RULER, initial={"matters": ruler.matters, "sure": ruler.sure} if ruler else None)


def follow(ruler):
    """The next question after a ruler was set, for the person alone."""
    if ruler is None or ruler.matters is None:
        return ""
    asks = bank(get_language()).rulers.matters
    return asks.zero if ruler.matters == 0 else asks.follow.format(n=ruler.matters)


def step_idea(found):
    """One of the ways to find a small step; another one with each step, so that the page is not a lesson."""
    ways = bank(get_language()).steps.helpers
    return ways[len(found.steps) % len(ways)]


# --- changes of one goal ---


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, plan, goal):
    """Change a goal's words, why it matters, or the day to look at it again.

    Its form stands on the goal's page: whoever comes to this address again, as after another language, is led there.
    """
    line = line_of(request, Goal, goal, even_gone=True)
    line.require_words_from(request.user)
    if request.method != "POST":
        return to_goal(plan, goal, "goal-words")
    form = GoalChangeForm(request.POST, **WORDS, initial=GoalChangeForm.read(line))
    if not form.is_valid():
        return goal_page(request, goal, words_form=form)
    try:
        line.rewrite(by=request.user, **form.as_change())
    except SaveIdReused:
        save_id_reused(form)
        return goal_page(request, goal, words_form=form, status=422)
    except EditConflict as conflict:
        return both(request, conflict, form=form, action=request.path, back=goal_url(plan, goal))
    take_out_draft(request, form)
    say(request, _("Saved."), form=form, at="goal-words")
    return to_goal(plan, goal, "told")


def goal_url(plan, goal):
    """Where a goal is read."""
    return reverse("goal", kwargs={"plan": plan.pk, "goal": goal})


def to_goal(plan, goal, fragment):
    """Back to a goal's page, at the place on it where something was sent from."""
    return HttpResponseRedirect(f"{goal_url(plan, goal)}#{fragment}")


def redirect_back(request, plan, goal):
    """Back to the page it was done on: the plan at this goal, looking back, or the goal itself."""
    page, fragment = back_to(request, "plan", "next", "back", "read-back"), told_or(request, f"goal-{goal}")
    if page == "read-back" and request.reach.is_owner:
        return redirect("read-back", plan=plan.pk)
    if page == "":
        return to_goal(plan, goal, fragment)
    address = reverse("back" if page == "back" else "plan", kwargs={"plan": plan.pk})
    return HttpResponseRedirect(f"{address}#{fragment}")


@require_POST
def state(request, plan, goal):
    """Say how a goal is today. None of the answers asks for a reason."""
    line = line_of(request, Goal, goal)
    line.require_pen(request.user)
    form = GoalStateForm(request.POST, **STATE)
    if not form.is_valid():
        return goal_page(request, goal, state_form=form)
    before, after = line.state, GoalState(form.cleaned_data["state"])
    getattr(line, VERBS[after])(by=request.user)
    if before != after:
        if after in CELEBRATED:
            celebrate(request, CELEBRATED[after], otherwise=_("Saved."), at=f"goal-{goal}")
        else:
            message = _("Saved. It is off your path now. You can pick it back up any time.")
            say(request, message, at=f"goal-{goal}")
        offer_undo(request, "goal-state", state=before, goal=line.pk)
    return redirect_back(request, plan, goal)


@require_POST
def move(request, plan, goal):
    """Move a goal one position earlier or later. The order is the person's alone."""
    line = line_of(request, Goal, goal)
    moved = line.move(by=request.user, earlier="earlier" in request.POST)
    say(request, _("Moved.") if moved else _("It stays where it is."), at="goal-order")
    return redirect_back(request, plan, goal)


@require_POST
def remove(request, plan, goal):
    """Take a goal out of the plan. It is kept with its steps, and can be brought back."""
    line = line_of(request, Goal, goal, even_gone=True)
    line.take_out(by=request.user)
    say(request, _("Taken out. You can bring it back."), at="goals")
    offer_undo(request, "goal-restore", goal=line.pk)
    return HttpResponseRedirect(f"{reverse('plan', kwargs={'plan': plan.pk})}#told")


@require_POST
def restore(request, plan, goal):
    """Bring back a goal that was taken out, with its steps."""
    line = line_of(request, Goal, goal, even_gone=True)
    line.bring_back(by=request.user)
    say(request, _("It is back where it was."), at=f"goal-{goal}")
    return redirect_back(request, plan, goal)


@require_POST
def uses(request, plan, goal):
    """Say which strengths this goal uses and which needs get in its way."""
    line = line_of(request, Goal, goal)
    line.require_pen(request.user)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    found = reading.goal(line.pk)
    if found is None:
        raise Http404  # taken out in this very moment
    form = uses_form(reading, found, request.POST)
    if not form.is_valid():
        return goal_page(request, goal, uses_form=form)
    # What this page does not offer stays as it is: links from other parts, and parts closed to this reader.
    line.go_with(entries=form.chosen(), among=form.own, by=request.user)
    say(request, _("Saved."), at="goal-uses")
    return to_goal(plan, goal, "told")


@require_POST
def ruler(request, plan, goal):
    """Note the person's own 0–10 rulers for a goal; nobody else ever sees them."""
    line = line_of(request, Goal, goal)
    form = RulerForm(request.POST, **RULER)
    if not form.is_valid():
        return goal_page(request, goal, ruler_form=form)
    line.measure(by=request.user, matters=form.cleaned_data["matters"], sure=form.cleaned_data["sure"])
    say(request, _("Saved. Only you can see this."), at="ruler")
    return to_goal(plan, goal, "told")
