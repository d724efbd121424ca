"""What every screen side by side has: the parts in a row, and which of two screens it is."""

from dataclasses import dataclass

from peers.hands import hands_of
from peers.models import PlanCard
from peers.pagination import code_in
from peers.views.redirects import back_to
from recovery_plans.sections import GOALS, GOALS_LABEL
from recovery_plans.views.drafts import hold_typed
from recovery_plans.views.lines import show


@dataclass(frozen=True)
class Chapter:
    """One part in the row of parts: how many answers it has, or that it is closed."""

    title: str
    slug: str
    answers: int
    is_open: bool
    is_current: bool


def page(request, name, **shown):
    """A screen for two; in the person's hands the same one for them alone: larger, one thing at a time."""
    folder = "together" if hands_of(request) is None else "hands"
    return show(request, f"{folder}/{name}.html", **shown)


def chapters(reading, current):
    """The parts of the profile and the goals, in any order. A part without answers says nothing of it."""
    found = [
        Chapter(read.title, read.slug, len(read.entries), read.is_open, read.section == current)
        for read in reading.sections
    ]
    is_open = GOALS in reading.reach.sees
    goals = reading.plan.count_goals_on_path() if is_open else 0
    return [*found, Chapter(GOALS_LABEL, GOALS, goals, is_open, current == GOALS)]


def hold_goal_typed(request):
    """A break, or the device is handed over: without script what was typed of a goal or a step comes along.

    It waits as a draft, in the box it was typed in. Raises ValidationError for what cannot be kept.
    """
    goal = code_in(request.GET.get("goal"))
    if "save_id" in request.POST:
        hold_typed(request, f"goals/{goal}/steps/add" if goal else "goals/new")


def goes_on_beside(request):
    """Whether this was begun on a screen for two, and so goes on there. The person alone has pages of their own."""
    return back_to(request, "together") != "" and not request.reach.is_owner


def may_make_own_words(request):
    """Whether the person may have own words here without showing who they are: nothing of theirs alone is there yet."""
    person = request.plan.person
    if hands_of(request) is None or request.reach.opens_all or person.user.roles_now():
        return False
    return not PlanCard.had_a_way_of_their_own(person)
