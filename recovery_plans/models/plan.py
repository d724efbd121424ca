"""One living recovery plan of one person.

Entries, goals and grants name their plan as "recovery_plans.Plan" and import nothing from here.
"""

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from peers.models import Person, Role, WalkRequest
from peers.models.organization import StaffRole
from recovery_plans.events import PlanEvent
from recovery_plans.models.access_log import LogLine
from recovery_plans.models.goals import Goal, GoalState, StepState
from recovery_plans.models.lines import EditConflict, NotAllowedToChange, SaveIdReused
from recovery_plans.models.profile import Entry, as_tapped
from recovery_plans.models.sharing import Grant


class NotHere(Exception):
    """Someone does not work as a peer specialist in this organization, or not any more."""


class NotEmpty(Exception):
    """A plan is not taken back any more: something was written in it, or the person has opened it."""


class Plan(models.Model):
    """A person's plan: theirs, in their words, one for as long as they like."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField("peers.Person", on_delete=models.PROTECT, related_name="plan")
    created_at = models.DateTimeField(default=timezone.now)
    # How many ideas were offered and not answered. Where there are none, no page looks for them.
    open_ideas = models.PositiveIntegerField(default=0)
    # When the person last said yes to it, in whatever way: beside the agreements, so that no page has to look for it.
    agreed_at = models.DateTimeField(null=True, blank=True)
    # Since when the person would like to look at it again, and who of those who walk along has seen that first.
    review_asked_at = models.DateTimeField(null=True, blank=True)
    review_seen_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    unguarded = models.Manager()

    def __str__(self):
        return f"plan {self.code}"

    @classmethod
    @transaction.atomic
    def start(cls, *, person, by):
        """Start a person's plan. Whoever walks with them now may open it: all but their story and hard days."""
        plan, new = cls.unguarded.get_or_create(person=person)
        if new:
            LogLine.note(PlanEvent.PLAN_STARTED, plan=plan, by=by)
        for walk in person.walks_now():
            Grant.for_walk(plan=plan, walk=walk, by=by)
        return plan

    @classmethod
    @transaction.atomic
    def meet(cls, *, name, language, peer, organization, known_by=""):
        """A peer specialist meets someone: the person, the walk and the plan begin in one go, or nothing does.

        Raises NotHere where they do not work there today.
        """
        require_work_here(peer, organization)
        person = Person.meet(name=name, language=language, peer=peer, organization=organization, known_by=known_by)
        plan = cls.start(person=person, by=peer)
        if known_by:
            LogLine.note(PlanEvent.KNOWN_BY_CHOSEN, plan=plan, by=peer)
        return plan

    @classmethod
    @transaction.atomic
    def walk_along(cls, *, letters, peer, organization):
        """A peer specialist answers a person who asked: the walk begins, by the person's yes. Returns the plan.

        None where the letters open nothing. Private parts start closed. Raises NotHere as `meet` does.
        """
        require_work_here(peer, organization)
        person = WalkRequest.answer(letters=letters, by=peer)
        if person is None:
            return None
        person.start_walk(peer=peer, organization=organization, by=person.user)
        plan = cls.start(person=person, by=person.user)
        LogLine.note(PlanEvent.WALK_BEGUN, plan=plan, by=peer)
        return plan

    @classmethod
    @transaction.atomic
    def begin_walk(cls, *, hand_over, by):
        """The person has said yes to the one who was asked to meet them: the walk begins. Returns the plan, or None.

        `by` is the person, on their own screen, or the peer specialist, where it was said together. Private parts
        start closed.
        """
        walk = hand_over.answer(yes=True, by=by)
        if walk is None:
            return None
        plan = cls.start(person=hand_over.person, by=by)
        LogLine.note(PlanEvent.WALK_BEGUN, plan=plan, by=hand_over.peer)
        return plan

    @transaction.atomic
    def correct_name(self, *, name, by):
        """Correct the name of a person who has not opened the plan themself yet. Says whether anything changed."""
        changed = self.person.correct_name(name=name, by=by)
        if changed:
            LogLine.note(PlanEvent.NAME_CORRECTED, plan=self, by=by)
        return changed

    @transaction.atomic
    def take_back(self, *, by):
        """Take back a plan that was begun by mistake, while there is nothing in it and the person has not opened it.

        Raises NotEmpty otherwise; then nothing has changed.
        """
        # The walk ends first: whoever is writing by it is done by then, or finds nothing to write in.
        if not self.person.take_back(by=by) or not self.is_blank:
            raise NotEmpty
        LogLine.note(PlanEvent.PLAN_TAKEN_BACK, plan=self, by=by)

    @property
    def owner(self):
        """The user whose plan it is."""
        return self.person.user

    @property
    def language(self):
        """The language the person speaks here; a line that says nothing else is in it."""
        return self.person.user.language

    def add_entry(
        self, *, section, words, by, helps="", phone="", kind="", prompt="", language="", voice=None, save_id=None
    ):
        """Write one statement in a section. `helps` is how a supporter helps; `kind` see EntryKind."""
        return Entry.write(
            plan=self,
            section=section,
            words=words,
            detail=helps,
            by=by,
            kind=kind,
            prompt=prompt,
            phone=phone,
            language=language,
            voice=voice,
            save_id=save_id,
        )

    @transaction.atomic
    def add_entries(self, *, section, by, typed=(), tapped=()):
        """Write what was typed and what was tapped in a section, all of it or nothing; returns the new lines.

        Each is the arguments of `add_entry`. A tap-word that stands there already is not written again.
        """
        tapped, standing = list(tapped), self.entries.filter(section=section, removed_at=None)
        known = {as_tapped(words) for words in standing.values_list("words", flat=True)} if tapped else set()
        lines = [*typed, *(line for line in tapped if as_tapped(line["words"]) not in known)]
        return [self.add_entry(section=section, by=by, **line) for line in lines]

    @transaction.atomic
    def add_goal(self, *, words, by, why="", steps=None, look_again_on=None, language="", voice=None, save_id=None):
        """Write down something the person wants, with its first small steps. It goes to the end of their list.

        `steps` are their words, each by a name that stays the same when this save comes again: it writes nothing twice.
        Raises SaveIdReused when this save came before with other words, or its goal was taken out since.
        """
        save_id = save_id or uuid.uuid4()
        last = self.goals.aggregate(last=models.Max("position"))["last"] or 0
        goal = Goal.write(
            plan=self,
            words=words,
            detail=why,
            by=by,
            look_again_on=look_again_on,
            position=last + 1,
            language=language,
            voice=voice,
            save_id=save_id,
        )
        goal.plan = self
        try:
            for name, step in (steps or {}).items():
                goal.add_step(words=step, by=by, save_id=uuid.uuid5(save_id, name))
        except EditConflict:
            raise SaveIdReused from None
        return goal

    # --- looking at it again ---

    @transaction.atomic
    def ask_review(self, *, by):
        """The person would like to look at the plan again. Asking twice is asking once."""
        self._require_owner(by)
        if self._set_review(Q(review_asked_at=None), review_asked_at=timezone.now(), review_seen_by=None):
            self.note_change(PlanEvent.REVIEW_ASKED, by=by)

    @transaction.atomic
    def take_back_review(self, *, by):
        """The person asks no more."""
        self._require_owner(by)
        if self._set_review(Q(review_asked_at__isnull=False), review_asked_at=None, review_seen_by=None):
            self.note_change(PlanEvent.REVIEW_TAKEN_BACK, by=by)

    def see_review(self, *, by):
        """Somebody who walks along has opened the plan and sees that its person asks; the first of them is named."""
        if by.pk != self.person.user_id:
            self._set_review(Q(review_asked_at__isnull=False, review_seen_by=None), review_seen_by=by)

    def note_agreement(self, *, at):
        """The person has said yes: nothing is asked any more. Inside the transaction of the agreement."""
        self._set_review(Q(), agreed_at=at, review_asked_at=None, review_seen_by=None)

    def _require_owner(self, user):
        if user.pk != self.person.user_id:
            raise NotAllowedToChange

    def _set_review(self, condition, **new):
        """Set these, if the plan is still so; says whether it was."""
        changed = Plan.unguarded.filter(condition, pk=self.pk).update(**new)
        self.refresh_from_db(fields=["agreed_at", "review_asked_at", "review_seen_by"])
        return bool(changed)

    @property
    def is_blank(self):
        """Whether nobody has ever written anything in it."""
        return not self.revisions.exists() and not self.visits.exists()

    def count_goals_on_path(self):
        """How many goals the person has, those they let go aside."""
        off_path = [GoalState.LET_GO, GoalState.NOT_MINE]
        return self.goals.filter(removed_at=None).exclude(state__in=off_path).count()

    def count_entries(self, section):
        """How many statements stand in a section now."""
        return self.entries.filter(section=section, removed_at=None).count()

    def count_steps_done(self):
        """How many steps of all their goals the person has done."""
        return self.steps.filter(state=StepState.DONE, removed_at=None).count()

    def lock(self):
        """Until the caller's transaction ends, whoever else locks this plan must wait."""
        Plan.unguarded.select_for_update(no_key=True).get(pk=self.pk)

    def note_change(self, what, *, by, line=None, part=""):
        """One change happened, and the access log says so. Inside the caller's atomic."""
        LogLine.note(what, plan=self, by=by, part=part or (line.part if line else ""), line=line)


def require_work_here(peer, organization):
    """Raise NotHere where they are no peer specialist here today. A role that ends in this moment waits, or is over."""
    peer.lock()
    held = Role.objects.filter(user=peer, organization=organization, role=StaffRole.PEER_SPECIALIST, until=None)
    if not held.exists():
        raise NotHere
