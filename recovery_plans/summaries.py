"""The one page a supervisor may see of a plan, and only with the person's yes.

Never the story, the roots, hard days or rulers: they are not fetched here at all. The page is short on purpose; what is
left out of it is said, and the person sees the very same page before saying yes.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peers.models import Person, Walk
from peers.models.organization import StaffRole
from recovery_plans.access import summaries_reached_by
from recovery_plans.models import Action, Entry, EntryKind, Goal, GoalState, Grant, Purpose, Section, Step, StepState
from recovery_plans.models.sharing import SUMMARY
from recovery_plans.reading import VoiceRead, voice_of

# What fits on one page in regular print, even when everything is as long as it may be.
VISIONS, STRENGTHS, GOALS, FROM_US, WALKERS = 1, 6, 5, 3, 4
SIGNS_OF = {"vision": 200, "strength": 90, "goal": 80, "step": 80, "from_us": 140}
SHOWN_STATES = [GoalState.NOW, GoalState.RESTING, GoalState.REACHED]


@dataclass(frozen=True)
class Said:
    """A line of the person's, on one line, perhaps shortened; with its language and its voice."""

    words: str
    language: str
    voice: VoiceRead

    @classmethod
    def of(cls, line, kind):
        return cls(words=in_short(line.words, SIGNS_OF[kind]), language=line.language, voice=voice_of(line))


@dataclass(frozen=True)
class GoalInShort:
    """A goal, its next step, and how far it has come, in words."""

    said: Said
    state: str
    next_step: Said | None
    steps_done: int
    steps: int

    @property
    def next_in_words(self):
        """What stands where a next step would, when there is none to name."""
        if self.state == GoalState.RESTING:
            return _("Resting for now")
        if self.state == GoalState.REACHED:
            return _("Reached")
        return _("The steps are done") if self.steps and self.steps == self.steps_done else _("Still to choose")

    @property
    def so_far(self):
        if not self.steps:
            return ""
        return ngettext("%(done)s of %(count)s step", "%(done)s of %(count)s steps", self.steps) % {
            "done": self.steps_done,
            "count": self.steps,
        }


@dataclass
class SummaryReading:
    """What a supervisor sees of one plan."""

    plan: object
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


def read_summary(plan):
    """The summary of one plan."""
    return read_summaries([plan])[plan.pk]


def read_summaries(plans):
    """The summaries of these plans, by the plan's code. Asks the same few questions for one plan and for many."""
    found = {plan.pk: SummaryReading(plan=plan) for plan in plans}
    _give_entries(found)
    _give_goals(found)
    _give_walkers(found)
    return found


def _give_entries(found):
    shown = Q(section__in=[Section.VISION, Section.STRENGTHS]) | Q(kind=EntryKind.FROM_US)
    rows = Entry.unguarded.filter(shown, plan__in=list(found), removed_at=None).select_related("changed_by")
    said = defaultdict(list)
    for line in rows.order_by("created_at", "code"):
        said[line.plan_id, line.section].append(line)
    for code, summary in found.items():
        summary.vision = [Said.of(line, "vision") for line in said[code, Section.VISION][:VISIONS]]
        summary.strengths = [Said.of(line, "strength") for line in said[code, Section.STRENGTHS][:STRENGTHS]]
        summary.from_us = [Said.of(line, "from_us") for line in said[code, Section.NEEDS][-FROM_US:]]
        summary.more_strengths = len(said[code, Section.STRENGTHS]) - len(summary.strengths)
        summary.more_from_us = len(said[code, Section.NEEDS]) - len(summary.from_us)


def _give_goals(found):
    shown = {"plan__in": list(found), "removed_at": None}
    steps = defaultdict(list)
    rows = Step.unguarded.filter(goal__state__in=SHOWN_STATES, goal__removed_at=None, **shown)
    for step in rows.select_related("changed_by").order_by("goal", "position", "created_at", "code"):
        steps[step.goal_id].append(step)
    goals = defaultdict(list)
    for goal in Goal.unguarded.filter(state__in=SHOWN_STATES, **shown).select_related("changed_by").order_by(
        "position", "created_at", "code"
    ):
        goals[goal.plan_id].append(goal)
    for code, summary in found.items():
        # What is on now comes first, so that it is never what is left out.
        in_order = sorted(goals[code], key=lambda goal: SHOWN_STATES.index(goal.state))
        summary.goals = [_goal_in_short(goal, steps[goal.pk]) for goal in in_order[:GOALS]]
        summary.more_goals = len(in_order) - len(summary.goals)


def _goal_in_short(goal, steps):
    waiting = (step for step in steps if step.state == StepState.NOT_YET and goal.state == GoalState.NOW)
    following = next(waiting, None)
    return GoalInShort(
        said=Said.of(goal, "goal"),
        state=goal.state,
        next_step=Said.of(following, "step") if following else None,
        steps_done=sum(step.state == StepState.DONE for step in steps),
        steps=len(steps),
    )


def _give_walkers(found):
    by_person = {summary.plan.person_id: summary for summary in found.values()}
    for walk in walks_now_of(by_person):
        summary = by_person[walk.person_id]
        if len(summary.walkers) < WALKERS:
            summary.walkers.append(walk.peer.name)


def walks_now_of(people):
    """Who walks with these people (their codes) now, longest first."""
    rows = Walk.objects.filter(person__in=list(people), ended_at=None).select_related("peer")
    return rows.order_by("started_at", "code")


def in_short(words, most):
    """Words on one line; where there are too many, the first of them and a sign that there are more."""
    said = " ".join(words.split())
    if len(said) <= most:
        return said
    end = said.rfind(" ", most * 2 // 3, most + 1)
    end = end if end > 0 else most
    while end > 1 and _is_one_sign(said[end - 1], said[end]):
        end -= 1
    return said[:end].rstrip() + "…"


def _is_one_sign(before, after):
    """Whether two neighbours are parts of what is read as one sign: a letter and its mark, an emoji family, a flag."""
    flag = "\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff"
    tone = "\U0001f3fb" <= after <= "\U0001f3ff"
    return unicodedata.category(after)[0] == "M" or "\u200d" in (before, after) or flag or tone


# --- for whom ---


def supervised_by(user):
    """The codes of the organizations whose peer specialists this user supports today."""
    return [held.organization_id for held in user.roles_now() if held.role == StaffRole.SUPERVISOR]


def printable_by(user, codes=None):
    """The live yeses that this supervisor may print now; with `codes`, only those."""
    grants = summaries_reached_by(user).filter(
        pk__in=Grant.unguarded.filter(parts__part=SUMMARY, parts__action=Action.PRINT).values("pk")
    )
    return grants if codes is None else grants.filter(pk__in=codes)


def said_no_to(user):
    """How many people who walk with someone here share no page. A number only: their plans are theirs."""
    here = supervised_by(user)
    walking = Person.objects.filter(
        pk__in=Walk.objects.filter(ended_at=None, organization__in=here).values("person"), organization__in=here
    )
    return walking.exclude(pk__in=summaries_reached_by(user).order_by().values("plan__person")).count()


def refused_to(user, codes):
    """The yeses of these codes that are not this supervisor's to print: ended, or never theirs."""
    reached = printable_by(user, codes).order_by().values("pk")
    return list(
        Grant.unguarded.filter(purpose=Purpose.SUMMARY, pk__in=codes).exclude(pk__in=reached).select_related("plan")
    )


def names_known_to(user, codes):
    """The names behind these codes, where the person once said yes to this supervisor's team; nobody else's."""
    grants = Grant.unguarded.filter(pk__in=codes, purpose=Purpose.SUMMARY, supervisors_of__in=supervised_by(user))
    return {str(grant.pk): grant.plan.person.name for grant in grants.select_related("plan__person__user")}
