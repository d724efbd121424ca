"""Who may see what: the policy, and the doors of a plan. `Line.may_be_changed_by` decides who may change a line.

A reader's *reach* is what they may see, write and print of one plan. The person reaches everything; who walks with them
reaches exactly what the grants of that walk open while they are in force; a summary has a door of its own. Without
reach the answer is the same 404 as for no plan.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponseNotAllowed
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import get_object_or_404

from peers.doors import HandsAreOver, behind, marked
from peers.hands import hands_of
from peers.models.organization import StaffRole
from peers.ways import way_of
from recovery_plans.events import PlanEvent
from recovery_plans.models import (
    Action,
    Agreement,
    Entry,
    Goal,
    Grant,
    GrantedPart,
    HowSaid,
    Idea,
    LogLine,
    NotAllowedToChange,
    Plan,
    Purpose,
    Section,
    Step,
)
from recovery_plans.models.sharing import SUMMARY, in_force
from recovery_plans.sections import GOALS, PRIVATE_SECTIONS, VISITS

ALL_PARTS = frozenset([*Section.values, GOALS])
METHODS = ("GET", "HEAD", "POST")  # how a page of a plan can be asked for


@dataclass(frozen=True)
class Reach:
    """What one reader may see, write and print of one plan."""

    is_owner: bool
    sees: frozenset
    writes: frozenset
    prints: frozenset
    # Whether what is the person's alone is open too: to the person, in a session of their own.
    opens_all: bool = False
    lender: object = None  # whose device it is, where nothing opens that they do not see, no idea of others either

    def require(self, part, *, to_write=False):
        """Raise the usual 404 where this part is not open to the reader."""
        if part not in (self.writes if to_write else self.sees):
            raise Http404


OWNER = Reach(is_owner=True, sees=ALL_PARTS | {VISITS}, writes=ALL_PARTS | {VISITS}, prints=ALL_PARTS, opens_all=True)
# What is the person's alone is said here and nowhere else: the private parts and, with `opens_all`, the rulers.
# Addresses that are theirs alone are those behind a door that does not open `by_any_way`.
EVERYDAY_PARTS = ALL_PARTS - frozenset(PRIVATE_SECTIONS)
EVERYDAY = Reach(is_owner=True, sees=EVERYDAY_PARTS, writes=EVERYDAY_PARTS, prints=EVERYDAY_PARTS)


# --- the policy ---


def find_plan(*, user, code, to_write=False):
    """The plan with this code and the user's reach in it. Raises Http404 alike for "not yours" and "not there"."""
    plan = own_plan(user)
    if plan is not None and plan.pk == code:
        return plan, OWNER
    plan = get_object_or_404(Plan.unguarded.select_related("person__user"), pk=code)
    found = parts_open_by_walking(plan, reader=user, to_write=to_write)
    if not found:
        raise Http404
    reach = Reach(
        is_owner=False,
        sees=frozenset(each.part for each in found if each.action == Action.SEE),
        writes=frozenset(each.part for each in found if each.action == Action.WRITE),
        prints=frozenset(each.part for each in found if each.action == Action.PRINT),
    )
    between = {VISITS} if reach.writes else set()  # who only reads along meets nobody by it
    return plan, replace(reach, sees=reach.sees | between, writes=reach.writes | between)


class OpenPart(NamedTuple):
    """One part and one action that a grant in force opens to one reader, all by their codes."""

    part: str
    action: str
    purpose: str
    walk: object  # None where the reader does not walk with the person
    reader: object  # None where it is whoever supervises in an organization
    reader_name: str
    supervisors_of_name: str
    ideas_wait: bool = False  # whether something that this reader offered for this part waits for an answer


def open_parts(plan):
    """Everything that grants open in this plan right now, by the database's own clock; oldest grant first."""
    parts = GrantedPart.unguarded.filter(in_force("grant__"), grant__plan=plan)
    if plan.open_ideas:  # on most plans none is, and what follows takes as long as the rest of this query
        waiting = Idea.unguarded.filter(Idea.still_waiting(), walk=OuterRef("grant__walk"), part=OuterRef("part"))
        parts = parts.annotate(ideas_wait=Exists(waiting))
    columns = [
        "part",
        "action",
        "grant__purpose",
        "grant__walk_id",
        "grant__reader_id",
        "grant__reader__name",
        "grant__supervisors_of__name",
        *(["ideas_wait"] if plan.open_ideas else []),
    ]
    rows = parts.order_by("grant__starts_at", "grant_id").values_list(*columns, named=True)
    return [
        OpenPart(
            part=row.part,
            action=row.action,
            purpose=row.grant__purpose,
            walk=row.grant__walk_id,
            reader=row.grant__reader_id,
            reader_name=row.grant__reader__name,
            supervisors_of_name=row.grant__supervisors_of__name,
            ideas_wait=plan.open_ideas > 0 and row.ideas_wait,
        )
        for row in rows
    ]


def parts_open_by_walking(plan, *, reader, to_write):
    """Each part and action open to who walks along; to write, locked until the transaction ends."""
    if to_write:
        return lock_open_parts(plan, reader=reader)
    plan.open_parts = open_parts(plan)  # the reading of this plan needs them too
    return [part for part in plan.open_parts if part.reader == reader.pk and part.purpose == Purpose.WALK]


def lock_open_parts(plan, *, reader):
    """Each part and action open to who walks along. Until the transaction ends, neither their grants nor the walk ends.

    Without the lock a write could land after a stop has returned (tests/test_concurrency.py). The lock is FOR NO KEY
    UPDATE: Django has no FOR SHARE, and the only other taker of this lock is another write of the same reader in the
    same plan. Nobody else's write waits, and no read.
    The parts are read after it: rows of three tables joined, or instances of them, cost more than a second query.
    SQLite has one writer at a time and needs no lock.
    """
    by_walking = Grant.unguarded.filter(in_force(), plan=plan, reader=reader, purpose=Purpose.WALK, walk__peer=reader)
    # Locked are the tables that this query joins, the grants and their walk.
    grants = list(by_walking.select_for_update(no_key=True).order_by("code").values_list("code", flat=True))
    if not grants:
        return []
    return list(GrantedPart.unguarded.filter(grant__in=grants).values_list("part", "action", named=True))


def plans_reached_by(user):
    """The plans this user may open because they walk with the person, for Today."""
    granted = Grant.unguarded.filter(in_force(), reader=user, purpose=Purpose.WALK).values("plan_id")
    return Plan.unguarded.filter(pk__in=granted).select_related("person__user")


def grants_now(plan):
    """Every grant in force in this plan, oldest first, each with its parts: who can see something right now."""
    return list(
        Grant.unguarded.filter(in_force(), plan=plan)
        .select_related("reader", "walk", "supervisors_of")
        .prefetch_related("parts")
        .order_by("starts_at", "code")
    )


def own_plan(user):
    """The user's own plan, or None; one query for each user that was fetched."""
    return getattr(getattr(user, "person", None), "plan", None)


def summaries_reached_by(user):
    """The grants in force to a one-page summary that this supervisor may open, by name."""
    organizations = [held.organization_id for held in user.roles_now() if held.role == StaffRole.SUPERVISOR]
    return (
        Grant.unguarded.filter(in_force(), purpose=Purpose.SUMMARY, supervisors_of__in=organizations)
        .filter(parts__part=SUMMARY, parts__action=Action.SEE)
        .select_related("plan__person__user", "supervisors_of")
    )


def find_summary(*, user, code, action=Action.SEE):
    """The grant in force with this code that this supervisor may use now. Raises Http404 when it ended or never was."""
    grant = summaries_reached_by(user).filter(pk=code).first()
    if grant is None or (action != Action.SEE and not grant.parts.filter(part=SUMMARY, action=action).exists()):
        raise Http404
    return grant


def find_line(plan, table, code, *, reach, to_write=False, even_gone=False):
    """A line of this plan by its code; with `even_gone`, also one that was taken out. `line.plan` is set.

    Raises Http404 where there is none, and where its part is closed to the reader.
    """
    line = get_object_or_404(table.unguarded, plan=plan, pk=code)
    if line.is_gone and not even_gone:
        raise Http404
    reach.require(line.part, to_write=to_write)
    line.plan = plan
    return line


def find_line_of_any_kind(plan, code, *, reach, tables=(Entry, Goal, Step), to_write=False):
    """An entry, a goal or a step by its code, as `find_line` finds it; also one that was taken out."""
    for table in tables:
        with suppress(Http404):
            return find_line(plan, table, code, reach=reach, to_write=to_write, even_gone=True)
    raise Http404


def walks_open(plan, *, reach, reader):
    """The walks of this plan's person whose visits are open to this reader: all to the person, else one's own."""
    reach.require(VISITS)
    walks = plan.person.walks_now()
    return walks if reach.is_owner else walks.filter(peer=reader)


def find_walk(plan, code, *, reach, reader):
    """One of them by its code, or the usual 404; to the person also one that is over."""
    reach.require(VISITS)
    walks = plan.person.walks.select_related("peer")
    return get_object_or_404(walks if reach.is_owner else walks.filter(peer=reader, ended_at=None), pk=code)


def agreements_of(plan):
    """Every agreement of this plan, newest first, with who entered it. What of it is open is its reader's reach."""
    found = Agreement.unguarded.filter(plan=plan).select_related("by", "on_device_of")
    return found.order_by("-at", "code")


def last_yes(plan):
    """The last time the person said yes to this plan, in whatever way; None where they have not."""
    yeses = Agreement.unguarded.filter(plan=plan).exclude(how=HowSaid.NOT_ASKED)
    return yeses.select_related("by").order_by("-at", "code").first()


def find_agreement(plan, code):
    """One agreement of this plan. Raises Http404 where there is none."""
    agreement = get_object_or_404(agreements_of(plan).prefetch_related("walked__by"), pk=code)
    agreement.plan = plan
    return agreement


def find_idea(plan, code, *, reach):
    """An idea in this plan by its code; where it is closed to the person here, the usual 404."""
    own = {"by": reach.lender} if reach.lender else {}
    idea = get_object_or_404(Idea.unguarded.select_related(*Idea.READ_WITH), plan=plan, pk=code, **own)
    if reach.is_owner:
        reach.require(idea.part)
    idea.belong_to(plan)
    return idea


# --- the doors of a plan ---


def reads(view, *, in_hands=False):
    """For whoever may see something of this plan. Another's look is noted where the person can read it."""
    return _plan_door(view, door="reads", admit=_find, by_any_way=True, in_hands=in_hands)


def writes(view, *, by_any_way=True, in_hands=False):
    """For whoever may write in this plan. Who writes also sees, and their look is noted like any other.

    Without `by_any_way`, for the person only in a session of their own.
    """

    def admit(request, kwargs):
        kwargs = _find(request, kwargs, to_write=request.method == "POST")
        if not request.reach.writes:
            raise Http404
        return kwargs

    return _plan_door(view, door="writes", admit=admit, by_any_way=by_any_way, in_hands=in_hands)


def owns(view, *, by_any_way=False, in_hands=False):
    """For the person whose plan it is, and nobody else; without `by_any_way` only in a session of their own."""

    def admit(request, kwargs):
        kwargs = _find(request, kwargs, to_write=request.method == "POST")
        if not request.reach.is_owner:
            raise Http404
        return kwargs

    return _plan_door(view, door="owns", admit=admit, by_any_way=by_any_way, in_hands=in_hands)


def accompanies(view, *, in_hands=False):
    """For the peer specialist who walks with this person: the screens two people look at together.

    With `in_hands`, for the person as well, while the peer specialist's device is in their hands.
    """

    def admit(request, kwargs):
        kwargs = _find(request, kwargs, to_write=request.method == "POST")
        if request.reach.is_owner and not hands_of(request):
            raise Http404
        return kwargs

    return _plan_door(view, door="accompanies", admit=admit, by_any_way=in_hands, in_hands=in_hands)


def summarizes(view):
    """For supervisors; what they may open is asked again for each summary."""

    def admit(request, kwargs):
        if not request.user.holds(StaffRole.SUPERVISOR):
            raise Http404
        return kwargs

    return behind(view, door="summarizes", admit=admit)


def _plan_door(view, *, door, admit, by_any_way=False, in_hands=False):
    """A door of a plan. A method that no page has is answered first: nothing is opened, nothing is noted."""
    opened = behind(_with_plan(view), door=door, admit=admit, by_any_way=by_any_way, in_hands=in_hands)

    @wraps(view)
    def enter(request, **kwargs):
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return opened(request, **kwargs)

    enter.by_any_way, enter.in_hands = by_any_way, in_hands
    return marked(enter, door=door)


def _find(request, kwargs, *, to_write=False):
    """Find the plan, and how far this reader reaches in it; the person in a session that is not their own, less far."""
    plan, reach = find_plan(user=request.user, code=kwargs.pop("plan"), to_write=to_write)
    request.plan = plan
    if reach.is_owner:
        reach = reach_in_own_plan(request, plan, to_write=to_write)
    elif hands_of(request):  # only the person's own plan opens there, also where they walk with somebody themself
        raise Http404
    request.reach = reach
    return kwargs


def reach_in_own_plan(request, plan, *, to_write=False):
    """How far whoever is signed in reaches in their own plan. Raises HandsAreOver as `reach_in_hands` does."""
    way = way_of(request)
    if hands_of(request):
        return reach_in_hands(plan, lender=hands_of(request).lender, way=way, to_write=to_write)
    return OWNER if way.is_own else EVERYDAY


def reach_in_hands(plan, *, lender, way, to_write):
    """How far the person reaches on a device that somebody lent them.

    Before they have typed what only they know, no further than whoever lent it sees: it could be them. Raises
    HandsAreOver where nothing is open to the lender any more.
    """
    found = parts_open_by_walking(plan, reader=lender, to_write=to_write)
    if not found:
        raise HandsAreOver
    if way.is_own:
        return OWNER
    open_to_both = EVERYDAY_PARTS & {each.part for each in found if each.action == Action.SEE}
    return Reach(is_owner=True, sees=open_to_both, writes=open_to_both, prints=frozenset(), lender=lender)


def _with_plan(view):
    """Hand the view its plan, so that a view of a plan cannot be called without a door having found it.

    Another's look at a plan is noted, however they asked for the page: a form that comes back shows the plan too. Only
    being sent on to another page shows nothing.
    """

    @wraps(view)
    def call(request, **kwargs):
        try:
            answer = view(request, request.plan, **kwargs)
        except NotAllowedToChange:  # what is not yours to change is not there
            raise Http404 from None
        if not isinstance(answer, HttpResponseRedirectBase):
            note_look(request)
        return answer

    return call


def note_look(request):
    """Note another's look at the plan that was opened, where its person can read it."""
    if not request.reach.is_owner:
        LogLine.note(PlanEvent.PLAN_LOOKED, plan=request.plan, by=request.user)
