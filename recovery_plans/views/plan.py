"""The plan on one page."""

from collections import namedtuple

from django.utils.translation import get_language, ngettext

from recovery_plans.models import GoalState, Section
from recovery_plans.path import Path
from recovery_plans.picture import posts_to_draw
from recovery_plans.plan_reading import PlanReading
from recovery_plans.prompts import bank
from recovery_plans.review import review_of
from recovery_plans.sections import FIRST_QUESTIONS, GOALS, SHORT_ROWS
from recovery_plans.views.lines import show, take_undo
from recovery_plans.views.profile import part_rows

# A vision longer than this stands above the picture instead of over it.
FITS_THE_PICTURE = 90
# How many lines of a list stand on the plan page; the others are one tap away, in a fold.
VISION_IN_SIGHT, STRENGTHS_IN_SIGHT, SUPPORTERS_IN_SIGHT = 1, 3, 1
FirstQuestion = namedtuple("FirstQuestion", "section words")
Folded = namedtuple("Folded", "first rest")


def plan(request, plan):
    """The whole plan as this reader may see it, the person's own words first."""
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    rows = {row.section.section: row for row in part_rows(reading)}
    goals = reading.goals_on_path
    undo = take_undo(request)
    if plan.review_asked_at and not request.reach.is_owner and not plan.review_seen_by_id:
        plan.see_review(by=request.user)
    just_done = step_just_done(goals, undo)
    in_sight = goals if request.GET.get("goals") == "all" else posts_to_draw(goals)
    return show(
        request,
        "plan/plan.html",
        reading=reading,
        review=review_of(reading),
        path=Path(reading),
        vision=folded(reading.vision, VISION_IN_SIGHT),
        long_vision=not fits_the_picture(reading.vision),
        strengths=folded(reading.strengths, STRENGTHS_IN_SIGHT),
        supporters=folded(reading.supporters, SUPPORTERS_IN_SIGHT),
        marks=kinds_of_marks(reading),
        tells_of={line.anchor for goal in in_sight for line in (goal, *goal.steps)} | {"next", "goals"},
        undo=undo,
        just_done=just_done,
        next_up=next((goal for goal in goals if goal.next_step), None),
        goals_open=[on_card(goal, just_done) for goal in in_sight if goal.state != GoalState.REACHED],
        goals_reached=[on_card(goal, just_done) for goal in in_sight if goal.state == GoalState.REACHED],
        goals_further=len(goals) - len(in_sight),
        walking_along=walking_along(reading),
        hard_days=rows[Section.HARD_DAYS],
        values=rows[Section.VALUES],
        shortly=[rows[section] for section in SHORT_ROWS],
        may_add_goals=GOALS in request.reach.writes,
        first_questions=first_questions() if is_new(reading) else [],
    )


def folded(lines, in_sight):
    """The first lines of a list, and those that are folded away. One alone is never worth a fold."""
    if len(lines) <= in_sight + 1:
        return Folded(lines, [])
    return Folded(lines[:in_sight], lines[in_sight:])


def kinds_of_marks(reading):
    """Which quiet marks there are among the lines of the plan page."""
    lines = [*reading.vision, *reading.strengths, *reading.supporters, *reading.entries(Section.VALUES)]
    lines += reading.entries(Section.HARD_DAYS)
    for goal in reading.goals_on_path:
        lines += [goal, *goal.steps, *goal.uses, *goal.in_the_way]
    return {line.voice.kind for line in lines if line.voice.is_marked}


def step_just_done(goals, undo):
    """The step that was done a moment ago, which the way back names; None where it was something else."""
    steps = (step for goal in goals for step in goal.steps)
    return next((step for step in steps if undo and step.is_done and str(step.code) == undo.get("step")), None)


def on_card(goal, just_done=None):
    """A goal as its card shows it: what is done is folded away, the steps to come are in sight.

    In the fold are all steps of a reached goal, and the done ones of a goal that is on now; what was done a moment ago
    stays in sight. A resting goal shows none; they are on its own page.
    """
    done, in_sight = [], goal.steps
    if goal.state == GoalState.RESTING:
        in_sight = []
    elif goal.state == GoalState.REACHED:
        done, in_sight = goal.steps, []
    else:
        done = [step for step in goal.steps if step.is_done and step is not just_done]
        in_sight = [step for step in goal.steps if step not in done]
    lists = [{"steps": done, "in_words": how_many(done, goal)}] if done else []
    return {"goal": goal, "lists": [*lists, {"steps": in_sight}] if in_sight else lists}


def how_many(steps, goal):
    """What a fold of steps says: those of a reached goal are its steps, whether each was done or not."""
    if goal.state == GoalState.REACHED:
        return ngettext("%(count)s step", "%(count)s steps", len(steps)) % {"count": len(steps)}
    return ngettext("%(count)s step done", "%(count)s steps done", len(steps)) % {"count": len(steps)}


def walking_along(reading):
    """The names of those who walk with the person, each with the language it was written in ("" for a peer's own)."""
    names = [(walker.name, "") for walker in reading.walkers]
    return [*names, *((entry.words.strip(), entry.language) for entry in reading.supporters)]


def fits_the_picture(vision):
    """Whether the vision is short enough to stand over the picture without covering the path."""
    return len(vision) <= 1 and all(len(entry.words) <= FITS_THE_PICTURE for entry in vision)


def is_new(reading):
    """Whether nothing has been said yet that this reader may see."""
    return not reading.goals and not any(section.entries for section in reading.sections)


def first_questions():
    """The questions a new plan starts with: something good first, and none that is hard to hear."""
    words = bank(get_language())
    found = []
    for section in FIRST_QUESTIONS:
        prompt = next(prompt for prompt in words.section(section).prompts if not prompt.gentle)
        found.append(FirstQuestion(section=section, words=prompt.text))
    return found
