"""The one page a supervisor may see of a plan, and only with the person's yes.

Never the story, where the person comes from, hard days or rulers: they are not fetched here at all. The page is short
on purpose; what is left out of it is said, and the person sees the very same page before saying yes.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import Exists, OuterRef

from peers.models import Walk
from peers.models.organization import StaffRole
from recovery_plans.access import summaries_reached_by
from recovery_plans.line_readings import (
    ENTRY_COLUMNS,
    GOAL_COLUMNS,
    STEP_COLUMNS,
    EntryReading,
    GoalReading,
    StepReading,
    next_step_of,
)
from recovery_plans.models import Action, Entry, Goal, GoalState, Grant, Purpose, Section, Step
from recovery_plans.models.sharing import SUMMARY
from recovery_plans.sections import stands_on_summary
from recovery_plans.summary_room import FROM_US, GOAL, STEP, STRENGTH, VISION, fill, shortened

WALKERS = 4
SHOWN_STATES = [GoalState.NOW, GoalState.RESTING, GoalState.REACHED]


@dataclass
class SummaryReading:
    """What a supervisor sees of one plan."""

    plan: object
    organization: object = None  # whose supervisors read it, where that is known
    vision: list = field(default_factory=list)
    strengths: list = field(default_factory=list)
    goals: list = field(default_factory=list)
    walkers: list = field(default_factory=list)  # names of peer specialists
    from_us: list = field(default_factory=list)
    more_strengths: int = 0
    more_goals: int = 0
    more_from_us: int = 0

    @property
    def name(self):
        return self.plan.person.name

    @property
    def known_by(self):
        """What tells the person from another of the same name."""
        return self.plan.person.known_by


def read_summary(plan, *, grant=None, organization=None):
    """The summary of one plan, as this yes shows it; without one, as a yes to the person's own organization would."""
    return read_summaries([plan], grants=[grant] if grant else [], organization=organization)[plan.pk]


def read_summaries(plans, *, grants=(), organization=None):
    """The summaries of these plans, by the plan's code. Asks the same few questions for one plan and for many.

    Of those who walk along, only the ones of the organization that reads it are named.
    """
    read_by = {plan.pk: plan.person.organization_id for plan in plans}
    read_by |= {grant.plan_id: grant.supervisors_of_id for grant in grants}
    organizations = {grant.plan_id: grant.supervisors_of for grant in grants}
    found = {
        plan.pk: SummaryReading(plan=plan, organization=organizations.get(plan.pk, organization)) for plan in plans
    }
    _give_entries(found)
    _give_goals(found)
    _give_walkers(found, read_by)
    for summary in found.values():
        fill(summary, goals=summary.goals, strengths=summary.strengths, from_us=summary.from_us)
    return found


def _give_entries(found):
    entries = Entry.unguarded.filter(stands_on_summary(), plan__in=list(found), removed_at=None).order_by(
        "created_at", "code"
    )
    lines = defaultdict(list)
    for row in entries.values_list("plan_id", *ENTRY_COLUMNS, named=True):
        lines[row.plan_id, row.section].append(EntryReading.of(row))
    for code, summary in found.items():
        summary.vision = [shortened(line, VISION) for line in lines[code, Section.VISION][:1]]
        summary.strengths = [shortened(line, STRENGTH) for line in lines[code, Section.STRENGTHS]]
        summary.from_us = [shortened(line, FROM_US) for line in lines[code, Section.NEEDS]]


def _give_goals(found):
    shown = {"plan__in": list(found), "removed_at": None}
    steps = Step.unguarded.filter(goal__state__in=SHOWN_STATES, goal__removed_at=None, **shown)
    steps_of = defaultdict(list)
    for row in steps.order_by("position", "created_at", "code").values_list(*STEP_COLUMNS, named=True):
        steps_of[row.goal_id].append(row)
    goals = Goal.unguarded.filter(state__in=SHOWN_STATES, **shown).order_by("position", "created_at", "code")
    goals_of = defaultdict(list)
    for row in goals.values_list("plan_id", *GOAL_COLUMNS, named=True):
        goals_of[row.plan_id].append(row)
    for code, summary in found.items():
        # What is on now comes first, so that it is never what is left out.
        in_order = sorted(goals_of[code], key=lambda row: SHOWN_STATES.index(row.state))
        summary.goals = [_goal_in_short(row, steps_of[row.code]) for row in in_order]


def _goal_in_short(row, step_rows):
    next_step = next_step_of(step_rows, row.state)
    steps = [shortened(StepReading.of(step, is_next=step.code == next_step), STEP) for step in step_rows]
    return shortened(GoalReading.of(row, steps=steps), GOAL)


def _give_walkers(found, read_by):
    by_person = {summary.plan.person_id: summary for summary in found.values()}
    for walk in walks_now_of(by_person):
        summary = by_person[walk.person_id]
        if walk.organization_id == read_by[summary.plan.pk] and len(summary.walkers) < WALKERS:
            summary.walkers.append(walk.peer.name)


def walks_now_of(people):
    """Who walks with these people (their codes) now, longest first."""
    rows = Walk.objects.filter(person__in=list(people), ended_at=None).select_related("peer")
    return rows.order_by("started_at", "code")


# --- for whom ---


def supervised_by(user):
    """The codes of the organizations whose peer specialists this user supports today."""
    return [held.organization_id for held in user.roles_now() if held.role == StaffRole.SUPERVISOR]


def printable_by(user, codes=None):
    """The grants in force that this supervisor may print by now; with `codes`, only those."""
    grants = summaries_reached_by(user).filter(
        pk__in=Grant.unguarded.filter(parts__part=SUMMARY, parts__action=Action.PRINT).values("pk")
    )
    return grants if codes is None else grants.filter(pk__in=codes)


def of_those_who_walk_with(grants, peer):
    """Of these yeses, those of people with whom this peer specialist of the same organization walks now."""
    walks = Walk.objects.filter(peer=peer, ended_at=None, organization=OuterRef("supervisors_of"))
    return grants.filter(Exists(walks.filter(person=OuterRef("plan__person"))))


def ever_said_to(user):
    """The yeses that people ever said to this supervisor's team, those that have ended too: codes, never a page."""
    return Grant.unguarded.filter(purpose=Purpose.SUMMARY, supervisors_of__in=supervised_by(user))


def refused_to(user, codes):
    """The yeses of these codes that are not this supervisor's to print: ended, or never theirs."""
    reached = printable_by(user, codes).order_by().values("pk")
    return list(
        Grant.unguarded.filter(purpose=Purpose.SUMMARY, pk__in=codes).exclude(pk__in=reached).select_related("plan")
    )


def names_known_to(user, codes, *, name_of=attrgetter("name_for_staff")):
    """The names behind these codes, where the person once said yes to this supervisor's team; nobody else's."""
    grants = ever_said_to(user).filter(pk__in=codes).select_related("plan__person__user")
    return {str(grant.pk): name_of(grant.plan.person) for grant in grants}
