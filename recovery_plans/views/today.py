"""Today: the people a peer specialist walks with, and meeting someone new."""

import uuid

from django.db.models import Q
from django.shortcuts import redirect, render

from peers.models import Person, Walk
from peers.models.organization import StaffRole
from recovery_plans.access import own_plan, plans_reached_by
from recovery_plans.conversation import NewPersonForm
from recovery_plans.models import Plan

PEOPLE_ON_A_PAGE = 40


def today(request):
    """The people I walk with, the newest first. No flags, no scores, nothing to catch up on."""
    plans, more = one_page(plans_reached_by(request.user), after=request.GET.get("after", ""))
    since = {
        walk.person_id: walk.started_at
        for walk in Walk.objects.filter(peer=request.user, ended_at=None, person__in=[plan.person_id for plan in plans])
    }
    people = [(plan, since.get(plan.person_id)) for plan in plans]
    shown = {"people": people, "after": more, "own_plan": own_plan(request.user)}
    return render(request, "recovery_plans/today/today.html", shown)


def one_page(plans, *, after):
    """One page of plans, and the code to go on from (empty at the end). By key: a long list costs no more."""
    plans = plans.order_by("-created_at", "code")
    last = plans.filter(pk=after).first() if is_code(after) else None
    if last is not None:
        plans = plans.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, code__gt=last.pk))
    found = list(plans[: PEOPLE_ON_A_PAGE + 1])
    page = found[:PEOPLE_ON_A_PAGE]
    return page, str(page[-1].pk) if len(found) > PEOPLE_ON_A_PAGE else ""


def is_code(text):
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def new_person(request):
    """Meet someone: one name, three lines read aloud, and their yes. Then straight to the first question."""
    form = NewPersonForm(request.POST if request.method == "POST" else None, initial={"save_id": uuid.uuid4()})
    shown = {"form": form}
    if form.is_valid():
        said = form.cleaned_data
        begun = begun_already(request, said["save_id"])
        if begun:
            return redirect("together", plan=begun)
        shown["same_name"] = None if said["someone_new"] else walks_with_a(request.user, said["name"])
        if not shown["same_name"]:
            return redirect("together", plan=meet(request, said).pk)
    return render(request, "recovery_plans/today/new_person.html", shown)


def meet(request, said):
    """The person, their plan and the walk begin in one go."""
    organization = next(
        held.organization for held in request.user.roles_now() if held.role == StaffRole.PEER_SPECIALIST
    )
    person = Person.meet(
        name=said["name"], language=said["language"], peer=request.user, organization=organization
    )  # fmt: skip
    plan = Plan.start(person=person, by=request.user)
    request.session["met"] = {"save_id": str(said["save_id"]), "plan": str(plan.pk)}
    return plan


def begun_already(request, save_id):
    """The plan that this very form began a moment ago, so that two taps are one person."""
    met = request.session.get("met")
    return met["plan"] if met and save_id and met["save_id"] == str(save_id) else None


def walks_with_a(user, name):
    """The plan of someone of this name whom the peer specialist walks with already, or None."""
    wanted = name.casefold()
    return next((plan for plan in plans_reached_by(user) if plan.person.name.casefold() == wanted), None)
