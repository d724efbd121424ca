"""The access log: who looked, printed, changed, when, and in which part. Readable by the person."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from peers.asking import Addition, Question, given
from recovery_plans.events import Happened

SAME_LOOK = timedelta(minutes=10)
# Repeated looks by one reader are one line; prints and changes never are.
LOOKS = frozenset({Happened.PLAN_LOOKED, Happened.SUMMARY_LOOKED})


class LogLine(models.Model):
    """One thing that happened to one plan. Rows are only ever added; nothing is built on them but the person's page."""

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Codes, not foreign keys: the log outlives what it speaks of, and carries no names.
    plan = models.UUIDField()
    at = models.DateTimeField(db_default=Now())
    what = models.CharField(max_length=40, choices=Happened)
    by = models.UUIDField()
    part = models.CharField(max_length=20, blank=True)
    line = models.UUIDField(null=True)
    # Which yes or print job it happened under, where there is one.
    under = models.UUIDField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["plan", "-at", "code"], name="log_of_a_plan"),
            models.Index(fields=["plan", "by", "what", "-at"], name="log_of_a_reader"),
        ]

    unguarded = models.Manager()

    def __str__(self):
        return f"log line {self.code}"

    @classmethod
    def note(cls, what, *, plan, by, part="", line=None, under=None):
        """Write one line, inside the transaction of the thing that happened."""
        if what in LOOKS and cls._looked_just_now(what, plan=plan, by=by):
            return
        ONE_MORE.make(**cls.told(what, plan=plan, by=by, part=part, line=line, under=under))

    @staticmethod
    def told(what, *, plan, by, part="", line=None, under=None):
        """The values of one line of the log."""
        return {
            "code": uuid.uuid4(), "plan": plan.pk, "what": Happened(what), "by": by.pk, "part": part,
            "line": line.pk if line else None, "under": under.pk if under else None,
        }  # fmt: skip

    @classmethod
    def _looked_just_now(cls, what, *, plan, by):
        return bool(LOOKED.rows(plan=plan.pk, by=by.pk, what=what, since=timezone.now() - SAME_LOOK))


ONE_MORE = Addition(LogLine)
LOOKED = Question(
    lambda: LogLine.unguarded.filter(
        plan=given("plan"), by=given("by"), what=given("what", models.CharField()),
        at__gt=given("since", models.DateTimeField()),
    ).values_list("pk")[:1]
)  # fmt: skip
