"""Visits: the times the two have together. What is written of one is the person's; nothing of it is required."""

import uuid

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext_lazy as _

from recovery_plans.events import PlanEvent
from recovery_plans.models.lines import SaveIdReused

WHERE_LIMIT = 120


class How(models.TextChoices):
    """How the two meet."""

    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")


class VisitMoved(Exception):
    """Somebody has set another next time meanwhile: `now` is the one that stands, or None."""

    def __init__(self, now):
        super().__init__("another next time was set")
        self.now = now


class Visit(models.Model):
    """A day, a time, a way and a place that the two of one walk have said for their next time, as it was said once.

    Another day is another row, and the one before has its `ended_at`: what was said is never written over.
    """

    # Also the id of the save: the same form sent twice says it once.
    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.PROTECT, related_name="visits")
    walk = models.ForeignKey("peers.Walk", on_delete=models.PROTECT, related_name="visits")
    # Whose Today it stands on; that of the walk, for an index along the days.
    peer = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    how = models.CharField(max_length=10, choices=How, blank=True)
    where = models.CharField(max_length=WHERE_LIMIT, blank=True)
    set_by = models.ForeignKey("peers.User", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    unguarded = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["walk"], condition=Q(ended_at=None), name="one_next_time_a_walk"),
            models.CheckConstraint(condition=Q(how="") | Q(how__in=How.values), name="how_to_meet_is_known"),
            models.CheckConstraint(
                condition=Q(day__isnull=False) | Q(time__isnull=False) | ~Q(how="") | ~Q(where=""),
                name="visit_says_something",
            ),
        ]
        indexes = [models.Index(fields=["peer", "day"], condition=Q(ended_at=None), name="coming_visits_of_a_peer")]

    def __str__(self):
        return f"visit {self.code}"

    @classmethod
    def next_of(cls, walks):
        """What stands for the next time of each of these walks, by the walk's code."""
        return {visit.walk_id: visit for visit in cls.unguarded.filter(walk__in=walks, ended_at=None)}

    @classmethod
    def coming_of(cls, peer, *, walks, at_most):
        """The next times of these walks of one peer specialist whose day is to come, the soonest first."""
        coming = cls.unguarded.filter(peer=peer, ended_at=None, day__gte=timezone.localdate(), walk__in=walks)
        coming = coming.select_related("walk__person__user", "walk__person__plan")
        return list(coming.order_by("day", "time", "code")[:at_most])

    @property
    def is_over(self):
        """Whether its day has gone by."""
        return self.day is not None and self.day < timezone.localdate()

    @property
    def arranged(self):
        """What was said of it, as the arguments of `set_next`."""
        return {"day": self.day, "time": self.time, "how": self.how, "where": self.where}

    @property
    def when_and_how(self):
        """The day, the time and the way in words, in the language in use."""
        day = self.day and date_format(self.day, "l, N j")
        time = self.time and time_format(self.time, "TIME_FORMAT")
        return ", ".join(part for part in (day, time, self.get_how_display()) if part)

    # --- verbs ---

    @classmethod
    @transaction.atomic
    def set_next(cls, *, plan, walk, by, instead_of, save_id, day=None, time=None, how="", where=""):
        """Say when, where and how the two of this walk meet next; with nothing said, no next time stands any more.

        `instead_of` is the code of the one that was on the screen, or None. Returns the visit, or None where none is
        left. Raises VisitMoved where another one stands by now, and SaveIdReused where this save came before with
        something else in it; nothing has changed then.
        """
        plan.lock()
        now = cls.unguarded.filter(walk=walk, ended_at=None).first()
        arranged = {"day": day, "time": time, "how": how, "where": where}
        known = cls.unguarded.filter(pk=save_id).first()
        if known is not None and (known.walk_id != walk.pk or known.arranged != arranged):
            raise SaveIdReused
        as_it_stands = now.arranged == arranged if now else not any(arranged.values())
        if known is not None or as_it_stands:
            return now
        if (now.pk if now else None) != instead_of:
            raise VisitMoved(now)
        if now is not None:
            now.ended_at = timezone.now()
            now.save(update_fields=["ended_at"])
        if not any(arranged.values()):
            if now is not None:
                plan.note_change(PlanEvent.VISIT_CALLED_OFF, by=by)
            return None
        visit = cls.unguarded.create(code=save_id, plan=plan, walk=walk, peer_id=walk.peer_id, set_by=by, **arranged)
        plan.note_change(PlanEvent.VISIT_SET, by=by)
        return visit
