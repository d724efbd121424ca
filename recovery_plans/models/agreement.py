"""An agreement: the person says "yes, this is my plan". A dated copy of the plan that never changes."""

import uuid

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from peers.models.append_only import AppendOnly, AppendOnlyQuerySet
from recovery_plans.events import PlanEvent
from recovery_plans.models.access_log import LogLine
from recovery_plans.models.lines import NotAllowedToChange, SaveIdReused

OTHERS_LIMIT = 200


class HowSaid(models.TextChoices):
    """How the person said yes; recorded as what happened. The last one is no yes."""

    ON_SCREEN = "on_screen", _("On my own screen")
    IN_HANDS = "in_hands", _("On a device in my hands")
    ON_PAPER = "on_paper", _("On paper")
    ALOUD = "aloud", _("Said out loud")
    NOT_ASKED = "not_asked", _("We could not ask")


# Said by the person themself, on a screen; the others are written down by who walks with them.
OWN = (HowSaid.ON_SCREEN, HowSaid.IN_HANDS)
WRITTEN_DOWN = (HowSaid.ON_PAPER, HowSaid.ALOUD, HowSaid.NOT_ASKED)
EVENTS = {
    HowSaid.ON_SCREEN: PlanEvent.PLAN_AGREED,
    HowSaid.IN_HANDS: PlanEvent.PLAN_AGREED,
    HowSaid.ON_PAPER: PlanEvent.AGREED_ON_PAPER,
    HowSaid.ALOUD: PlanEvent.AGREED_ALOUD,
    HowSaid.NOT_ASKED: PlanEvent.AGREED_NOT_ASKED,
}


class Agreement(AppendOnly):
    """The plan as it was when the person said that it is theirs. Rows are only ever added.

    `reading` is what was read to say yes to: recovery_plans/agreement.py freezes it, and reads it again.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="agreements")
    at = models.DateTimeField(db_default=Now())
    how = models.CharField(max_length=20, choices=HowSaid)
    by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    # Whose device it was said on, where its owner had put it into the person's hands.
    on_device_of = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+", null=True)
    others = models.CharField(max_length=OTHERS_LIMIT, blank=True)  # who else was there, as it was typed
    schema = models.PositiveSmallIntegerField()
    reading = models.JSONField()
    digest = models.CharField(max_length=64)

    unguarded = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(how__in=HowSaid.values), name="how_it_was_said_is_known"),
            models.CheckConstraint(
                condition=Q(how=HowSaid.IN_HANDS, on_device_of__isnull=False)
                | (~Q(how=HowSaid.IN_HANDS) & Q(on_device_of=None)),
                name="in_hands_is_on_a_device_of_somebody",
            ),
        ]
        indexes = [models.Index(fields=["plan", "-at"], name="agreements_of_a_plan")]

    def __str__(self):
        return f"agreement {self.code}"

    @classmethod
    @transaction.atomic
    def record(cls, *, plan, frozen, by, how, others="", save_id=None):
        """Keep what was said to the plan as it was read. The same save sent twice is one agreement.

        The person says yes themself, on a screen; anyone else only writes down what they did elsewhere: raises
        NotAllowedToChange otherwise. Raises SaveIdReused for another agreement under one id.
        """
        if (how in OWN) != (by.pk == plan.person.user_id):
            raise NotAllowedToChange
        made = cls(code=save_id or uuid.uuid4(), plan=plan, by=by, how=how, others=others, **frozen.columns)
        made.on_device_of = by.on_device_of
        try:
            with transaction.atomic():
                made.save()
        except IntegrityError:
            return made._saved_before()
        made.refresh_from_db(fields=["at"], from_queryset=cls.unguarded.all())
        LogLine.note(EVENTS[how], plan=plan, by=by, under=made)
        if made.is_yes:
            plan.note_agreement(at=made.at)
        return made

    def _saved_before(self):
        """The agreement that this save made the first time."""
        known = Agreement.unguarded.filter(pk=self.pk, plan=self.plan, by=self.by).first()
        same = known and (known.how, known.others, known.digest) == (self.how, self.others, self.digest)
        if not same:
            raise SaveIdReused
        return known

    @property
    def is_yes(self):
        """Whether the person said yes, in whatever way."""
        return self.how != HowSaid.NOT_ASKED

    @property
    def is_own(self):
        """Whether the person said it themself, on a screen."""
        return self.how in OWN

    @property
    def walked_by(self):
        """Who said that they will walk this with the person."""
        return [walked.by for walked in self.walked.all()]

    @transaction.atomic
    def walk_along(self, *, by):
        """A peer specialist says "I will walk this with you". A second time says nothing new."""
        if by.pk == self.plan.person.user_id:
            raise NotAllowedToChange
        try:
            with transaction.atomic():
                WalkedAgreement.unguarded.create(agreement=self, by=by)
        except IntegrityError:
            return
        LogLine.note(PlanEvent.AGREED_TO_WALK, plan=self.plan, by=by, under=self)


class WalkedAgreement(AppendOnly):
    """Somebody who walks with the person said that they will walk this with them. Rows are only ever added."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="walked")
    by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    unguarded = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "by"], name="one_says_it_once")]

    def __str__(self):
        return f"walked agreement {self.code}"
