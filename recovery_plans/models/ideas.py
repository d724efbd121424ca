"""Ideas: a change of the person's plan that somebody else offers. It is nothing until the person takes it."""

import uuid

from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recovery_plans.events import PlanEvent
from recovery_plans.models.goals import Goal, GoalState, Step
from recovery_plans.models.lines import EditConflict, NotAllowedToChange, Revision, SaveIdReused, words_fit
from recovery_plans.models.profile import Entry
from recovery_plans.models.sharing import Action, Grant, Purpose, in_force
from recovery_plans.sections import GOALS

AT_ONCE = 3  # how many ideas of one peer specialist may wait in a plan
WHY_LIMIT = 300
NO_LINE = {"entry": None, "goal": None, "step": None}
STATES = {
    GoalState.NOW: Goal.pick_up,
    GoalState.RESTING: Goal.rest,
    GoalState.REACHED: Goal.reach,
    GoalState.LET_GO: Goal.let_go,
}
# That a goal was never theirs is for the person alone to think of.
OFFERED_STATES = list(STATES)
READ_WITH = ("by", "walk", "entry", "goal", "step", "step__goal")


class IdeaKind(models.TextChoices):
    """What would change."""

    WORDS = "words", _("Other words")
    STEP = "step", _("A new step")
    GOAL = "goal", _("A new goal")
    STATE = "state", _("How a goal is")


class IdeaState(models.TextChoices):
    """What has become of an idea."""

    WAITING = "waiting", _("Not answered yet")
    TAKEN = "taken", _("I took it")
    REWRITTEN = "rewritten", _("I wrote it my way")
    LEFT = "left", _("I kept my words")
    TAKEN_BACK = "taken_back", _("It was taken back")


class TooManyIdeas(Exception):
    """Somebody has as many ideas waiting in this plan as there is room for."""


def is_about_its_kind():
    """Other words are for one line, a step and a state for one goal, and a new goal for none."""
    of_one = [Q(**{key: None for key in NO_LINE if key != name}, **{f"{name}__isnull": False}) for name in NO_LINE]
    return (
        Q(kind=IdeaKind.WORDS) & (of_one[0] | of_one[1] | of_one[2])
        | Q(kind__in=[IdeaKind.STEP, IdeaKind.STATE]) & of_one[1]
        | Q(kind=IdeaKind.GOAL, **NO_LINE)
    )


class Idea(models.Model):
    """A change that somebody offers the person: other words, a new step, a new goal, or another state of a goal."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    save_id = models.UUIDField(unique=True)  # one form sent twice is one idea
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="ideas")
    # It waits no longer than the two walk together.
    walk = models.ForeignKey("peers.Walk", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=IdeaKind)
    part = models.CharField(max_length=20)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="ideas", null=True, blank=True)
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ideas", null=True, blank=True)
    step = models.ForeignKey(Step, on_delete=models.PROTECT, related_name="ideas", null=True, blank=True)
    # Which words of the line whoever offered it had read.
    base_version = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True)
    goal_state = models.CharField(max_length=10, choices=GoalState, blank=True)
    why = models.CharField(max_length=WHY_LIMIT, blank=True)
    offered_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=IdeaState, default=IdeaState.WAITING)
    answered_at = models.DateTimeField(null=True, blank=True)
    # Which of the few an idea that waits is: no two of one walk are the same one, so there are never more.
    slot = models.PositiveSmallIntegerField(null=True)

    unguarded = models.Manager()
    OFFERED_STATES = OFFERED_STATES
    READ_WITH = READ_WITH

    class Meta:
        constraints = [
            words_fit("idea"),
            models.CheckConstraint(condition=is_about_its_kind(), name="idea_is_about_its_kind"),
            models.CheckConstraint(
                condition=Q(kind=IdeaKind.STATE, words="", goal_state__in=OFFERED_STATES)
                | ~Q(kind=IdeaKind.STATE) & ~Q(words="") & Q(goal_state=""),
                name="idea_has_words_or_a_state",
            ),
            models.CheckConstraint(
                condition=Q(state=IdeaState.WAITING, answered_at=None, slot__isnull=False, slot__range=(1, AT_ONCE))
                | Q(state__in=[state for state in IdeaState if state != IdeaState.WAITING], slot=None)
                & Q(answered_at__isnull=False),
                name="idea_waits_or_is_answered",
            ),
            models.UniqueConstraint(fields=["walk", "slot"], name="few_ideas_wait_at_once"),
        ]
        indexes = [models.Index(fields=["plan", "-offered_at"], name="ideas_of_a_plan")]

    def __str__(self):
        return f"idea {self.code}"

    @property
    def line(self):
        """The entry, goal or step it is about; None for a new goal."""
        return self.entry or self.step or self.goal

    @property
    def is_gone(self):
        """Whether what it is about was taken out of the plan."""
        return self.line is not None and self.line.is_gone

    @property
    def can_be_answered(self):
        """Whether the person has it before them: it was not answered, and the two still walk together."""
        return self.state == IdeaState.WAITING and self.walk.ended_at is None and not self.is_gone

    # --- who reads which ---

    @classmethod
    def of_plan(cls, plan, *, parts=None, by=None):
        """The ideas in this plan, newest first, each with its line: about these parts, or offered by this user."""
        found = cls.unguarded.filter(plan=plan).select_related(*READ_WITH).order_by("-offered_at", "code")
        found = found if parts is None else found.filter(part__in=parts)
        ideas = list(found if by is None else found.filter(by=by))
        for idea in ideas:
            idea.belong_to(plan)
        return ideas

    def belong_to(self, plan):
        """This and its line are of the plan that was opened, which need not be fetched again."""
        self.plan = plan
        if self.line is not None:
            self.line.plan = plan

    @staticmethod
    def base_words_of(ideas):
        """By the code of each idea whose line has changed since: what that said when the idea was offered."""
        stale = [idea for idea in ideas if idea.kind == IdeaKind.WORDS and idea.line.version != idea.base_version]
        texts = Revision.unguarded.filter(line__in=[idea.line.pk for idea in stale], version__isnull=False)
        known = {(line, version): words for line, version, words in texts.values_list("line", "version", "words")}
        return {idea.pk: known.get((idea.line.pk, idea.base_version), "") for idea in stale}

    @classmethod
    def has_room(cls, *, plan, by):
        """Whether this user may have one more idea waiting in this plan."""
        return cls.unguarded.filter(plan=plan, by=by, state=IdeaState.WAITING, walk__ended_at=None).count() < AT_ONCE

    @staticmethod
    def still_waiting(prefix=""):
        """What makes an idea wait for the person now, as the database asks it."""
        there = ("entry__removed_at", "goal__removed_at", "step__removed_at", "step__goal__removed_at")
        facts = {"state": IdeaState.WAITING, "walk__ended_at": None} | dict.fromkeys(there)
        return Q(**{prefix + name: value for name, value in facts.items()})

    # --- verbs of whoever offers ---

    @classmethod
    @transaction.atomic
    def offer(cls, *, plan, kind, by, line=None, words="", goal_state="", why="", base_version=1, save_id=None):
        """Offer the person a change of what is theirs. The same form sent twice is one idea.

        Raises NotAllowedToChange for the person, for whoever does not walk with them and write in this part, and where
        they change the line themselves; TooManyIdeas while three of theirs wait.
        """
        save_id = save_id or uuid.uuid4()
        text = {"kind": kind, "words": words, "goal_state": goal_state, "why": why, **about(line)}
        known = cls._find_offered(save_id, plan=plan, by=by, **text)
        if known is not None:
            return known
        walk = cls.require_may_offer(plan=plan, kind=kind, line=line, by=by)
        if line is not None and line.is_gone:
            raise NotAllowedToChange
        part, version = part_of(line), 0 if line is None else min(max(base_version, 1), line.version)
        facts = {"plan": plan, "walk": walk, "by": by, "part": part, "base_version": version, "save_id": save_id}
        idea, is_new = cls._write_in_free_slot(**facts, **text)
        if is_new:
            idea._count(1)
            plan.note_change(PlanEvent.IDEA_OFFERED, by=by, line=line, part=part)
        return idea

    @classmethod
    def require_may_offer(cls, *, plan, kind, by, line=None):
        """The walk by which they may offer this. Raises NotAllowedToChange where they may not, or need not."""
        walk = walk_that_writes(plan, part=part_of(line), by=by)
        if line is not None and may_do_it_themself(line, kind, by=by):
            raise NotAllowedToChange
        return walk

    @classmethod
    def sketch(cls, *, plan, by, line=None, **text):
        """The idea as the person would see it, offered nowhere and kept nowhere.

        Always of the words as they are: whoever offers it must not choose which earlier ones are shown beside it.
        """
        text["base_version"] = 0 if line is None else line.version
        return cls(plan=plan, by=by, part=part_of(line), **text, **about(line))

    @classmethod
    def _find_offered(cls, save_id, *, plan, by, **text):
        """The idea this form made the first time, or None."""
        known = cls.unguarded.filter(save_id=save_id).first()
        if known is None:
            return None
        if known.plan_id != plan.pk or known.by_id != by.pk:
            raise NotAllowedToChange
        if any(getattr(known, name) != value for name, value in text.items()):
            raise SaveIdReused
        return known

    @classmethod
    def _write_in_free_slot(cls, *, walk, save_id, **facts):
        """The idea, and whether it is new.

        Of two that are written at once into one slot the database refuses the second; it takes the next, or finds none.
        """
        for _try in range(AT_ONCE + 1):
            full = set(cls.unguarded.filter(walk=walk, state=IdeaState.WAITING).values_list("slot", flat=True))
            free = [slot for slot in range(1, AT_ONCE + 1) if slot not in full]
            if not free:
                break
            idea = cls(walk=walk, slot=free[0], save_id=save_id, **facts)
            try:
                with transaction.atomic():
                    idea.save(force_insert=True)
            except IntegrityError:
                # Another took it in this moment; or this very form came twice, and the other was faster.
                if known := cls.unguarded.filter(save_id=save_id, walk=walk).first():
                    return known, False
                continue
            return idea, True
        raise TooManyIdeas

    def _count(self, one):
        """One more idea is open in its plan, or one less."""
        type(self.plan).unguarded.filter(pk=self.plan_id).update(open_ideas=F("open_ideas") + one)

    @transaction.atomic
    def take_back(self, *, by):
        """Whoever offered it takes it back, while it is not answered. Says whether it was not."""
        if by.pk != self.by_id:
            raise NotAllowedToChange
        return self._close(IdeaState.TAKEN_BACK, PlanEvent.IDEA_TAKEN_BACK, by=by)

    # --- verbs of the person ---

    @transaction.atomic
    def take(self, *, by, base_version, base_state=""):
        """The person takes it: it becomes theirs by the line's own verb.

        `base_version` is of the words they had seen, and `base_state` the goal's state, where the idea is another one.
        False, and nothing has changed, where it was answered or taken back, or the line is gone or says something else.
        """
        line = self._lock(by=by)
        if not self.can_be_answered or self._has_moved(line, base_version=base_version, base_state=base_state):
            return False
        self._put_in(line, by=by, words=self.words, goal_state=self.goal_state, base_version=base_version)
        return self._close(IdeaState.TAKEN, PlanEvent.IDEA_ANSWERED, by=by)

    def _has_moved(self, line, *, base_version, base_state):
        """Whether the line says something else by now than what they had seen."""
        if self.kind == IdeaKind.STATE:
            return line.state != base_state
        return self.kind == IdeaKind.WORDS and line.version != base_version

    def rewrite(self, *, by, words="", goal_state="", base_version=1, save_id=None):
        """The person says it their own way. What they write is kept, also where the idea was taken back meanwhile.

        Raises EditConflict as the line does; then the idea still waits. The caller must not roll back for it.
        """
        with transaction.atomic():
            line, conflict = self._lock(by=by), None
            new = {"words": words, "goal_state": goal_state, "base_version": base_version, "save_id": save_id}
            try:
                self._put_in(line, by=by, **new)
            except EditConflict as both:
                conflict = both
            else:
                self._close(IdeaState.REWRITTEN, PlanEvent.IDEA_ANSWERED, by=by)
        if conflict is not None:
            raise conflict

    @transaction.atomic
    def keep_mine(self, *, by):
        """The person keeps their own words, and gives no reason. Says whether there was still something to answer."""
        self._lock(by=by)
        return self.can_be_answered and self._close(IdeaState.LEFT, PlanEvent.IDEA_ANSWERED, by=by)

    def _lock(self, *, by):
        """Until the transaction ends nobody else answers this or changes its line; know both as they stand now."""
        if by.pk != self.plan.person.user_id:
            raise NotAllowedToChange
        plan = self.plan
        self.refresh_from_db(from_queryset=Idea.unguarded.select_for_update(no_key=True))
        self.plan = plan
        if self.line is not None:
            self.line.refresh_from_db(from_queryset=type(self.line).unguarded.select_for_update(no_key=True))
            self.line.plan = plan
        return self.line

    def _put_in(self, line, *, by, words, goal_state, base_version, save_id=None):
        """What was chosen becomes the person's by the verb that they would have used without an idea."""
        if self.kind == IdeaKind.STATE:
            STATES[goal_state](line, by=by)
        elif self.kind == IdeaKind.STEP:
            line.add_step(words=words, by=by, save_id=save_id)
        elif self.kind == IdeaKind.GOAL:
            self.plan.add_goal(words=words, by=by, save_id=save_id)
        else:
            stays = {"detail": line.detail} | ({"phone": line.phone} if isinstance(line, Entry) else {})
            line.rewrite(words=words, by=by, base_version=base_version, save_id=save_id, **stays)

    def _close(self, state, what, *, by):
        """It waits no more; says whether it still did."""
        waiting = Idea.unguarded.filter(pk=self.pk, state=IdeaState.WAITING)
        closed = waiting.update(state=state, slot=None, answered_at=timezone.now())
        if closed:
            self._count(-1)
            self.plan.note_change(what, by=by, line=self.line, part=self.part)
        self.refresh_from_db(fields=["state", "slot", "answered_at"])
        return bool(closed)


def about(line):
    """Which of the three kinds of lines an idea is about, as its columns have it."""
    return NO_LINE | ({} if line is None else {line._meta.model_name: line})


def part_of(line):
    """The part of the plan an idea belongs to; a new goal is one of the goals."""
    return GOALS if line is None else line.part


def walk_that_writes(plan, *, part, by):
    """The walk by which this user may write in this part now. Raises NotAllowedToChange where there is none."""
    grants = Grant.unguarded.filter(in_force(), plan=plan, reader=by, purpose=Purpose.WALK, walk__peer=by)
    grants = grants.filter(parts__part=part, parts__action=Action.WRITE)
    grant = grants.exclude(plan__person__user=by).select_related("walk").first()
    if grant is None:
        raise NotAllowedToChange
    return grant.walk


def may_do_it_themself(line, kind, *, by):
    """Whether the line is still theirs to change: then there is nothing to offer."""
    return line.may_be_stated_by(by) if kind == IdeaKind.STATE else line.may_be_changed_by(by)
