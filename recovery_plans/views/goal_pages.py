"""The pages that goals stand on: one goal, a new one, and both within the screen for two; and the way back to them."""

from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from peers.views.redirects import back_to
from recovery_plans.forms.goals import GoalChangeForm, GoalForm, GoalStateForm, RulerForm, UsesForm
from recovery_plans.forms.steps import StepForm
from recovery_plans.ideas import read_ideas, waiting_at
from recovery_plans.models import Section
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import bank
from recovery_plans.sections import GOALS, GOALS_LABEL
from recovery_plans.views.beside import chapters, goes_on_beside, may_make_own_words, page
from recovery_plans.views.lines import NOT_SAVED, read_back_url, show, told_or

# Several forms stand on the page of one goal; each has ids of its own.
WORDS, STEP, USES, RULER, STATE = ({"auto_id": f"id_{form}_%s"} for form in ("words", "step", "uses", "ruler", "state"))
# Where a goal's page tells what was done with anything but a step.
ON_A_GOALS_PAGE = ("goal-words", "steps", "goal-uses", "ruler", "goal-order")


# --- a new goal ---


def new_goal_page(request, form, *, status=200):
    """The page of a new goal, or the screen for two that it is written on."""
    if goes_on_beside(request):
        return goals_beside(request, form=form, status=status)
    shown = {"form": form, "starters": starters(), "listed": listed_in(form), "back_to": back_to(request, "plan")}
    return show(request, "goals/new.html", status=status, **shown)


def starters():
    """A few words that a goal can begin with."""
    return [starter.rstrip(" .…") for starter in bank(get_language()).goals.starters]


def listed_in(form):
    """The steps of a list that stands in one of its boxes, where it is to be said how many they are."""
    return form.listed if form.asks_how_many else []


def begun(request):
    """The first words of a starter that was tapped, with room to go on."""
    tapped, offered = request.GET.get("start", ""), starters()
    return f"{offered[int(tapped)]} " if tapped.isdecimal() and len(tapped) < 3 and int(tapped) < len(offered) else ""


# --- one goal ---


def goal_page(request, code, *, status=200, **sent):
    """The page of one goal. `sent` are forms that came back with a message, by name; the others are fresh."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    found = reading.goal(code)
    typed = sent.get("words_form") or sent.get("step_form")
    if typed and (found is None or ("words_form" in sent and not found.may_change)):
        return words_alone(request, typed, status=status)
    if found is None:
        raise Http404
    if goes_on_beside(request) and sent.keys() <= {"step_form", "uses_form"}:
        return goal_beside(request, reading, found, status=status, **sent)
    ruler = reading.ruler_of(found)
    state_form = sent.get("state_form") or GoalStateForm(**STATE, initial={"state": found.state})
    choices, hints = bank(get_language()).goals.choices, bank(get_language()).goals.choice_hints
    return show(
        request,
        "goals/goal.html",
        status=status,
        **steps_and_links(request, reading, found, **sent),
        words_form=sent.get("words_form") or GoalChangeForm(**WORDS, initial=GoalChangeForm.read(found)),
        ruler_form=(sent.get("ruler_form") or ruler_form(ruler)) if request.reach.opens_all else None,
        ruler_follow=follow(ruler),
        words_back_to=back_to(request, "read-back"),
        state_form=state_form,
        states=[(choice, choices[choice.data["value"]], hints[choice.data["value"]]) for choice in state_form["state"]],
        ideas=ideas_of(request, found),
        tells_of={found.anchor, *ON_A_GOALS_PAGE, *(step.anchor for step in found.steps)},
    )


def ideas_of(request, found):
    """What somebody offers the person for this goal, and waits for their answer; for nobody else to read."""
    if not request.reach.is_owner:
        return []
    return waiting_at(read_ideas(request.plan, reach=request.reach, parts=[GOALS]), found)


def steps_and_links(request, reading, found, *, step_form=None, uses_form=None, **_others):
    """What both pages of one goal show: its steps, the box for one more, and what goes with it."""
    return {
        "reading": reading,
        "goal": found,
        "may_add": GOALS in request.reach.writes,
        "step_form": step_form or StepForm(**STEP),
        "uses_form": uses_form or ticks_of(reading, found),
        "words": bank(get_language()),
        "form_error_title": NOT_SAVED,
        "step_idea": step_idea(found),
    }


def words_alone(request, form, *, status):
    """Words that came back with a message and have no place on a goal's page, where they can be mended and sent again.

    Their goal was taken out meanwhile, or made the person's own.
    """
    mine = _("Change my words") if request.reach.is_owner else _("Change what I typed")
    heading = _("Add a step") if isinstance(form, StepForm) else mine
    return show(request, "goals/words_alone.html", status=status, form=form, heading=heading, action=request.path)


def ticks_of(reading, found, data=None):
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


# --- side by side ---


def goals_beside(request, *, form=None, status=200):
    """What the person wants: a new goal is written here, beside those there are."""
    reading = PlanReading(request.plan, reach=request.reach, reader=request.user)
    shown = {"reading": reading, "chapters": chapters(reading, GOALS), "part_title": GOALS_LABEL}
    if GOALS not in request.reach.sees:
        return page(request, "closed", **shown, may_make=may_make_own_words(request))
    form = form or GoalForm(initial={"words": begun(request)})
    if not request.reach.is_owner:
        form.type_for(reading.person)
    return page(
        request,
        "goals",
        status=status,
        **shown,
        words=bank(get_language()).goals,
        starters=starters(),
        form=form,
        listed=listed_in(form),
        box="new-goal",
        may_add=GOALS in request.reach.writes,
    )


def goal_beside(request, reading, found, *, status=200, **sent):
    """One goal, open within the screen for two: its steps and what goes with it, beside what the person wants."""
    if found is None:
        raise Http404  # taken out in this very moment
    return page(
        request,
        "goal",
        status=status,
        chapters=chapters(reading, GOALS),
        part_title=GOALS_LABEL,
        back_to="together",
        box="new-step",
        tells_of={found.anchor, "steps", "goal-uses", *(step.anchor for step in found.steps)},
        **steps_and_links(request, reading, found, **sent),
    )


# --- the way back ---


def goal_url(request, plan, goal):
    """Where a goal is read: its own page, or the screen for two."""
    name = "together-goal" if goes_on_beside(request) else "goal"
    return reverse(name, kwargs={"plan": plan.pk, "goal": goal})


def to_goal(request, plan, goal, fragment):
    """Back to a goal's page, at the place on it where something was sent from."""
    return HttpResponseRedirect(f"{goal_url(request, plan, goal)}#{fragment}")


def redirect_back(request, plan, goal, *, step=None):
    """Back to the page it was done on: the plan at this goal, looking back, reading back with this line, or the goal
    itself.
    """
    back, fragment = back_to(request, "plan", "next", "back", "read-back"), told_or(request, f"goal-{goal}")
    if back == "read-back":
        if not request.reach.is_owner:
            return to_goal(request, plan, goal, fragment)
        return redirect(read_back_url(plan, step or goal))
    if back == "":
        return to_goal(request, plan, goal, fragment)
    address = reverse("back" if back == "back" else "plan", kwargs={"plan": plan.pk})
    return HttpResponseRedirect(f"{address}#{fragment}")
