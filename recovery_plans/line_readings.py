"""A line as one reader meets it: its words, whose they are, and what this reader may do with it.

One class a kind of line. Page, PDF and summary print from the same; where paper or a summary has less room, from a copy
with shorter words. They are facts and no verbs: a line that is to be changed is fetched again, through its door.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from recovery_plans.models import GoalState, Section, StepState, StepWho, Voice
from recovery_plans.sections import row_of

LONG = 240  # a line of more characters needs the whole width of a sheet

# The columns that every reading of a line is filled from. They are read as rows that know them by these names.
COLUMNS = (
    "code",
    "words",
    "detail",
    "language",
    "voice",
    "version",
    "read_back_at",
    "changed_by_id",
    "changed_by__name",
)


@dataclass(frozen=True)
class VoiceReading:
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


def voice_of(line):
    """Whose words a line is, from its own facts."""
    return VoiceReading(_kind_of_voice(line), line.changed_by.name)


def _kind_of_voice(line):
    return "own" if line.voice == Voice.OWN else "read_back" if line.read_back_at else line.voice


@dataclass(kw_only=True, eq=False)
class LineReading:
    """What an entry, a goal and a step have in common."""

    KIND: ClassVar[str] = "line"

    code: object = None
    words: str
    detail: str = ""
    phone: str = ""  # a number of its own, as it was typed; only entries have one
    language: str
    voice: VoiceReading
    version: int = 1
    may_change: bool = False

    @property
    def pk(self):
        return self.code

    @property
    def anchor(self):
        """The id of the line on a page: where a reader is led back to, and told what was done with it."""
        return f"{self.KIND}-{self.code}"

    @property
    def keeps_form(self):
        """Whether spaces and line ends are part of the words; most lines have none to keep, and print faster."""
        return any(form in text for text in (self.words, self.detail) for form in ("\n", "  ", "\t"))

    @property
    def is_long(self):
        """Whether it needs the whole width of a sheet, and may run over a page's end rather than jump to the next."""
        return len(self.words) + len(self.detail) + 60 * (self.words + self.detail).count("\n") > LONG


def _of_any_line(row):
    return {
        "code": row.code,
        "words": row.words,
        "detail": row.detail,
        "language": row.language,
        "voice": VoiceReading(_kind_of_voice(row), row.changed_by__name),
        "version": row.version,
    }


@dataclass(kw_only=True, eq=False)
class EntryReading(LineReading):
    """An entry as a reader meets it."""

    section: str = ""
    kind: str = ""
    prompt: str = ""
    created_at: object = None

    @classmethod
    def of(cls, row, **allowed):
        """From a row of `ENTRY_COLUMNS`; `allowed` is what the reader may do with it."""
        own = {column: getattr(row, column) for column in OF_ENTRIES}
        return cls(**_of_any_line(row), **own, **allowed)


OF_ENTRIES = ("section", "kind", "prompt", "phone", "created_at")
ENTRY_COLUMNS = (*COLUMNS, *OF_ENTRIES)


@dataclass(kw_only=True, eq=False)
class StepReading(LineReading):
    """A step as a reader meets it."""

    KIND: ClassVar[str] = "step"

    who: str = StepWho.ME
    state: str = StepState.NOT_YET
    state_since: object = None
    is_next: bool = False
    may_state: bool = False  # whether this reader may say how it is going
    offers_done: bool = False  # … and "I did this" is theirs to tap: the step is open, of a goal that is on now

    @classmethod
    def of(cls, row, **more):
        """From a row of `STEP_COLUMNS`."""
        return cls(**_of_any_line(row), who=row.who, state=row.state, state_since=row.state_since, **more)

    @property
    def is_done(self):
        return self.state == StepState.DONE

    @property
    def cannot_yet(self):
        return self.state == StepState.CANNOT_YET

    @property
    def progress(self):
        """How it is going, as the sheet draws it: 'done', 'next', 'cannot' or 'later'."""
        return "done" if self.is_done else "next" if self.is_next else "cannot" if self.cannot_yet else "later"

    @property
    def state_in_words(self):
        """How it is going, said before its words to who does not see how it is drawn."""
        return _(PROGRESS_IN_WORDS[self.progress])

    def get_who_display(self):
        return str(StepWho(self.who).label)

    @cached_property
    def who_in_words(self):
        """Who does it, where that is not the person."""
        return "" if self.who == StepWho.ME else self.detail or self.get_who_display()


PROGRESS_IN_WORDS = {
    "done": gettext_noop("Done:"),
    "next": gettext_noop("Next:"),
    "cannot": gettext_noop("Cannot be done yet:"),
    "later": gettext_noop("Later:"),
}
STEP_COLUMNS = (*COLUMNS, "goal_id", "who", "state", "state_since", "state_by_id")


def next_step_of(rows, goal_state):
    """Of these rows, in order, the code of the step that comes next; None where the goal is not worked on now."""
    if goal_state != GoalState.NOW:
        return None
    return next((row.code for row in rows if row.state == StepState.NOT_YET), None)


@dataclass(kw_only=True, eq=False)
class GoalReading(LineReading):
    """A goal as a reader meets it: its steps in order, what it uses, what is in its way."""

    KIND: ClassVar[str] = "goal"

    number: int | None = None  # which one on the path it is; None once let go
    state: str = GoalState.NOW
    state_since: object = None
    created_at: object = None
    look_again_on: object = None
    may_state: bool = False  # whether this reader may say how it is
    may_link: bool = False  # … and what goes with it
    may_take_out: bool = False  # … and may take it out, with its steps
    steps: list = field(default_factory=list)
    uses: list = field(default_factory=list)
    in_the_way: list = field(default_factory=list)
    may_split: bool = False  # on paper, whether its box may begin on one page and end on another

    @classmethod
    def of(cls, row, **more):
        """From a row of `GOAL_COLUMNS`."""
        facts = {name: getattr(row, name) for name in OF_GOALS}
        return cls(**_of_any_line(row), **facts, **more)

    def get_state_display(self):
        return GoalState(self.state).label

    @property
    def number_in_words(self):
        """Which goal it is, said before its words to who does not see its number."""
        if self.state == GoalState.REACHED:
            return _("Reached:")
        return _("Goal %(number)s:") % {"number": self.number}

    @property
    def next_step(self):
        return next((step for step in self.steps if step.is_next), None)

    @property
    def steps_done(self):
        return sum(step.is_done for step in self.steps)

    @property
    def all_done(self):
        """Whether every step is done and the goal is still on: then reaching it is offered."""
        return self.state == GoalState.NOW and bool(self.steps) and self.steps_done == len(self.steps)

    @property
    def state_in_words(self):
        """How the goal is today, as one short sentence."""
        if self.state == GoalState.REACHED:
            return _("Reached.")
        if self.state == GoalState.RESTING:
            return _("Resting for now.")
        if not self.steps:
            return _("No steps yet.")
        if not self.steps_done:
            return _("Just begun.")
        # What was done, and not of how many: nobody is measured.
        return ngettext("%(n)s step done.", "%(n)s steps done.", self.steps_done) % {"n": self.steps_done}

    @property
    def next_in_words(self):
        """What stands on a summary where a next step would, when there is none to name."""
        if self.state == GoalState.RESTING:
            return _("Resting for now")
        if self.state == GoalState.REACHED:
            return _("Reached")
        return _("The steps are done") if self.steps and self.steps_done == len(self.steps) else _("Still to choose")

    @property
    def so_far(self):
        """How far it has come, as a summary says it."""
        if not self.steps_done:
            return ""
        return ngettext("%(n)s step done", "%(n)s steps done", self.steps_done) % {"n": self.steps_done}

    @property
    def so_far_on_paper(self):
        """How far it has come, under its box on a printed plan; the others have it in their heading."""
        return self.state_in_words if self.steps and self.state == GoalState.NOW else ""

    @property
    def is_bare(self):
        """Whether there is nothing under its heading."""
        quiet = self.state == GoalState.NOW and not self.look_again_on and not self.detail
        return quiet and not (self.steps or self.uses or self.in_the_way)


OF_GOALS = ("state", "state_since", "created_at", "look_again_on")
GOAL_COLUMNS = (*COLUMNS, *OF_GOALS, "state_by_id", "linked_by_id")


@dataclass(kw_only=True)
class SectionReading:
    """One part of the profile; `is_open` says whether this reader may see it."""

    section: Section
    entries: list
    is_open: bool
    may_write: bool
    readers: list  # besides the person, everyone who can see it

    @property
    def title(self):
        return self.section.label

    @property
    def slug(self):
        return self.section.slug

    @property
    def others_see(self):
        """Whether anyone besides the person can see it."""
        return bool(self.readers)

    @property
    def icon(self):
        return row_of(self.section).icon

    @property
    def lists_people(self):
        return row_of(self.section).lists_people

    @property
    def is_read_first(self):
        return row_of(self.section).is_read_first
