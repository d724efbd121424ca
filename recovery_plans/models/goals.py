"""Goals: what the person wants, the small steps towards it, and what of theirs helps."""

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recovery_plans.events import PlanEvent
from recovery_plans.models.lines import EditConflict, Line, NotAllowedToChange, digest_of, find_saved, words_fit
from recovery_plans.models.profile import Entry


class GoalState(models.TextChoices):
    """How a goal is today. None of them is a failure, and none asks for a reason."""

    NOW = "now", _("Working on it")
    RESTING = "resting", _("Resting")
    REACHED = "reached", _("I did it")
    LET_GO = "let_go", _("I let it go")
    NOT_MINE = "not_mine", _("This was never my goal")


class LineWithState(Line):
    """A line that also says how it is going. Once the person has said that, nobody else says otherwise."""

    state_since = models.DateTimeField(default=timezone.now)
    # Who said how it is; empty while it is as it was when it was written down.
    state_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta(Line.Meta):
        abstract = True

    def may_be_stated_by(self, user):
        owner = self.plan.person.user_id
        return self.may_be_changed_by(user) and (user.pk == owner or self.state_by_id != owner)

    def may_be_taken_out_by(self, user):
        return self.may_be_stated_by(user)

    @transaction.atomic
    def _become(self, state, what, *, by):
        if not self.may_be_stated_by(by):
            raise NotAllowedToChange
        rows, owner = type(self).unguarded.all(), self.plan.person.user_id
        if by.pk != owner:
            rows = rows.exclude(state_by=owner)
        elsewhere = rows.exclude(state=state)
        if not self._change(elsewhere, what, by=by, state=state, state_since=timezone.now(), state_by=by):
            # It was so already, and now it has been said.
            rows.filter(self._pen(by), state=state).exclude(state_by=owner).update(state_by=by)
            self.refresh_from_db(fields=["state_by"])
        if not self.may_be_stated_by(by):
            raise NotAllowedToChange


class Goal(LineWithState):
    """Something the person wants, in their own words. `detail` is why it matters to them."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="goals")
    state = models.CharField(max_length=10, choices=GoalState, default=GoalState.NOW)
    # Who said last what goes with it; once that was the person, only they say otherwise.
    linked_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)
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

    def add_step(self, *, words, by, who="me", other="", language="", voice=None, save_id=None):
        """Write down one small thing towards this goal. It goes to the end of the goal's steps.

        Raises EditConflict when the goal was taken out meanwhile; the words are kept beside it.
        """
        self._lock()
        if self.is_gone:
            kept = self._keep_step(words=words, detail=other, by=by, save_id=save_id, who=who, language=language)
            raise EditConflict(theirs=self, mine=kept)
        last = self.steps.aggregate(last=models.Max("position"))["last"] or 0
        return Step.write(
            plan=self.plan,
            goal=self,
            words=words,
            detail=other,
            by=by,
            who=who,
            position=last + 1,
            language=language,
            voice=voice,
            save_id=save_id,
        )

    def add_steps(self, steps, *, in_one_piece, by):
        """Write down several, and give them. Each is the arguments of `add_step`, and so is `in_one_piece`, all of it.

        Where the goal was taken out meanwhile, that is kept beside it. Raises what `add_step` raises.
        """
        self._lock()
        return [self.add_step(by=by, **step) for step in ([in_one_piece] if self.is_gone else steps)]

    @transaction.atomic(savepoint=False)
    def _lock(self):
        """Until the caller's transaction ends nobody takes the goal out; and know whether somebody just has."""
        goal = Goal.unguarded.select_for_update(no_key=True).filter(pk=self.pk)
        self.removed_at = goal.values_list("removed_at", flat=True).get()

    @transaction.atomic
    def _keep_step(self, *, save_id, language, who, **text):
        save_id = save_id or uuid.uuid4()
        digest = digest_of(language=language or self.plan.language, goal=self, who=who)
        known = find_saved(save_id, plan=self.plan, facts=digest, **text)
        return known or self._keep_beside(save_id=save_id, base_version=0, facts=digest, language=language, **text)

    @transaction.atomic
    def take_out(self, *, by):
        """Take the goal out with its steps; nobody takes the person's own words or answers out with it."""
        # A step that is being written down just now is waited for.
        now = Goal.unguarded.select_for_update(no_key=True).get(pk=self.pk)
        self.voice, self.read_back_at, self.changed_by = now.voice, now.read_back_at, now.changed_by
        self.state_by = now.state_by
        super().take_out(by=by)

    def may_be_taken_out_by(self, user):
        if user.pk == self.plan.person.user_id:
            return True
        steps = self.steps.filter(removed_at=None).select_related("plan__person")
        return super().may_be_taken_out_by(user) and all(step.may_be_taken_out_by(user) for step in steps)

    def rest(self, *, by):
        self._become(GoalState.RESTING, PlanEvent.GOAL_STATE, by=by)

    def pick_up(self, *, by):
        self._become(GoalState.NOW, PlanEvent.GOAL_STATE, by=by)

    def reach(self, *, by):
        self._become(GoalState.REACHED, PlanEvent.GOAL_STATE, by=by)

    def let_go(self, *, by):
        self._become(GoalState.LET_GO, PlanEvent.GOAL_STATE, by=by)

    def disown(self, *, by):
        """The person says: this was never my goal."""
        self._become(GoalState.NOT_MINE, PlanEvent.GOAL_STATE, by=by)

    @transaction.atomic
    def move(self, *, by, earlier):
        """Move one place up or down the person's list, and say whether it moved. The order is theirs alone."""
        if by.pk != self.plan.person.user_id:
            raise NotAllowedToChange
        in_order = list(
            self.plan.goals.select_for_update(no_key=True)
            .filter(removed_at=None, state__in=[GoalState.NOW, GoalState.RESTING])
            .order_by("position", "created_at", "code")
        )
        index = next((index for index, goal in enumerate(in_order) if goal.pk == self.pk), None)
        other = None if index is None else index + (-1 if earlier else 1)
        if other is None or not 0 <= other < len(in_order):
            return False
        in_order[index], in_order[other] = in_order[other], in_order[index]
        for position, goal in enumerate(in_order, start=1):
            goal.position = position
        Goal.unguarded.bulk_update(in_order, ["position"])
        self.plan.note_change(PlanEvent.GOALS_ORDERED, by=by, part="goals")
        return True

    @transaction.atomic
    def go_with(self, *, entries, by, among=None):
        """Say which strengths this goal uses and which needs get in its way; replaces what was said before.

        `among` are the codes of the entries that were offered; what was not offered stays as it is. What is taken out
        of the plan keeps its links, and has them again when it comes back.
        """
        now = Goal.unguarded.select_for_update(no_key=True).get(pk=self.pk)
        now.plan = self.plan
        if not now.may_be_linked_by(by):
            raise NotAllowedToChange
        Goal.unguarded.filter(pk=self.pk).update(linked_by=by)
        wanted = {entry.pk for entry in entries}
        own = set(self.plan.entries.filter(pk__in=wanted, removed_at=None).values_list("pk", flat=True))
        links = GoalLink.unguarded.filter(goal=self, entry__removed_at=None)
        links = links if among is None else links.filter(entry_id__in=among)
        links.exclude(entry_id__in=own).delete()
        GoalLink.unguarded.bulk_create([GoalLink(goal=self, entry_id=code) for code in own], ignore_conflicts=True)
        self.plan.note_change(PlanEvent.GOAL_LINKED, by=by, line=self)

    def may_be_linked_by(self, user):
        owner = self.plan.person.user_id
        return self.may_be_changed_by(user) and (user.pk == owner or self.linked_by_id != owner)

    @transaction.atomic
    def measure(self, *, by, matters=None, sure=None):
        """Note the person's own 0–10 rulers; nobody else ever sees them. None leaves a ruler blank."""
        if by.pk != self.plan.person.user_id:
            raise NotAllowedToChange
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


class Step(LineWithState):
    """One small thing towards a goal. `detail` names who does it, when it is someone else."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="steps")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="steps")
    who = models.CharField(max_length=10, choices=StepWho, default=StepWho.ME)
    state = models.CharField(max_length=10, choices=StepState, default=StepState.NOT_YET)
    position = models.PositiveIntegerField(default=1)
    READ_WITH = (*Line.READ_WITH, "goal")

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

    @property
    def is_gone(self):
        return super().is_gone or self.goal.is_gone

    def do(self, *, by):
        self._become(StepState.DONE, PlanEvent.STEP_STATE, by=by)

    def undo(self, *, by):
        self._become(StepState.NOT_YET, PlanEvent.STEP_STATE, by=by)

    def cannot_yet(self, *, by):
        """It cannot be done yet. That is a fact about the world, not about the person."""
        self._become(StepState.CANNOT_YET, PlanEvent.STEP_STATE, by=by)
