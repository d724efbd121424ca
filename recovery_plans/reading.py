"""PlanReading: what this reader may see of this plan, already fetched. Screen, PDF and summary print from it.

A reading asks a fixed number of questions of the database, whatever the size of the plan.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from recovery_plans.access import grants_now
from recovery_plans.models import EntryKind, GoalState, KeptQuestion, Section, StepState, Voice
from recovery_plans.models.goals import GoalLink
from recovery_plans.models.sharing import GOALS


@dataclass
class StepRead:
    """A step as a reader meets it."""

    line: object
    voice: "VoiceRead"
    is_next: bool
    may_change: bool

    @property
    def is_done(self):
        return self.line.state == StepState.DONE

    @property
    def cannot_yet(self):
        return self.line.state == StepState.CANNOT_YET


@dataclass
class GoalRead:
    """A goal as a reader meets it: its steps in order, what it uses, what is in its way."""

    line: object
    number: int | None  # its place on the path; None once let go
    voice: "VoiceRead"
    may_change: bool
    steps: list = field(default_factory=list)
    uses: list = field(default_factory=list)
    in_the_way: list = field(default_factory=list)
    ruler: object = None  # only ever for the person

    @property
    def state(self):
        return self.line.state

    @property
    def next_step(self):
        return next((step for step in self.steps if step.is_next), None)

    @property
    def steps_done(self):
        return sum(step.is_done for step in self.steps)


@dataclass(frozen=True)
class VoiceRead:
    """Whose words a line is, for the page to print: kind is 'own', 'typed', 'paper' or 'read_back'."""

    kind: str
    by_name: str

    @property
    def is_marked(self):
        """Whether the line still waits for the person to say that it is right."""
        return self.kind in ("typed", "paper")


@dataclass
class EntryRead:
    line: object
    voice: VoiceRead
    may_change: bool


@dataclass
class SectionRead:
    """One part of the profile; `is_open` says whether this reader may see it."""

    section: Section
    entries: list
    is_open: bool
    may_write: bool
    walkers_see: bool  # whether the one who walks with the person may open it

    @property
    def title(self):
        return self.section.label

    @property
    def slug(self):
        return self.section.slug


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
        rows = self.plan.entries.filter(removed_at=None, section__in=self._visible_sections)
        found = defaultdict(list)
        for line in rows.select_related("changed_by").order_by("created_at", "code"):
            line.plan = self.plan
            found[line.section].append(self._read_entry(line))
        return found

    @property
    def _visible_sections(self):
        return [section for section in Section.values if section in self.reach.sees]

    def _read_entry(self, line):
        return EntryRead(line=line, voice=voice_of(line), may_change=self._may_change(line))

    def _may_change(self, line):
        return line.part in self.reach.writes and line.may_be_changed_by(self.reader)

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

    @cached_property
    def goals(self):
        """Every goal that was not taken out, in the person's order, with steps, links and (for the person) rulers."""
        if GOALS not in self.reach.sees:
            return []
        rows = self.plan.goals.filter(removed_at=None).select_related("changed_by")
        if self.is_owner:
            rows = rows.select_related("changed_by", "ruler")
        rows = rows.order_by("position", "created_at", "code")
        goals, number = [], 0
        for line in rows:
            line.plan = self.plan
            on_path = line.state not in (GoalState.LET_GO, GoalState.NOT_MINE)
            number += on_path
            goals.append(
                GoalRead(
                    line=line,
                    number=number if on_path else None,
                    voice=voice_of(line),
                    may_change=self._may_change(line),
                    ruler=getattr(line, "ruler", None) if self.is_owner else None,
                )  # fmt: skip
            )
        self._give_steps(goals)
        self._give_links(goals)
        return goals

    def _give_steps(self, goals):
        by_goal = defaultdict(list)
        rows = self.plan.steps.filter(removed_at=None).select_related("changed_by")
        for line in rows.order_by("goal", "position", "created_at", "code"):
            line.plan = self.plan
            by_goal[line.goal_id].append(line)
        for goal in goals:
            next_found = goal.state != GoalState.NOW
            for line in by_goal[goal.line.pk]:
                is_next = not next_found and line.state == StepState.NOT_YET
                next_found = next_found or is_next
                goal.steps.append(
                    StepRead(
                        line=line, voice=voice_of(line), is_next=is_next, may_change=self._may_change(line)
                    )  # fmt: skip
                )

    def _give_links(self, goals):
        by_code = {entry.line.pk: entry for entries in self._entries.values() for entry in entries}
        linked = defaultdict(list)
        for goal, entry in GoalLink.unguarded.filter(goal__plan=self.plan).values_list("goal_id", "entry_id"):
            if entry in by_code:
                linked[goal].append(by_code[entry])
        for goal in goals:
            for entry in sorted(linked[goal.line.pk], key=lambda entry: (entry.line.created_at, entry.line.pk)):
                (goal.in_the_way if entry.line.section == Section.NEEDS else goal.uses).append(entry)

    @cached_property
    def goals_now(self):
        return [goal for goal in self.goals if goal.state == GoalState.NOW]

    @cached_property
    def goals_resting(self):
        return [goal for goal in self.goals if goal.state == GoalState.RESTING]

    @cached_property
    def goals_reached(self):
        return [goal for goal in self.goals if goal.state == GoalState.REACHED]

    @cached_property
    def goals_left(self):
        return [goal for goal in self.goals if goal.state in (GoalState.LET_GO, GoalState.NOT_MINE)]

    @cached_property
    def goals_on_path(self):
        """Working on it, resting and reached: what the picture shows."""
        return [goal for goal in self.goals if goal.number is not None]

    # --- who walks along, and who may see ---

    @cached_property
    def _walk_grants(self):
        return grants_now(self.plan)

    @cached_property
    def walkers(self):
        """The peer specialists who walk with the person now: users, longest first."""
        found = {}
        for grant in self._walk_grants:
            if grant.walk_id:
                found.setdefault(grant.reader_id, grant.reader)
        return list(found.values())

    @cached_property
    def walkers_parts(self):
        """For each walking peer specialist, the parts they may see."""
        found = defaultdict(set)
        for grant in self._walk_grants:
            if grant.walk_id:
                found[grant.reader_id].update(part.part for part in grant.parts.all() if part.action == "see")
        return found

    @cached_property
    def summary_yes(self):
        """The live yes to the one-page summary, or None."""
        return next((grant for grant in self._walk_grants if grant.supervisors_of_id), None)

    @cached_property
    def kept_questions(self):
        return list(KeptQuestion.unguarded.filter(plan=self.plan).order_by("kept_at").values_list("prompt", flat=True))


def voice_of(line):
    """Whose words a line is, from its own facts."""
    kind = "own" if line.voice == Voice.OWN else "read_back" if line.read_back_at else line.voice
    return VoiceRead(kind=kind, by_name=line.changed_by.name)
