"""PlanReading: what this reader may see of this plan, already fetched. Screen and PDF print from it.

A reading asks the database the same few times, whatever the size of the plan.
"""

from collections import defaultdict
from functools import cached_property

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recovery_plans.access import open_parts
from recovery_plans.line_readings import (
    ENTRY_COLUMNS,
    GOAL_COLUMNS,
    STEP_COLUMNS,
    EntryReading,
    GoalReading,
    SectionReading,
    StepReading,
    next_step_of,
)
from recovery_plans.models import (
    Entry,
    EntryKind,
    Goal,
    GoalState,
    PromptForLater,
    Ruler,
    Section,
    Step,
    StepState,
)
from recovery_plans.models.goals import GoalLink
from recovery_plans.models.lines import is_typed_by
from recovery_plans.sections import GOALS, GOALS_LABEL, PRIVATE_SECTIONS, SECTIONS
from recovery_plans.who_sees import PartReaders

OFF_PATH = (GoalState.LET_GO, GoalState.NOT_MINE)


class PlanReading:
    """What one reader may see of one plan."""

    def __init__(self, plan, *, reach, reader):
        self.plan, self.reach, self.reader = plan, reach, reader
        self._reader_code = reader.pk  # asked for with every line; a request's user is a lazy object
        self.person = plan.person
        self.is_owner = reach.is_owner

    # --- the profile ---

    @cached_property
    def _entries(self):
        """Every entry this reader may see, by section, in the order it was said. Closed sections are not fetched."""
        found = defaultdict(list)
        visible = [section for section in Section.values if section in self.reach.sees]
        entries = Entry.unguarded.filter(plan=self.plan, removed_at=None, section__in=visible)
        for row in entries.order_by("created_at", "code").values_list(*ENTRY_COLUMNS, named=True):
            found[row.section].append(EntryReading.of(row, may_change=self._may_change(row, part=row.section)))
        return found

    def _may_change(self, row, *, part):
        """As Line.may_be_changed_by, for a row of a line."""
        if part not in self.reach.writes:
            return False
        return self.is_owner or is_typed_by(row, self._reader_code)

    def section(self, section):
        section = Section(section)
        return SectionReading(
            section=section,
            entries=self._entries[section] if section in self.reach.sees else [],
            is_open=section in self.reach.sees,
            may_write=section in self.reach.writes,
            readers=self.readers.of(section),
        )

    @cached_property
    def sections(self):
        return [self.section(row.section) for row in SECTIONS]

    def entries(self, section, kind=None):
        """The entries of one section; with `kind`, only those ('' is plain)."""
        found = self._entries[Section(section)]
        return found if kind is None else [entry for entry in found if entry.kind == kind]

    @cached_property
    def entries_wait(self):
        """Whether any entry waits to be read back, but in the parts that open only with the person's own words."""
        open_to_both = [entries for section, entries in self._entries.items() if section not in PRIVATE_SECTIONS]
        return any(entry.voice.is_marked for entries in open_to_both for entry in entries)

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
        """Every goal that was not taken out, in the person's order, with its steps and what goes with it."""
        if GOALS not in self.reach.sees:
            return []
        goals = Goal.unguarded.filter(plan=self.plan, removed_at=None).order_by("position", "created_at", "code")
        rows = list(goals.values_list(*GOAL_COLUMNS, named=True))
        if not rows:
            return []
        steps, linked = self._step_rows(), self._linked_entries()
        found, number = [], 0
        for row in rows:
            number += row.state not in OFF_PATH
            found.append(
                self._goal(
                    row,
                    number=None if row.state in OFF_PATH else number,
                    steps=self._steps(steps[row.code], goal_state=row.state),
                    linked=linked[row.code],
                )
            )
        return found

    def goal(self, code):
        """One goal of these by its code; None where this reader sees none."""
        return next((goal for goal in self.goals if goal.code == code), None)

    def ruler_of(self, goal):
        """The person's own 0–10 rulers for a goal, or None. Only a reading in a session of their own has them."""
        return Ruler.unguarded.filter(goal=goal.code, goal__plan=self.plan).first() if self.reach.opens_all else None

    def _goal(self, row, *, number, steps, linked):
        may_state = self._may_say(row, row.state_by_id)
        return GoalReading.of(
            row,
            number=number,
            may_change=self._may_change(row, part=GOALS),
            may_state=may_state,
            may_link=self._may_say(row, row.linked_by_id),
            may_take_out=may_state and all(step.may_state for step in steps),
            steps=steps,
            uses=[entry for entry in linked if entry.section != Section.NEEDS],
            in_the_way=[entry for entry in linked if entry.section == Section.NEEDS],
        )

    def _may_say(self, row, last_by):
        """As may_be_stated_by and may_be_linked_by: what the person said last, only they say otherwise."""
        return self._may_change(row, part=GOALS) and (self.is_owner or last_by != self.person.user_id)

    def _step_rows(self):
        """The steps of each goal, in order, by the goal's code."""
        found = defaultdict(list)
        steps = Step.unguarded.filter(plan=self.plan, removed_at=None).order_by("position", "created_at", "code")
        for row in steps.values_list(*STEP_COLUMNS, named=True):
            found[row.goal_id].append(row)
        return found

    def _steps(self, rows, *, goal_state):
        next_step = next_step_of(rows, goal_state)
        found = []
        for row in rows:
            may_state = self._may_say(row, row.state_by_id)
            is_open = goal_state == GoalState.NOW and row.state != StepState.DONE
            found.append(
                StepReading.of(
                    row,
                    is_next=row.code == next_step,
                    may_change=self._may_change(row, part=GOALS),
                    may_state=may_state,
                    offers_done=may_state and is_open,
                )
            )
        return found

    def _linked_entries(self):
        """What goes with each goal, of the entries this reader may see, in the order they were said."""
        entries = {entry.code: entry for entries in self._entries.values() for entry in entries}
        found = defaultdict(list)
        for goal, entry in GoalLink.unguarded.filter(goal__plan=self.plan).values_list("goal_id", "entry_id"):
            if entry in entries:
                found[goal].append(entries[entry])
        for linked in found.values():
            linked.sort(key=lambda entry: (entry.created_at, entry.code))
        return found

    @cached_property
    def goals_on_path(self):
        """Working on it, resting and reached: what the picture shows."""
        return [goal for goal in self.goals if goal.number is not None]

    @cached_property
    def goals_wait(self):
        """Whether any goal or step waits to be read back."""
        return any(line.voice.is_marked for goal in self.goals_on_path for line in (goal, *goal.steps))

    # --- who walks along, and who may see ---

    @cached_property
    def readers(self):
        """Who can see each part now, besides the person; a door that has just asked for it is not asked again."""
        known = getattr(self.plan, "open_parts", None)
        return PartReaders(open_parts(self.plan) if known is None else known)

    @cached_property
    def walkers(self):
        """The peer specialists who walk with the person now, longest first."""
        return self.readers.walkers

    @cached_property
    def ideas_from(self):
        """To the person, who has an idea for them that waits; "" where nobody has."""
        names = self.readers.with_ideas(self.reach) if self.is_owner else []
        if not names:
            return ""
        some = {"names": get_text_list(names, _("and"))}
        return ngettext("%(names)s has an idea for you", "%(names)s have ideas for you", len(names)) % some

    @cached_property
    def prompts_for_later(self):
        return list(
            PromptForLater.unguarded.filter(plan=self.plan).order_by("kept_at").values_list("prompt", flat=True)
        )
