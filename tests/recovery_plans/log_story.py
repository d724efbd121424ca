"""Maya's plan, for tests of what her log says of it."""

import pytest

from peers.models import PlanCard
from recovery_plans.models import EditConflict, Grant, Idea, LogLine
from tests.recovery_plans.test_sharing import url


class Story:
    """Maya's plan with a line of each kind, typed by Sam, and what has been written in her log since then."""

    def __init__(self, cast, browser_of):
        self.cast, self.browser_of, self.plan = cast, browser_of, cast.plan
        self.entry = self.plan.add_entry(section="strengths", words="I keep my word", by=cast.sam)
        self.goal = self.plan.add_goal(words="Slow mornings", by=cast.sam)
        self.second = self.plan.add_goal(words="Sew for pay", by=cast.sam)
        self.step = self.goal.add_step(words="Coffee on the steps", by=cast.sam)
        self.yes = Grant.say_yes_to_summary(plan=self.plan, organization=cast.harbor, by=cast.maya)
        self.begins_here()

    def begins_here(self):
        self.known = set(LogLine.unguarded.values_list("pk", flat=True))

    def lines(self):
        """What the log has had since: what, by whom, in which part, of which line."""
        lines = LogLine.unguarded.filter(plan=self.plan.pk).exclude(pk__in=self.known).order_by("at")
        return [(line.what, line.by, line.part, line.line) for line in lines]

    def late(self, line):
        """Words for a line that somebody else has changed meanwhile."""
        with pytest.raises(EditConflict):
            line.rewrite(words="Later", by=self.cast.sam, base_version=line.version + 7)

    def gone(self, line):
        """The line, taken out some time ago."""
        line.take_out(by=self.cast.sam)
        self.begins_here()
        return line

    def idea(self):
        """Sam's idea of a new goal."""
        return Idea.offer(plan=self.plan, kind="goal", words="Sing again", by=self.cast.sam)

    def opened(self):
        """Maya's story, open to Sam since some time ago."""
        Grant.open_part(plan=self.plan, walk=self.cast.walk, section="experiences", by=self.cast.maya)
        self.begins_here()

    def card_of(self, maker):
        """A card for Maya, or her own words: (card, four words, token)."""
        return PlanCard.make(person=self.cast.person, by=getattr(self.cast, maker))

    def post(self, who, name, **ids):
        self.browser_of(getattr(self.cast, who)).post(url(self.cast, name, **ids))

    def meet_next(self, who, **arranged):
        """Say on the page of their next time what Maya and Sam say."""
        address = url(self.cast, "visit", walk=self.cast.walk.pk)
        self.browser_of(getattr(self.cast, who)).post(address, arranged)
