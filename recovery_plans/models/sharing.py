"""Grants: the person lets one reader see some parts, for a purpose, until a date."""

import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peers.models.append_only import AppendOnly, AppendOnlyQuerySet
from recovery_plans.events import PlanEvent
from recovery_plans.models.access_log import LogLine
from recovery_plans.sections import GOALS, OPEN_BY_WALKING, Section

SUMMARY_DAYS = 90
SUMMARY_DAYS_AT_MOST = 365
SAME_YES = timedelta(minutes=10)  # within it, a yes for as long a time is the same yes, tapped twice
WORDING = "2026-11"  # which wording of the yes the person read; goes up when the sentences change

SUMMARY = "summary"
PARTS = [*Section.values, GOALS, SUMMARY]


class Purpose(models.TextChoices):
    """What a yes was given for."""

    WALK = "walk", _("Walking together")
    SUMMARY = "summary", _("A one-page summary for the supervisors")


class Action(models.TextChoices):
    """What a reader may do with a part. None implies another."""

    SEE = "see", _("See it")
    WRITE = "write", _("Write alongside")
    PRINT = "print", _("Print it")


class ConsentMethod(models.TextChoices):
    """How the yes was given; recorded as what happened."""

    ON_SCREEN = "on_screen", _("On screen")
    SAID_TOGETHER = "said_together", _("Said out loud, together")
    ON_PAPER = "on_paper", _("On paper")


def in_force(grant=""):
    """What makes a grant hold now, by the database's own clock; the grant of a walk ends with the walk.

    The grant of a walk holds from when it was made: nobody chose its start, and a clock that was wrong then, and is
    right now, would keep the two apart for as long as it was wrong.
    `grant` leads to the grant from the rows that are asked for, such as "grant__".
    """
    is_given = Q(**{f"{grant}revoked_at": None})
    has_begun = Q(**{f"{grant}starts_at__lte": Now()}) | Q(**{f"{grant}purpose": Purpose.WALK})
    goes_on = Q(**{f"{grant}ends_at": None}) | Q(**{f"{grant}ends_at__gt": Now()})
    still_walks = Q(**{f"{grant}walk__ended_at": None})  # true as well of a grant without a walk
    return is_given & has_begun & goes_on & still_walks


class Grant(models.Model):
    """A person's yes (the elements of 42 CFR 2.31). Never changed: only stopped, or followed by another.

    The plan is locked while a grant is made: two taps at once would else both find none and make two. Closing a part
    does not lock it: a writer locks their grant first and changes the plan after; the other way round, the two would
    wait for each other.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="grants")
    # One of the two: a named reader, or whoever supervises in this organization.
    reader = models.ForeignKey("peers.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    supervisors_of = models.ForeignKey(
        "peers.Organization", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    walk = models.ForeignKey("peers.Walk", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=20, choices=Purpose)
    given_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    given = models.CharField(max_length=20, choices=ConsentMethod)
    wording = models.CharField(max_length=20, default=WORDING)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reader=None, supervisors_of__isnull=False) | Q(reader__isnull=False, supervisors_of=None),
                name="a_grant_has_one_kind_of_reader",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=False) | Q(purpose=Purpose.WALK, walk__isnull=False),
                name="only_walking_together_has_no_end_date",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "revoked_at"], name="grants_of_a_plan"),
            models.Index(fields=["reader", "revoked_at"], name="grants_of_a_reader"),
            models.Index(fields=["supervisors_of", "purpose", "revoked_at"], name="grants_of_a_team"),
        ]

    def __str__(self):
        return f"grant {self.code}"

    @classmethod
    @transaction.atomic
    def for_walk(cls, *, plan, walk, by):
        """What walking together opens: every part but the story and hard days. Saying it twice changes nothing."""
        plan.lock()
        grant = cls.unguarded.filter(in_force(), plan=plan, walk=walk).first()
        if grant is None:
            given = ConsentMethod.ON_SCREEN if by.pk == plan.person.user_id else ConsentMethod.SAID_TOGETHER
            grant = cls.unguarded.create(
                plan=plan, reader=walk.peer, walk=walk, purpose=Purpose.WALK, given_by=by, given=given
            )
            grant._open(OPEN_BY_WALKING, Action.values)
        return grant

    @classmethod
    @transaction.atomic
    def open_part(cls, *, plan, walk, section, by):
        """The person opens one private part to the one who walks with them."""
        plan.lock()
        if cls.unguarded.filter(in_force(), plan=plan, walk=walk, parts__part=section).exists():
            return
        grant = cls.unguarded.create(
            plan=plan, reader=walk.peer, walk=walk, purpose=Purpose.WALK, given_by=by, given=ConsentMethod.ON_SCREEN
        )
        grant._open([section], Action.values)
        plan.note_change(PlanEvent.PART_OPENED, by=by, part=section)

    @classmethod
    @transaction.atomic
    def close_part(cls, *, plan, walk, section, by):
        """The person closes a private part again, at once."""
        opened = cls.unguarded.filter(plan=plan, walk=walk, revoked_at=None, parts__part=section).distinct()
        stopped = cls.unguarded.filter(pk__in=[grant.pk for grant in opened]).update(revoked_at=timezone.now())
        if stopped:
            plan.note_change(PlanEvent.PART_CLOSED, by=by, part=section)

    @classmethod
    @transaction.atomic
    def say_yes_to_summary(cls, *, plan, organization, by, days=SUMMARY_DAYS):
        """The person lets this organization's supervisors see and print the one page, for some days.

        Another yes takes the place of the one that holds; two taps on the same yes are one.
        """
        plan.lock()
        ends_at = timezone.now() + timedelta(days=min(days, SUMMARY_DAYS_AT_MOST))
        summary = {"plan": plan, "supervisors_of": organization, "purpose": Purpose.SUMMARY, "given_by": by}
        just_given = cls.unguarded.filter(
            in_force(), ends_at__range=(ends_at - SAME_YES, ends_at + SAME_YES), **summary
        )
        if same := just_given.first():
            return same
        cls.stop_summary(plan=plan, by=by)
        grant = cls.unguarded.create(given=ConsentMethod.ON_SCREEN, ends_at=ends_at, **summary)
        grant._open([SUMMARY], [Action.SEE, Action.PRINT])
        LogLine.note(PlanEvent.SUMMARY_YES, plan=plan, by=by, under=grant)
        return grant

    @classmethod
    @transaction.atomic
    def stop_summary(cls, *, plan, by):
        """The person takes the yes back. It stops at once; what was printed before cannot be called back."""
        plan.lock()
        yes = cls.unguarded.filter(plan=plan, purpose=Purpose.SUMMARY, revoked_at=None)
        if yes.update(revoked_at=timezone.now()):
            LogLine.note(PlanEvent.SUMMARY_STOPPED, plan=plan, by=by)

    def _open(self, parts, actions):
        GrantedPart.unguarded.bulk_create(
            [GrantedPart(grant=self, part=part, action=action) for part in parts for action in actions]
        )


class GrantedPart(AppendOnly):
    """One part and one action that a grant opens. Rows are only ever added."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=20)
    action = models.CharField(max_length=10, choices=Action)

    unguarded = AppendOnlyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["grant", "part", "action"], name="a_part_is_granted_once"),
            models.CheckConstraint(condition=Q(part__in=PARTS), name="granted_part_is_known"),
            models.CheckConstraint(condition=Q(action__in=Action.values), name="granted_action_is_known"),
        ]

    def __str__(self):
        return f"granted part {self.code}"
