"""One PDF for whoever waits: the yes is asked again before the first byte leaves, and the log says what came of it.

The other way, for many summaries at once, is `print_jobs.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.http import Http404
from django.shortcuts import render

from peers.doors import set_database_user
from peers.models import User
from recovery_plans.events import PlanEvent
from recovery_plans.models import LogLine, Plan, PrintTurn
from recovery_plans.pdf.plan_sheet import print_one
from recovery_plans.pdf_service.client import PdfFailed
from recovery_plans.sections import GOALS

LARGE_PARTS_NAMED = 3


@dataclass(frozen=True)
class SinglePrint:
    """A PDF that was asked for, to be made once the door's transaction is over.

    `still_holds` tells for the reader, as they are then, whether all that is in it may be printed by them.
    """

    html: str
    turn: PrintTurn
    plan: Plan
    by: User
    printed: PlanEvent
    not_printed: PlanEvent
    still_holds: Callable[[User], bool]
    under: object = None

    def make(self):
        """The PDF. Raises PdfFailed where there is none, and the usual 404 where a yes has ended meanwhile."""
        try:
            pdf = print_one(self.html)
        except PdfFailed:
            self._note_what_came_of_it(is_made=False)
            raise
        finally:
            self.turn.end()
        if not self._note_what_came_of_it(is_made=True):
            raise Http404
        return pdf

    @transaction.atomic
    def _note_what_came_of_it(self, *, is_made):
        """Write the line that the person reads. Whether the PDF may leave."""
        by = User.objects.get(pk=self.by.pk)
        set_database_user(by)
        may_leave = is_made and by.is_active and self.still_holds(by)
        LogLine.note(self.printed if may_leave else self.not_printed, plan=self.plan, by=by, under=self.under)
        return may_leave


def one_is_being_made(request):
    """What a second tap is answered while the first one's PDF is being made."""
    response = render(request, "recovery_plans/printing/one_at_a_time.html", status=409)
    response.headers["Retry-After"] = "10"
    return response


def largest_parts(reading, parts):
    """The parts with the most to print, the largest first: which to leave out where all of them are too much."""

    def letters(part):
        goals = (line for goal in reading.goals for line in (goal, *goal.steps))
        return sum(len(line.words) + len(line.detail) for line in (goals if part == GOALS else reading.entries(part)))

    sized = sorted(((letters(part), part) for part in parts), key=lambda each: -each[0])
    return [part for size, part in sized[:LARGE_PARTS_NAMED] if size]
