"""What is remembered about printing: a reader's last choices, and a supervisor's print job."""

import uuid
from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT_FOR = timedelta(minutes=30)
GONE_SILENT = timedelta(seconds=60)
# Longer than the app waits for one PDF: after it, whoever was at work on it has died.
LONGEST_PRINT = timedelta(minutes=5)


class PrintSize(models.TextChoices):
    """How large a sheet is printed; large and extra large after the guidance of the American Council of the Blind."""

    REGULAR = "regular", _("Regular")
    LARGE = "large", _("Large (18 point)")
    EXTRA_LARGE = "extra_large", _("Extra large (24 point)")


class Paper(models.TextChoices):
    """The paper a sheet is printed on."""

    LETTER = "letter", _("Letter")
    A4 = "a4", _("A4")


class PrintChoice(models.Model):
    """How one reader last printed one plan, so that next time is one tap."""

    plan = models.ForeignKey("recovery_plans.Plan", on_delete=models.CASCADE, related_name="print_choices")
    reader = models.ForeignKey("peers.User", on_delete=models.CASCADE, related_name="+")
    parts = models.JSONField(default=list)
    size = models.CharField(max_length=12, choices=PrintSize, default=PrintSize.REGULAR)
    paper = models.CharField(max_length=6, choices=Paper, default=Paper.LETTER)
    language = models.CharField(max_length=16, default="en")
    grey = models.BooleanField(default=False)
    room_to_write = models.BooleanField(default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    unguarded = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "reader"], name="one_print_choice_a_reader")]

    def __str__(self):
        return f"print choice {self.pk}"

    @classmethod
    def of(cls, *, plan, reader):
        """The last choices, or None."""
        return cls.unguarded.filter(plan=plan, reader=reader).first()

    @classmethod
    @transaction.atomic
    def remember(cls, *, plan, reader, **choices):
        choice, _new = cls.unguarded.update_or_create(
            plan=plan, reader=reader, defaults={**choices, "changed_at": timezone.now()}
        )
        return choice


class PrintTurn(models.Model):
    """One user's turn at printing while they wait: one PDF at a time, so that nobody takes all threads of the web
    server by asking for many.
    """

    by = models.OneToOneField("peers.User", on_delete=models.CASCADE, primary_key=True, related_name="+")
    code = models.UUIDField(default=uuid.uuid4, editable=False)
    since = models.DateTimeField(default=timezone.now)

    unguarded = models.Manager()

    def __str__(self):
        return f"print turn {self.code}"

    @classmethod
    @transaction.atomic
    def take(cls, *, by):
        """The user's turn; None while a PDF of theirs is being made. Of two asked for at once, one has it."""
        cls.unguarded.filter(by=by, since__lt=timezone.now() - LONGEST_PRINT).delete()
        turn = cls(by=by)
        cls.unguarded.bulk_create([turn], ignore_conflicts=True)
        return turn if cls.unguarded.filter(by=by, code=turn.code).exists() else None

    def end(self):
        PrintTurn.unguarded.filter(by=self.by, code=self.code).delete()


class JobState(models.TextChoices):
    """Where a print job is, as its page says it."""

    WAITING = "waiting", _("Waiting for its turn")
    PRINTING = "printing", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("It did not work")


class PrintJob(models.Model):
    """Many summaries in one PDF, made in the background. The row of the job is its own entry in the queue.

    A printer that dies leaves a job that says it is being made but has gone silent; after a minute another printer
    takes it over. The job and its PDF are kept for half an hour from when they were asked for; time in line counts too.
    """

    code = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey("peers.User", on_delete=models.CASCADE, related_name="+")
    organization = models.ForeignKey("peers.Organization", on_delete=models.CASCADE, related_name="+")
    grants = models.JSONField(default=list)  # the codes asked for, in order
    size = models.CharField(max_length=12, choices=PrintSize, default=PrintSize.REGULAR)
    language = models.CharField(max_length=16, default="en")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    done = models.PositiveIntegerField(default=0)
    printed = models.JSONField(default=list)  # the codes that are in the PDF
    left_out = models.JSONField(default=list)  # [code, reason]: "ended", "ended_since" or "failed"
    pdf = models.BinaryField(null=True)
    asked_at = models.DateTimeField(default=timezone.now)
    heard_from_at = models.DateTimeField(default=timezone.now)

    unguarded = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["state", "asked_at"], name="print_jobs_in_line")]

    def __str__(self):
        return f"print job {self.code}"

    @classmethod
    def take_next(cls):
        """Take the oldest job that waits or has gone silent; None when there is none. Two printers never take one."""
        silent_since = timezone.now() - GONE_SILENT
        open_jobs = Q(state=JobState.WAITING) | Q(state=JobState.PRINTING, heard_from_at__lt=silent_since)
        for job in cls.unguarded.filter(open_jobs).defer("pdf").order_by("asked_at")[:5]:
            mine = cls.unguarded.filter(pk=job.pk, state=job.state, heard_from_at=job.heard_from_at)
            if mine.update(state=JobState.PRINTING, heard_from_at=timezone.now(), done=0):
                return cls.unguarded.get(pk=job.pk)
        return None

    @classmethod
    def clear_old(cls):
        """Throw away every job that was asked for more than half an hour ago, with its PDF if it came to one."""
        cls.unguarded.filter(asked_at__lt=timezone.now() - KEPT_FOR).delete()
