"""What the other part of the house (peers) may ask about plans without knowing them."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from peers.models.people import is_told_of_goodbyes
from peers.views.health import asked_by_the_machine
from peers.views.safety import knows_own_people
from peers.ways_in import is_told_of_cards
from recovery_plans.access import OWNER, own_plan
from recovery_plans.events import Happened
from recovery_plans.models import LogLine, PrintJob
from recovery_plans.models.printing import GONE_SILENT, JobState
from recovery_plans.pdf_service import client
from recovery_plans.reading import PlanReading

WAITS_AT_MOST = timedelta(minutes=2)


@dataclass(frozen=True)
class OwnPerson:
    """Someone who walks with the reader, in the reader's words."""

    words: str
    helps: str
    language: str


@knows_own_people
def own_supporters(user):
    """The supporters in the reader's own plan; never anyone else's."""
    plan = own_plan(user)
    if plan is None:
        return []
    reading = PlanReading(plan, reach=OWNER, reader=user)
    return [OwnPerson(entry.line.words, entry.line.detail, entry.line.language) for entry in reading.supporters]


@is_told_of_cards
def note_in_their_log(user):
    """Whoever has the card comes in as the person; only the log can tell the person that somebody did."""
    plan = own_plan(user)
    if plan is not None:
        LogLine.note(Happened.CARD_USED, plan=plan, by=user)


@is_told_of_goodbyes
def note_goodbye_in_their_log(walk, *, by, card_is_off):
    """A walk has ended. Where neither of the two ended it, their role here did: then it is told of the one who goes."""
    plan = own_plan(walk.person.user)
    if plan is None:
        return
    if by is not None and by.pk in (walk.person.user_id, walk.peer_id):
        ended, off, who = Happened.WALK_ENDED, Happened.CARD_TURNED_OFF, by
    else:
        ended, off, who = Happened.WALK_OVER, Happened.CARD_OFF_TOO, walk.peer
    plan.note_change(ended, by=who)
    if card_is_off:
        LogLine.note(off, plan=plan, by=who)


@asked_by_the_machine("pdf service")
def pdf_service_is_well():
    return client.is_running(socket_path=settings.PDF_SERVICE_SOCKET)


@asked_by_the_machine("printer")
def printer_is_well():
    """The printer has no bell of its own; it is not well when a job waits long and no other is being made."""
    now = timezone.now()
    waits = PrintJob.unguarded.filter(state=JobState.WAITING, asked_at__lt=now - WAITS_AT_MOST)
    at_work = PrintJob.unguarded.filter(state=JobState.PRINTING, heard_from_at__gte=now - GONE_SILENT)
    return not waits.exists() or at_work.exists()
