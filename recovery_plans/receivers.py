"""Receivers of the signals of peers: what that app may tell and ask about plans without knowing them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.dispatch import receiver
from django.utils import timezone

from peers.doors import HandsAreOver
from peers.events import PeopleEvent
from peers.hands import hands_of
from peers.signals import (
    device_taken_back,
    health_checks_requested,
    known_by_changed,
    supporters_requested,
    walk_ended,
    walk_resumed,
    way_in_changed,
)
from recovery_plans.access import own_plan, reach_in_own_plan
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, Plan, PrintJob, Section
from recovery_plans.models.print_jobs import GONE_SILENT, KEPT_FOR, JobState
from recovery_plans.pdf_service import client
from recovery_plans.plan_reading import PlanReading

LONGEST_WAIT = timedelta(minutes=2)


@dataclass(frozen=True)
class OwnNumber:
    """Someone who walks with the reader, or a line of their hard days, in the reader's words."""

    words: str
    helps: str
    phone: str
    language: str
    is_hard_day: bool


@receiver(supporters_requested)
def own_numbers(sender, *, request, **kwargs):
    """The supporters in the reader's own plan, as far as it is open to them here; never anyone else's.

    Those with a number to call come first. After them come the lines of hard days that have a number; never on
    somebody else's device.
    """
    plan = own_plan(request.user)
    if plan is None:
        return []
    try:
        reach = reach_in_own_plan(request, plan)
    except HandsAreOver:
        return []
    reading = PlanReading(plan, reach=reach, reader=request.user)
    people = sorted(reading.supporters, key=lambda entry: not entry.phone)
    hard_days = [] if hands_of(request) else [entry for entry in reading.entries(Section.HARD_DAYS) if entry.phone]
    return [
        OwnNumber(
            words=entry.words,
            helps=entry.detail,
            phone=entry.phone,
            language=entry.language,
            is_hard_day=entry.section == Section.HARD_DAYS,
        )
        for entry in (*people, *hard_days)
    ]


@receiver(way_in_changed)
def note_way_in(sender, *, user, by, what, card, **kwargs):
    """Note in the access log what happened to someone's ways in: only there can they read that somebody came in."""
    plan = own_plan(user)
    if plan is not None:
        LogLine.note(PlanEvent(PeopleEvent(what).value), plan=plan, by=by, under=card)


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


@receiver(walk_resumed)
def note_walk_resumed(sender, *, walk, **kwargs):
    """Note in the access log that what a walk opened is open again."""
    plan = own_plan(walk.person.user)
    if plan is not None:
        plan.note_change(PlanEvent.WALK_RESUMED, by=walk.peer)


@receiver(known_by_changed)
def note_known_by(sender, *, person, by, **kwargs):
    """Note in the access log that someone chose, or took out, what tells the person from another of the same name."""
    plan = own_plan(person.user)
    if plan is not None:
        LogLine.note(PlanEvent.KNOWN_BY_CHOSEN, plan=plan, by=by)


@receiver(device_taken_back)
def note_device_taken_back(sender, *, person, by, **kwargs):
    """Note in the access log that a device is not in the person's hands any more."""
    for plan in Plan.unguarded.filter(person=person):
        LogLine.note(PlanEvent.HANDS_BACK, plan=plan, by=by)


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
