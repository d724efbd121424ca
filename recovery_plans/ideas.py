"""Ideas as a page shows them: what somebody offers, beside what stands now, and what was chosen."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recovery_plans.differences import differences
from recovery_plans.models import GoalState, Idea, IdeaKind, IdeaState
from recovery_plans.prompts import bank
from recovery_plans.sections import GOALS, GOALS_LABEL, Section


@dataclass
class IdeaReading:
    """One idea, with its line as it stands now. `base_words` are what that said when the idea was offered."""

    idea: Idea
    base_words: str = ""

    @property
    def code(self):
        return self.idea.pk

    @property
    def anchor(self):
        """The id of the idea on a page."""
        return f"idea-{self.idea.pk}"

    @property
    def kind(self):
        return self.idea.kind

    @property
    def line(self):
        return self.idea.line

    @property
    def by_name(self):
        return self.idea.by.name

    @property
    def why(self):
        return self.idea.why

    @property
    def words(self):
        return self.idea.words

    @property
    def language(self):
        """Of the words: an idea is in the language of its line, or else in the person's."""
        return self.line.language if self.line else self.idea.plan.language

    @property
    def version(self):
        """Of the words that stand now; taking the idea is an answer to these."""
        return self.line.version if self.line else 1

    @property
    def is_waiting(self):
        return self.idea.can_be_answered

    @property
    def is_stale(self):
        """Whether its line says something else since it was offered."""
        return self.kind == IdeaKind.WORDS and self.line.version != self.idea.base_version

    @cached_property
    def changed_since(self):
        """How the line has changed since the idea was offered."""
        return differences(self.base_words, self.line.words)

    @cached_property
    def changes(self):
        """How the idea differs from what stands now."""
        return differences(self.line.words, self.words) if self.kind == IdeaKind.WORDS else []

    # --- in words ---

    @property
    def asks(self):
        """The sentences of the bank, with the names in them."""
        return bank(get_language()).ideas

    @property
    def heading(self):
        return self.asks.heading.format(name=self.by_name)

    @property
    def idea_of(self):
        return self.asks.idea.format(name=self.by_name)

    @property
    def note(self):
        return self.asks.note.format(name=self.by_name)

    @property
    def part_title(self):
        return GOALS_LABEL if self.idea.part == GOALS else Section(self.idea.part).label

    @property
    def state_now(self):
        return bank(get_language()).goals.states[self.line.state]

    @property
    def state_offered(self):
        return bank(get_language()).goals.choices[self.idea.goal_state]

    @property
    def keep_label(self):
        return self.asks.keep if self.kind == IdeaKind.WORDS else _("Leave it as it is")

    @property
    def take_label(self):
        return _("Yes, do that") if self.kind == IdeaKind.STATE else self.asks.use

    @property
    def my_way_label(self):
        return _("Say something else") if self.kind == IdeaKind.STATE else self.asks.mix

    @property
    def chosen(self):
        """What the person chose, as they say it."""
        if self.idea.state == IdeaState.WAITING and not self.is_waiting:
            return _("Not answered. It is not waiting any more.")
        return self.idea.get_state_display()

    def chosen_by(self, person):
        """The same for whoever offered it, and nothing more than that."""
        name = {"name": person.name}
        if self.idea.state == IdeaState.LEFT:
            return self.asks.kept_to_author.format(person=person.name)
        return {
            IdeaState.WAITING: _("%(name)s has not answered yet.") % name,
            IdeaState.TAKEN: _("%(name)s took it.") % name,
            IdeaState.REWRITTEN: _("%(name)s wrote it another way.") % name,
            IdeaState.TAKEN_BACK: _("You took it back."),
        }[self.idea.state]


def read_ideas(plan, *, reach, parts=None):
    """Every idea that is open to the person here, or of those the ones about these parts, newest first."""
    ideas = Idea.of_plan(plan, parts=reach.sees if parts is None else reach.sees.intersection(parts), by=reach.lender)
    base_words = Idea.base_words_of(ideas)
    return [IdeaReading(idea, base_words.get(idea.pk, "")) for idea in ideas]


def read_idea(idea):
    """One of them, as `read_ideas`."""
    return IdeaReading(idea, Idea.base_words_of([idea]).get(idea.pk, ""))


def waiting_at(ideas, goal):
    """Of these, those that wait for an answer about this goal or a step of it."""
    steps = {step.pk for step in goal.steps}
    return [
        idea
        for idea in ideas
        if idea.is_waiting and (idea.idea.goal_id == goal.pk or (idea.idea.step_id and idea.idea.step_id in steps))
    ]


def offered_states(goal):
    """The states that can be offered for this goal: each but the one it is in."""
    choices = bank(get_language()).goals.choices
    return [(state, choices[state]) for state in Idea.OFFERED_STATES if state != GoalState(goal.state)]
