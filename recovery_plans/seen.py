"""What a reading is made of: lines as they were read, with their voice and what the reader may do with them.

Facts and no verbs: a line that is to be changed is fetched again, through its door.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from recovery_plans.models import GoalState, Section, StepState, StepWho, Voice
from recovery_plans.models.sharing import GOALS


class _Seen:
    """What a page is printed from. Templates look things up by name, first of all as in a dictionary."""

    __slots__ = ()

    def __getitem__(self, name):
        return getattr(self, name)


@dataclass(slots=True, eq=False)
class _LineSeen(_Seen):
    pk: object
    words: str
    detail: str
    language: str
    voice: str
    version: int
    read_back_at: object
    created_at: object
    changed_by_id: object
    changed_by_name: str


@dataclass(slots=True, eq=False)
class EntrySeen(_LineSeen):
    """An entry as it was read."""

    section: str
    kind: str
    prompt: str

    @property
    def part(self):
        return self.section


@dataclass(slots=True, eq=False)
class GoalSeen(_LineSeen):
    """A goal as it was read."""

    state: str
    state_since: object
    look_again_on: object
    state_by_id: object
    linked_by_id: object

    part = GOALS

    def get_state_display(self):
        return GoalState(self.state).label


@dataclass(slots=True, eq=False)
class StepSeen(_LineSeen):
    """A step as it was read."""

    goal_id: object
    who: str
    state: str
    state_since: object
    state_by_id: object

    part = GOALS

    def get_who_display(self):
        return StepWho(self.who).label


# --- and as a reader meets it ---


@dataclass(slots=True)
class VoiceRead(_Seen):
    """Whose words a line is, for the page to print: kind is 'own', 'typed', 'paper' or 'read_back'."""

    kind: str
    by_name: str

    @property
    def by_first_name(self):
        return self.by_name.partition(" ")[0]

    @property
    def is_marked(self):
        """Whether the line still waits for the person to say that it is right."""
        return self.kind in ("typed", "paper")


@dataclass(slots=True)
class EntryRead(_Seen):
    """An entry as a reader meets it."""

    line: EntrySeen
    voice: VoiceRead
    may_change: bool


@dataclass(slots=True)
class StepRead(_Seen):
    """A step as a reader meets it."""

    line: StepSeen
    voice: VoiceRead
    is_next: bool
    may_change: bool
    may_state: bool  # whether this reader may say how it is going

    @property
    def is_done(self):
        return self.line.state == StepState.DONE

    @property
    def cannot_yet(self):
        return self.line.state == StepState.CANNOT_YET


class RulerRead(NamedTuple):
    """The person's own 0–10 rulers for a goal; nobody else's reading has them."""

    matters: int | None
    sure: int | None


@dataclass(slots=True)
class GoalRead(_Seen):
    """A goal as a reader meets it: its steps in order, what it uses, what is in its way."""

    line: GoalSeen
    number: int | None  # its place on the path; None once let go
    voice: VoiceRead
    may_change: bool
    may_state: bool = False  # whether this reader may say how it is
    may_link: bool = False  # … and what goes with it
    may_take_out: bool = False  # … and may take it out, with its steps
    ruler: RulerRead | None = None  # only ever for the person
    steps: list = field(default_factory=list)
    uses: list = field(default_factory=list)
    in_the_way: list = field(default_factory=list)

    @property
    def state(self):
        return self.line.state

    @property
    def next_step(self):
        return next((step for step in self.steps if step.is_next), None)

    @property
    def all_done(self):
        """Whether every step is done and the goal is still on: then reaching it is offered."""
        return self.line.state == GoalState.NOW and bool(self.steps) and self.steps_done == len(self.steps)

    @property
    def steps_done(self):
        return sum(step.is_done for step in self.steps)


class Walker(NamedTuple):
    """A peer specialist who walks with the person now: their code and their name."""

    pk: object
    name: str


@dataclass(slots=True)
class SectionRead(_Seen):
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


def voice_of(line):
    """Whose words a line is, from its own facts."""
    return VoiceRead(_kind(line), line.changed_by.name)


def voice_seen(line):
    """The same for a line as it was read."""
    return VoiceRead(_kind(line), line.changed_by_name)


def _kind(line):
    return "own" if line.voice == Voice.OWN else "read_back" if line.read_back_at else line.voice
