"""Who may see what: the policy, and the doors of a plan. Whose pen a line is, the line itself says (models/lines.py).

A reader's *reach* is what they may see, write and print of one plan. The person reaches everything; anyone else
reaches exactly what a live grant opens. Where reach ends, the plan does not exist: the same 404 as for no plan.
"""

from dataclasses import dataclass
from functools import cache, wraps
from typing import NamedTuple

from django.http import Http404, HttpResponseNotAllowed
from django.http.response import HttpResponseRedirectBase

from peers.asking import Question, given
from peers.doors import behind, marked
from peers.models import Walk
from peers.models.organization import StaffRole
from recovery_plans.events import Happened
from recovery_plans.models import Action, Grant, GrantedPart, LogLine, NotYourPen, Plan, Purpose, Section
from recovery_plans.models.sharing import GOALS, SUMMARY, live, stands

ALL_PARTS = frozenset([*Section.values, GOALS])
METHODS = ("GET", "HEAD", "POST")  # how a page of a plan can be asked for


@dataclass(frozen=True)
class Reach:
    """What one reader may see, write and print of one plan."""

    is_owner: bool
    sees: frozenset
    writes: frozenset
    prints: frozenset

    def require(self, part, *, to_write=False):
        """Raise the usual 404 where this part is not open to the reader."""
        if part not in (self.writes if to_write else self.sees):
            raise Http404


OWNER = Reach(is_owner=True, sees=ALL_PARTS, writes=ALL_PARTS, prints=ALL_PARTS)


# --- the policy ---


PLAN = Question(
    lambda: Plan.unguarded.select_related("person__user", "person__organization").filter(pk=given("plan"))
)  # fmt: skip


def find_plan(*, user, code, to_write=False):
    """The plan with this code and the user's reach in it. Raises Http404 alike for "not yours" and "not there"."""
    plan = PLAN.first(plan=code)
    if plan is None:
        raise Http404
    if plan.person.user_id == user.pk:
        return plan, OWNER
    if to_write:
        rows = [Yes(*row) for row in YESES_HELD.rows(plan=plan.pk, reader=user.pk)]
    else:
        plan.yeses = yeses_now(plan)
        rows = [yes for yes in plan.yeses if yes.reader == user.pk and yes.purpose == Purpose.WALK]
    if not rows:
        raise Http404
    return plan, Reach(
        is_owner=False,
        sees=frozenset(yes.part for yes in rows if yes.action == Action.SEE),
        writes=frozenset(yes.part for yes in rows if yes.action == Action.WRITE),
        prints=frozenset(yes.part for yes in rows if yes.action == Action.PRINT),
    )


class Yes(NamedTuple):
    """One part and one action that a live grant opens to one reader right now, all by their codes."""

    part: str
    action: str
    purpose: str
    grant: object
    reader: object  # None where it is whoever supervises
    reader_name: str


def _parts_open():
    """What grants open in this plan, oldest grant first; as `Yes`."""
    return (
        GrantedPart.unguarded.filter(grant__plan=given("plan"))
        .order_by("grant__starts_at", "grant_id")
        .values_list("part", "action", "grant__purpose", "grant_id", "grant__reader_id", "grant__reader__name")
    )


YESES = Question(lambda: _parts_open().filter(grant__in=Grant.unguarded.filter(live(), plan=given("plan"))))
# What one reader may do while walking along, held still: else a write could land after a stop has returned.
YESES_HELD = Question(
    lambda: _parts_open().filter(
        stands("grant__"), grant__reader=given("reader"), grant__purpose=Purpose.WALK,
        grant__walk__peer=given("reader"), grant__walk__ended_at=None,
    ),
    held=(Grant._meta.db_table, Walk._meta.db_table),
)  # fmt: skip


def yeses_now(plan):
    """Everything that live grants open in this plan right now, by the database's own clock; oldest grant first."""
    return [Yes(*row) for row in YESES.rows(plan=plan.pk)]


def plans_reached_by(user):
    """The plans this user may open because they walk with the person, for Today."""
    granted = Grant.unguarded.filter(live(), reader=user, purpose=Purpose.WALK).values("plan_id")
    return Plan.unguarded.filter(pk__in=granted).select_related("person__user")


def grants_now(plan):
    """Every live yes in this plan, oldest first, each with its parts: who can see something right now."""
    return list(
        Grant.unguarded.filter(live(), plan=plan)
        .select_related("reader", "walk", "supervisors_of")
        .prefetch_related("parts")
        .order_by("starts_at", "code")
    )


def own_plan(user):
    """The user's own plan, or None."""
    return Plan.unguarded.filter(person__user=user).first()


def summaries_reached_by(user):
    """The live yeses to a one-page summary that this supervisor may open, by name."""
    organizations = [held.organization_id for held in user.roles_now() if held.role == StaffRole.SUPERVISOR]
    return (
        Grant.unguarded.filter(live(), purpose=Purpose.SUMMARY, supervisors_of__in=organizations)
        .filter(parts__part=SUMMARY, parts__action=Action.SEE)
        .select_related("plan__person__user", "supervisors_of")
    )


def find_summary(*, user, code, action=Action.SEE):
    """The live yes with this code that this supervisor may use now. Raises Http404 when it ended or never was."""
    grant = summaries_reached_by(user).filter(pk=code).first()
    if grant is None or (action != Action.SEE and not grant.parts.filter(part=SUMMARY, action=action).exists()):
        raise Http404
    return grant


@cache
def _line_in(table):
    return Question(
        lambda: table.unguarded.select_related("changed_by").filter(plan=given("plan"), pk=given("line"))
    )  # fmt: skip


def find_line(plan, table, code, *, reach, to_write=False, even_gone=False):
    """A line of this plan by its code; with `even_gone`, also one that was taken out. `line.plan` is set.

    Raises Http404 where there is none, and where its part is closed to the reader.
    """
    line = _line_in(table).first(plan=plan.pk, line=code)
    if line is None or (line.is_gone and not even_gone):
        raise Http404
    reach.require(line.part, to_write=to_write)
    line.plan = plan
    return line


# --- the doors of a plan ---


def reads(view):
    """For whoever may see something of this plan. Another's look is noted where the person can read it."""

    def admit(request, kwargs):
        plan, reach = find_plan(user=request.user, code=kwargs.pop("plan"))
        return _hand_over(request, kwargs, plan, reach)

    return _plan_door(view, door="reads", admit=admit)


def writes(view):
    """For whoever may write in this plan. Who writes also sees, and their look is noted like any other."""

    def admit(request, kwargs):
        plan, reach = find_plan(user=request.user, code=kwargs.pop("plan"), to_write=request.method == "POST")
        if not reach.writes:
            raise Http404
        return _hand_over(request, kwargs, plan, reach)

    return _plan_door(view, door="writes", admit=admit)


def owns(view):
    """For the person whose plan it is, and nobody else."""

    def admit(request, kwargs):
        plan, reach = find_plan(user=request.user, code=kwargs.pop("plan"))
        if not reach.is_owner:
            raise Http404
        return _hand_over(request, kwargs, plan, reach)

    return _plan_door(view, door="owns", admit=admit)


def accompanies(view):
    """For the peer specialist who walks with this person: the screens two people look at together."""

    def admit(request, kwargs):
        plan, reach = find_plan(user=request.user, code=kwargs.pop("plan"), to_write=request.method == "POST")
        if reach.is_owner:
            raise Http404
        return _hand_over(request, kwargs, plan, reach)

    return _plan_door(view, door="accompanies", admit=admit)


def summarizes(view):
    """For supervisors; what they may open is asked again for each summary."""

    def admit(request, kwargs):
        if not request.user.holds(StaffRole.SUPERVISOR):
            raise Http404
        return kwargs

    return behind(view, door="summarizes", admit=admit)


def _plan_door(view, *, door, admit):
    """A door of a plan. Who asks in a way that no page has is told so first: nothing is opened, nothing is noted."""
    opened = behind(_with_plan(view), door=door, admit=admit)

    @wraps(view)
    def enter(request, **kwargs):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return opened(request, **kwargs)

    return marked(enter, door=door)


def _hand_over(request, kwargs, plan, reach):
    request.plan, request.reach = plan, reach
    return kwargs


def _with_plan(view):
    """Hand the view its plan, so that a view of a plan cannot be called without a door having found it.

    Another's look at a plan is noted, however they asked for the page: a form that comes back shows the plan too. Only
    being sent on to another page shows nothing.
    """

    @wraps(view)
    def call(request, **kwargs):
        try:
            answer = view(request, request.plan, **kwargs)
        except NotYourPen:  # what is not yours to change is not there
            raise Http404 from None
        if not isinstance(answer, HttpResponseRedirectBase):
            note_look(request)
        return answer

    return call


def note_look(request):
    """Note another's look at the plan that was opened, where its person can read it."""
    if not request.reach.is_owner:
        LogLine.note(Happened.PLAN_LOOKED, plan=request.plan, by=request.user)
