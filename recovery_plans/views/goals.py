"""Goals: what the person wants, how it is today, and what goes with it."""

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peers.views.redirects import back_to, post_only
from recovery_plans.forms.goals import GoalChangeForm, GoalForm, GoalStateForm, RulerForm
from recovery_plans.models import EditConflict, Goal, GoalState, SaveIdReused
from recovery_plans.plan_reading import PlanReading
from recovery_plans.sections import GOALS
from recovery_plans.views.goal_pages import (
    RULER,
    STATE,
    WORDS,
    begun,
    goal_page,
    goal_url,
    new_goal_page,
    redirect_back,
    ticks_of,
    to_goal,
)
from recovery_plans.views.lines import both, celebrate, line_of, offer_undo, save_id_reused, say, take_out_draft

VERBS = {
    GoalState.NOW: "pick_up",
    GoalState.RESTING: "rest",
    GoalState.REACHED: "reach",
    GoalState.LET_GO: "let_go",
    GoalState.NOT_MINE: "disown",
}
# What is said to the person when a goal becomes this; celebrations come from the bank.
CELEBRATED = {GoalState.NOW: "restarted", GoalState.RESTING: "rested", GoalState.REACHED: "goal_reached"}


# --- a new goal ---


def new(request, plan):
    """Write down a new goal; why and the first steps can stay blank."""
    request.reach.require(GOALS, to_write=True)
    form = GoalForm(request.POST if request.method == "POST" else None, initial={"words": begun(request)})
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
    return new_goal_page(request, form, status=status)


# --- the page of one goal ---


def goal(request, plan, goal):
    """One goal: my words, why, small steps, what I will use, and how it is today."""
    line_of(request, Goal, goal, to_write=False)
    return goal_page(request, goal)


# --- changes of one goal ---


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, plan, goal):
    """Change a goal's words, why it matters, or the day to look at it again.

    Its form stands on the goal's page: whoever comes to this address again, as after another language, is led there.
    """
    line = line_of(request, Goal, goal, even_gone=True)
    line.require_words_from(request.user)
    if request.method != "POST":
        return to_goal(request, plan, goal, "goal-words")
    form = GoalChangeForm(request.POST, **WORDS, initial=GoalChangeForm.read(line))
    if not form.is_valid():
        return goal_page(request, goal, words_form=form)
    try:
        line.rewrite(by=request.user, **form.as_change())
    except SaveIdReused:
        save_id_reused(form)
        return goal_page(request, goal, words_form=form, status=422)
    except EditConflict as conflict:
        return both(request, conflict, form=form, action=request.path, back=goal_url(request, plan, goal))
    take_out_draft(request, form)
    say(request, _("Saved."), form=form, at="goal-words")
    if back_to(request, "read-back"):
        return redirect_back(request, plan, goal)
    return to_goal(request, plan, goal, "told")


@post_only
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


@post_only
def move(request, plan, goal):
    """Move a goal one position earlier or later. The order is the person's alone."""
    line = line_of(request, Goal, goal)
    moved = line.move(by=request.user, earlier="earlier" in request.POST)
    say(request, _("Moved.") if moved else _("It stays where it is."), at="goal-order")
    return redirect_back(request, plan, goal)


@post_only
def remove(request, plan, goal):
    """Take a goal out of the plan. It is kept with its steps, and can be brought back."""
    line = line_of(request, Goal, goal, even_gone=True)
    line.take_out(by=request.user)
    say(request, _("Taken out. You can bring it back."), at="goals")
    offer_undo(request, "goal-restore", goal=line.pk)
    return HttpResponseRedirect(f"{reverse('plan', kwargs={'plan': plan.pk})}#told")


@post_only
def restore(request, plan, goal):
    """Bring back a goal that was taken out, with its steps."""
    line = line_of(request, Goal, goal, even_gone=True)
    line.bring_back(by=request.user)
    say(request, _("It is back where it was."), at=f"goal-{goal}")
    return redirect_back(request, plan, goal)


@post_only
def uses(request, plan, goal):
    """Say which strengths this goal uses and which needs get in its way."""
    line = line_of(request, Goal, goal)
    line.require_pen(request.user)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    found = reading.goal(line.pk)
    if found is None:
        raise Http404  # taken out in this very moment
    form = ticks_of(reading, found, request.POST)
    if not form.is_valid():
        return goal_page(request, goal, uses_form=form)
    # What this page does not offer stays as it is: links from other parts, and parts closed to this reader.
    line.go_with(entries=form.chosen(), among=form.own, by=request.user)
    say(request, _("Saved."), at="goal-uses")
    return redirect_back(request, plan, goal)


@post_only
def ruler(request, plan, goal):
    """Note the person's own 0–10 rulers for a goal; nobody else ever sees them."""
    line = line_of(request, Goal, goal)
    form = RulerForm(request.POST, **RULER)
    if not form.is_valid():
        return goal_page(request, goal, ruler_form=form)
    line.measure(by=request.user, matters=form.cleaned_data["matters"], sure=form.cleaned_data["sure"])
    say(request, _("Saved. Only you can see this."), at="ruler")
    return to_goal(request, plan, goal, "told")
