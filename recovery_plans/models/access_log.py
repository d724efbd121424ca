"""The access log: who looked, printed, changed, when, and in which part. Readable by the person."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from peers.models.append_only import AppendOnly, AppendOnlyQuerySet
from recovery_plans.events import PlanEvent

SAME_LOOK = timedelta(minutes=10)
# Repeated looks by one reader are one line; prints and changes never are.
LOOKS = frozenset({PlanEvent.PLAN_LOOKED, PlanEvent.SUMMARY_LOOKED})


class LogLine(AppendOnly):
    """One thing that happened to one plan. Rows are only ever added; nothing is built on them but the person's page."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Codes, not foreign keys: the log outlives what it speaks of, and carries no names.
    plan = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    what = models.CharField(max_length=40, choices=PlanEvent)
    # Nobody who can sign in, where whoever runs the server did it.
    by = models.UUIDField(null=True)
    part = models.CharField(max_length=20, blank=True)
    line = models.UUIDField(null=True)
    # Whose device it was done on, where its owner had put it into the person's hands.
    on_device_of = models.UUIDField(null=True)
    # Which yes or print job it happened under, where there is one.
    under = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["plan", "-at", "code"], name="log_of_a_plan"),
            models.Index(fields=["plan", "by", "what", "-at"], name="log_of_a_reader"),
        ]

    unguarded = AppendOnlyQuerySet.as_manager()

    def __str__(self):
        return f"log line {self.code}"

    @classmethod
    def note(cls, what, *, plan, by, part="", line=None, under=None):
        """Write one line, inside the transaction of the thing that happened."""
        if what in LOOKS and cls._looked_just_now(what, plan=plan, by=by):
            return
        cls.unguarded.create(
            plan=plan.pk,
            what=PlanEvent(what),
            by=by.pk if by else None,
            on_device_of=by.on_device_of.pk if by and by.on_device_of else None,
            part=part,
            line=line.pk if line else None,
            under=under.pk if under else None,
        )

    @classmethod
    def _looked_just_now(cls, what, *, plan, by):
        since = timezone.now() - SAME_LOOK
        return cls.unguarded.filter(plan=plan.pk, by=by.pk, what=what, at__gt=since).exists()
