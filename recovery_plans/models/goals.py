"""Goals: what the person wants, the small steps towards it, and what of theirs helps."""

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recovery_plans.events import Happened
from recovery_plans.models.lines import Line, NotYourPen, words_fit
from recovery_plans.models.profile import Entry


class GoalState(models.TextChoices):
    """How a goal is today. None of them is a failure, and none asks for a reason."""

    NOW = "now", _("Working on it")
    RESTING = "resting", _("Resting")
    REACHED = "reached", _("I did it")
    LET_GO = "let_go", _("I let it go")
    NOT_MINE = "not_mine", _("This was never my goal")


class Goal(Line):
    """Something the person wants, in their own words. `detail` is why it matters to them."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="goals")
    state = models.CharField(max_length=10, choices=GoalState, default=GoalState.NOW)
    state_since = models.DateTimeField(default=timezone.now)
    position = models.PositiveIntegerField(default=1)
    look_again_on = models.DateField(null=True, blank=True)

    class Meta(Line.Meta):
        abstract = False
        constraints = [
            *Line.Meta.constraints,
            words_fit("goal"),
            models.CheckConstraint(condition=Q(state__in=GoalState.values), name="goal_state_is_known"),
        ]
        indexes = [models.Index(fields=["plan", "position", "created_at"], name="goals_of_a_plan")]

    @property
    def part(self):
        return "goals"

    @property
    def why(self):
        return self.detail

    def add_step(self, *, words, by, who="me", other="", language="", voice=None, save_id=None):
        """Write down one small thing towards this goal. It goes to the end of the goal's steps."""
        last = self.steps.aggregate(last=models.Max("position"))["last"] or 0
        return Step.write(
            plan=self.plan, goal=self, words=words, detail=other, by=by, who=who, position=last + 1,
            language=language, voice=voice, save_id=save_id,
        )  # fmt: skip

    def rest(self, *, by):
        self._become(GoalState.RESTING, by=by)

    def pick_up(self, *, by):
        self._become(GoalState.NOW, by=by)

    def reach(self, *, by):
        self._become(GoalState.REACHED, by=by)

    def let_go(self, *, by):
        self._become(GoalState.LET_GO, by=by)

    def disown(self, *, by):
        """The person says: this was never my goal."""
        self._become(GoalState.NOT_MINE, by=by)

    @transaction.atomic
    def _become(self, state, *, by):
        self.require_pen(by)
        elsewhere = Goal.unguarded.filter(pk=self.pk).exclude(state=state)
        if elsewhere.update(state=state, state_since=timezone.now()):
            self.plan.note_change(Happened.GOAL_STATE, by=by, line=self)
        self.refresh_from_db(fields=["state", "state_since"])

    @transaction.atomic
    def move(self, *, by, earlier):
        """Move one place up or down the person's list. The order is theirs alone."""
        if by.pk != self.plan.person.user_id:
            raise NotYourPen
        in_order = list(
            self.plan.goals.select_for_update().filter(removed_at=None, state__in=[GoalState.NOW, GoalState.RESTING])
            .order_by("position", "created_at", "code")
        )  # fmt: skip
        here = next((place for place, goal in enumerate(in_order) if goal.pk == self.pk), None)
        there = None if here is None else here + (-1 if earlier else 1)
        if there is None or not 0 <= there < len(in_order):
            return
        in_order[here], in_order[there] = in_order[there], in_order[here]
        for place, goal in enumerate(in_order, start=1):
            goal.position = place
        Goal.unguarded.bulk_update(in_order, ["position"])
        self.plan.note_change(Happened.GOALS_ORDERED, by=by, part="goals")

    @transaction.atomic
    def go_with(self, *, entries, by):
        """Say which strengths this goal uses and which needs get in its way; replaces what was said before."""
        self.require_pen(by)
        wanted = {entry.pk for entry in entries}
        own = set(self.plan.entries.filter(pk__in=wanted, removed_at=None).values_list("pk", flat=True))
        GoalLink.unguarded.filter(goal=self).exclude(entry_id__in=own).delete()
        there = set(GoalLink.unguarded.filter(goal=self).values_list("entry_id", flat=True))
        GoalLink.unguarded.bulk_create([GoalLink(goal=self, entry_id=code) for code in own - there])
        self.plan.note_change(Happened.GOAL_LINKED, by=by, line=self)

    @transaction.atomic
    def measure(self, *, by, matters=None, sure=None):
        """Note the person's own 0–10 rulers; nobody else ever sees them. None leaves a ruler blank."""
        if by.pk != self.plan.person.user_id:
            raise NotYourPen
        Ruler.unguarded.update_or_create(goal=self, defaults={"matters": matters, "sure": sure})


class GoalLink(models.Model):
    """A strength this goal uses, or a need that gets in its way: strengths are used, not listed and forgotten."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="links")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="links")

    unguarded = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["goal", "entry"], name="a_goal_uses_an_entry_once")]

    def __str__(self):
        return f"link {self.code}"


class Ruler(models.Model):
    """The person's own 0–10 rulers for a goal. In a table of their own, so that a wall can stand round them."""

    goal = models.OneToOneField(Goal, on_delete=models.CASCADE, primary_key=True, related_name="ruler")
    matters = models.PositiveSmallIntegerField(null=True, blank=True)
    sure = models.PositiveSmallIntegerField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(matters=None) | Q(matters__lte=10)) & (Q(sure=None) | Q(sure__lte=10)),
                name="rulers_go_from_nought_to_ten",
            )
        ]

    def __str__(self):
        return f"ruler of {self.goal_id}"


class StepState(models.TextChoices):
    """How a step is going. None of them is late."""

    NOT_YET = "not_yet", _("Not yet")
    DONE = "done", _("Done")
    CANNOT_YET = "cannot_yet", _("Cannot be done yet")


class StepWho(models.TextChoices):
    """Who does a step."""

    ME = "me", _("Me")
    PEER = "peer", _("My peer specialist")
    TOGETHER = "together", _("We do it together")
    OTHER = "other", _("Someone else")


class Step(Line):
    """One small thing towards a goal. `detail` names who does it, when it is someone else."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="steps")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    who = models.CharField(max_length=10, choices=StepWho, default=StepWho.ME)
    state = models.CharField(max_length=10, choices=StepState, default=StepState.NOT_YET)
    state_since = models.DateTimeField(default=timezone.now)
    position = models.PositiveIntegerField(default=1)

    class Meta(Line.Meta):
        abstract = False
        constraints = [
            *Line.Meta.constraints,
            words_fit("step"),
            models.CheckConstraint(condition=Q(state__in=StepState.values), name="step_state_is_known"),
            models.CheckConstraint(condition=Q(who__in=StepWho.values), name="step_who_is_known"),
        ]
        indexes = [models.Index(fields=["plan", "goal", "position"], name="steps_of_a_plan")]

    @property
    def part(self):
        return "goals"

    def do(self, *, by):
        self._become(StepState.DONE, by=by)

    def undo(self, *, by):
        self._become(StepState.NOT_YET, by=by)

    def cannot_yet(self, *, by):
        """It cannot be done yet. That is a fact about the world, not about the person."""
        self._become(StepState.CANNOT_YET, by=by)

    @transaction.atomic
    def _become(self, state, *, by):
        self.require_pen(by)
        elsewhere = Step.unguarded.filter(pk=self.pk).exclude(state=state)
        if elsewhere.update(state=state, state_since=timezone.now()):
            self.plan.note_change(Happened.STEP_STATE, by=by, line=self)
        self.refresh_from_db(fields=["state", "state_since"])
