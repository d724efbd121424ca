"""How something in the plan went, as the person tells it when they look back."""

from django.db import models

from recovery_plans.models.goals import Goal, Step
from recovery_plans.models.lines import Line, NotAllowedToChange, words_fit
from recovery_plans.models.profile import Entry


class Telling(Line):
    """The person's own words on a line of their plan, such as how a step went. Nobody else writes one.

    There may be several of one line: two that were begun on two screens are both kept.
    """

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="tellings")
    # The code of the line it is about, of whichever kind, and the part that line belongs to.
    about = models.UUIDField()
    of_part = models.CharField(max_length=20)

    class Meta(Line.Meta):
        abstract = False
        constraints = [*Line.Meta.constraints, words_fit("telling")]
        indexes = [models.Index(fields=["plan", "about"], name="tellings_of_a_plan")]

    @property
    def part(self):
        return self.of_part

    @staticmethod
    def of_what_stands(plan):
        """Those of lines that stand in the plan, as the database asks it: nobody else reads of what was taken out."""
        standing = {"plan": plan, "removed_at": None}
        lines = (
            Entry.unguarded.filter(**standing),
            Goal.unguarded.filter(**standing),
            Step.unguarded.filter(**standing, goal__removed_at=None),
        )
        entries, goals, steps = (models.Q(about__in=found.values("pk")) for found in lines)
        return entries | goals | steps

    @classmethod
    def write(cls, *, plan, by, **new):
        """As every line, but for the person alone."""
        if by.pk != plan.person.user_id:
            raise NotAllowedToChange
        return super().write(plan=plan, by=by, **new)
