"""PlanReading: what this reader may see of this plan, already fetched. Screen and PDF print from it.

A reading asks a fixed number of questions of the database, whatever the size of the plan.
"""

from collections import defaultdict
from functools import cache, cached_property

from peers.asking import Question, given
from recovery_plans.access import open_parts
from recovery_plans.models import (
    Action,
    Entry,
    EntryKind,
    Goal,
    GoalState,
    KeptQuestion,
    Purpose,
    Section,
    Step,
    StepState,
)
from recovery_plans.models.lines import is_typed_by
from recovery_plans.models.sharing import GOALS, GOALS_LABEL
from recovery_plans.seen import (
    EntryRead,
    EntrySeen,
    GoalRead,
    GoalSeen,
    RulerRead,
    SectionRead,
    StepRead,
    StepSeen,
    VoiceRead,
    Walker,
    voice_of,
    voice_seen,
)

__all__ = ["PlanReading", "VoiceRead", "voice_of"]

OF_A_LINE = (
    "code", "words", "detail", "language", "voice", "version", "read_back_at", "created_at", "changed_by_id",
    "changed_by__name",
)  # fmt: skip
OF_A_GOAL = (*OF_A_LINE, "state", "state_since", "look_again_on", "state_by_id", "linked_by_id")


@cache
def _entries_in(sections):
    """The entries of these sections, in the order they were said. Other sections are not fetched at all."""
    return Question(
        lambda: (
            Entry.unguarded.filter(plan=given("plan"), removed_at=None, section__in=sections)
            .order_by("created_at", "code")
            .values_list(*OF_A_LINE, "section", "kind", "prompt")
        )
    )


def _goals_with(*more):
    """The goals in the person's order; a row for each entry a goal goes with, or one row where there is none."""
    return Question(
        lambda: (
            Goal.unguarded.filter(plan=given("plan"), removed_at=None)
            .order_by("position", "created_at", "code")
            .values_list(*OF_A_GOAL, "links__entry_id", *more)
        )
    )


GOALS_OF_THE_PERSON = _goals_with("ruler__goal_id", "ruler__matters", "ruler__sure")
GOALS_FOR_OTHERS = _goals_with()
STEPS = Question(
    lambda: (
        Step.unguarded.filter(plan=given("plan"), removed_at=None)
        .order_by("goal", "position", "created_at", "code")
        .values_list(*OF_A_LINE, "goal_id", "who", "state", "state_since", "state_by_id")
    )
)


class PlanReading:
    """What one reader may see of one plan."""

    def __init__(self, plan, *, reach, reader):
        self.plan, self.reach, self.reader = plan, reach, reader
        self.person = plan.person
        self.is_owner = reach.is_owner

    # --- the profile ---

    @cached_property
    def _entries(self):
        """Every entry this reader may see, by section, in the order it was said."""
        found = defaultdict(list)
        visible = tuple(section for section in Section.values if section in self.reach.sees)
        rows = _entries_in(visible).rows(plan=self.plan.pk) if visible else []
        for line in (EntrySeen(*row) for row in rows):
            found[line.section].append(EntryRead(line, voice_seen(line), self._may_change(line)))
        return found

    def _may_change(self, line):
        """As Line.may_be_changed_by, for a line that was read."""
        if line.part not in self.reach.writes:
            return False
        return self.is_owner or is_typed_by(line, self.reader.pk)

    def _may_say(self, line, said_by):
        """As may_be_stated_by and may_be_linked_by: what the person said, only they say otherwise."""
        return self._may_change(line) and (self.is_owner or said_by != self.person.user_id)

    def section(self, section):
        section = Section(section)
        return SectionRead(
            section=section,
            entries=self._entries[section] if section in self.reach.sees else [],
            is_open=section in self.reach.sees,
            may_write=section in self.reach.writes,
            walkers_see=any(section in parts for parts in self.walkers_parts.values()),
        )

    @cached_property
    def sections(self):
        return [self.section(section) for section in Section]

    def entries(self, section, kind=None):
        """The entries of one section; with `kind`, only those ('' is plain)."""
        found = self._entries[Section(section)]
        return found if kind is None else [entry for entry in found if entry.line.kind == kind]

    @cached_property
    def vision(self):
        return self.entries(Section.VISION)

    @cached_property
    def strengths(self):
        return self.entries(Section.STRENGTHS)

    @cached_property
    def supporters(self):
        return self.entries(Section.SUPPORTERS)

    @cached_property
    def lifts(self):
        return self.entries(Section.VALUES, EntryKind.LIFTS)

    @cached_property
    def drains(self):
        return self.entries(Section.VALUES, EntryKind.DRAINS)

    @cached_property
    def other_values(self):
        return self.entries(Section.VALUES, EntryKind.PLAIN)

    @cached_property
    def from_us(self):
        return self.entries(Section.NEEDS, EntryKind.FROM_US)

    # --- the goals ---

    goals_title = GOALS_LABEL

    @cached_property
    def goals(self):
        """Every goal that was not taken out, in the person's order, with steps, links and (for the person) rulers."""
        if GOALS not in self.reach.sees:
            return []
        question = GOALS_OF_THE_PERSON if self.is_owner else GOALS_FOR_OTHERS
        goals, linked, number = {}, defaultdict(set), 0
        for row in question.rows(plan=self.plan.pk):
            facts, entry, ruler = row[: len(OF_A_GOAL)], row[len(OF_A_GOAL)], row[len(OF_A_GOAL) + 1 :]
            code = facts[0]
            linked[code].add(entry)
            if code in goals:
                continue
            line = GoalSeen(*facts)
            on_path = line.state not in (GoalState.LET_GO, GoalState.NOT_MINE)
            number += on_path
            may_state = self._may_say(line, line.state_by_id)
            goals[code] = GoalRead(
                line, number if on_path else None, voice_seen(line), self._may_change(line), may_state,
                self._may_say(line, line.linked_by_id), may_take_out=may_state,
                ruler=RulerRead(*ruler[1:]) if ruler and ruler[0] else None,
            )  # fmt: skip
        self._give_steps(goals)
        self._give_links(goals, linked)
        return list(goals.values())

    def goal(self, code):
        """One goal of these by its code; None where this reader sees none."""
        return next((goal for goal in self.goals if goal.line.pk == code), None)

    def _give_steps(self, goals):
        next_found = set()
        for row in STEPS.rows(plan=self.plan.pk) if goals else ():
            line = StepSeen(*row)
            goal = goals.get(line.goal_id)
            if goal is None:
                continue
            waits = goal.line.state == GoalState.NOW and line.state == StepState.NOT_YET
            is_next = waits and line.goal_id not in next_found
            if is_next:
                next_found.add(line.goal_id)
            may_state = self._may_say(line, line.state_by_id)
            goal.may_take_out = goal.may_take_out and may_state
            goal.steps.append(StepRead(line, voice_seen(line), is_next, self._may_change(line), may_state))

    def _give_links(self, goals, linked):
        by_code = {entry.line.pk: entry for entries in self._entries.values() for entry in entries}
        for code, goal in goals.items():
            found = [by_code[entry] for entry in linked[code] if entry in by_code]
            for entry in sorted(found, key=lambda entry: (entry.line.created_at, entry.line.pk)):
                (goal.in_the_way if entry.line.section == Section.NEEDS else goal.uses).append(entry)

    @cached_property
    def goals_reached(self):
        return [goal for goal in self.goals if goal.state == GoalState.REACHED]

    @cached_property
    def goals_on_path(self):
        """Working on it, resting and reached: what the picture shows."""
        return [goal for goal in self.goals if goal.number is not None]

    # --- who walks along, and who may see ---

    @cached_property
    def _open_parts(self):
        """What is open in this plan now; a door that has just asked is not asked again."""
        known = getattr(self.plan, "open_parts", None)
        return open_parts(self.plan) if known is None else known

    @cached_property
    def walkers(self):
        """The peer specialists who walk with the person now, longest first."""
        walking = {yes.reader: yes.reader_name for yes in self._open_parts if yes.purpose == Purpose.WALK}
        return [Walker(*walker) for walker in walking.items()]

    @cached_property
    def walkers_parts(self):
        """For each walking peer specialist, the parts they may see."""
        found = defaultdict(set)
        for yes in self._open_parts:
            if yes.purpose == Purpose.WALK and yes.action == Action.SEE:
                found[yes.reader].add(yes.part)
        return found

    @cached_property
    def kept_questions(self):
        return list(KeptQuestion.unguarded.filter(plan=self.plan).order_by("kept_at").values_list("prompt", flat=True))
