"""Receivers of the signals of peers: what that app may tell and ask about plans without knowing them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from peers.signals import card_used, health_checks_requested, supporters_requested, walk_ended
from recovery_plans.access import OWNER, own_plan
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, PrintJob
from recovery_plans.models.print_jobs import GONE_SILENT, KEPT_FOR, JobState
from recovery_plans.pdf_service import client
from recovery_plans.plan_reading import PlanReading

LONGEST_WAIT = timedelta(minutes=2)


@dataclass(frozen=True)
class OwnPerson:
    """Someone who walks with the reader, in the reader's words."""

    words: str
    helps: str
    language: str


@receiver(supporters_requested)
def own_supporters(sender, *, user, **kwargs):
    """The supporters in the reader's own plan; never anyone else's."""
    plan = own_plan(user)
    if plan is None:
        return []
    reading = PlanReading(plan, reach=OWNER, reader=user)
    return [OwnPerson(entry.words, entry.detail, entry.language) for entry in reading.supporters]


@receiver(card_used)
def note_card_used(sender, *, user, **kwargs):
    """Whoever has the card signs in as the person; only the access log can say to the person that somebody did."""
    plan = own_plan(user)
    if plan is not None:
        LogLine.note(PlanEvent.CARD_USED, plan=plan, by=user)


@receiver(walk_ended)
def note_walk_ended(sender, *, walk, by, card_is_off, **kwargs):
    """Note the end of a walk in the access log; by the peer specialist, where their role ended and the walk with it."""
    plan = own_plan(walk.person.user)
    if plan is None:
        return
    if by is not None and by.pk in (walk.person.user_id, walk.peer_id):
        ended, off, who = PlanEvent.WALK_ENDED, PlanEvent.CARD_TURNED_OFF, by
    else:
        ended, off, who = PlanEvent.WALK_OVER, PlanEvent.CARD_OFF_TOO, walk.peer
    plan.note_change(ended, by=who)
    if card_is_off:
        LogLine.note(off, plan=plan, by=who)


@receiver(health_checks_requested)
def health_checks(sender, **kwargs):
    """What printing needs: the PDF service, and a printer that takes up the jobs."""
    return {"pdf service": pdf_service_works, "printer": printer_works}


def pdf_service_works():
    return client.is_running(socket_path=settings.PDF_SERVICE_SOCKET)


def printer_works():
    """The printer answers no requests; it does not work when a job waits long and no other is being made.

    Nor does it when a job lies here whose time has long been over; whoever asks throws that away.
    """
    now = timezone.now()
    if PrintJob.unguarded.filter(asked_at__lt=now - KEPT_FOR - LONGEST_WAIT).exists():
        PrintJob.clear_old()
        return False
    waits = PrintJob.unguarded.filter(state=JobState.WAITING, asked_at__lt=now - LONGEST_WAIT)
    at_work = PrintJob.unguarded.filter(state=JobState.PRINTING, heard_from_at__gte=now - GONE_SILENT)
    return not waits.exists() or at_work.exists()
