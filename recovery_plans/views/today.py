"""Today: the people a peer specialist walks with, and meeting someone new."""

import unicodedata

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from peers.lists import by_name, one_page
from peers.models import Person, Role, User, Walk
from peers.models.organization import StaffRole
from recovery_plans.access import own_plan, plans_reached_by
from recovery_plans.forms.today import NewPersonForm
from recovery_plans.models import Plan
from recovery_plans.views.lines import say

PEOPLE_ON_A_PAGE = 50


def people_i_walk_with(user):
    """Each walk of this peer specialist that opens a plan to them."""
    walks = Walk.objects.filter(peer=user, ended_at=None, person__plan__in=plans_reached_by(user))
    return walks.select_related("person__user", "person__plan")


def today(request):
    """The people I walk with, by name. No flags, no scores, nothing to catch up on."""
    page = one_page(
        people_i_walk_with(request.user), order=by_name("person__user"), most=PEOPLE_ON_A_PAGE,
        after=request.GET.get("after"), among=Walk.objects.filter(peer=request.user),
    )  # fmt: skip
    shown = {"walks": page.rows, "after": page.after, "is_first_page": page.is_first}
    return render(request, "recovery_plans/today/today.html", shown | {"own_plan": own_plan(request.user)})


def new_person(request):
    """Meet someone: one name, three lines read aloud, and their yes. Then straight to the first question."""
    form = NewPersonForm(
        request.POST if request.method == "POST" else None,
        organizations=places_of(request.user),
        initial={"language": get_language()},
    )
    shown = {"form": form, "same_name": []}
    if form.is_valid():
        begun = begun_already(request, form)
        if begun:
            return redirect("together", plan=begun)
        shown["same_name"] = same_name_as(form.cleaned_data["name"], request)
        if not shown["same_name"]:
            return redirect("together", plan=meet(request, form).pk)
    return render(request, "recovery_plans/today/new_person.html", shown)


def places_of(user):
    """Where this user works as a peer specialist today; the door has seen to it that there is one."""
    return [held.organization for held in user.roles_now() if held.role == StaffRole.PEER_SPECIALIST]


def meet(request, form):
    """The person, the walk and the plan begin in one go; the door's transaction keeps all of it or nothing."""
    said = form.cleaned_data
    if not _still_walks(request.user, form.place):
        raise Http404
    person = Person.meet(name=said["name"], language=said["language"], peer=request.user, organization=form.place)
    plan = Plan.start(person=person, by=request.user)
    request.session["met"] = {"save_id": str(said["save_id"]), "plan": str(plan.pk)}
    say(request, form=form)
    return plan


def _still_walks(user, organization):
    """Whether they work here as a peer specialist, asked again: a role that ends at this moment waits or is over."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = Role.objects.filter(user=user, organization=organization, role=StaffRole.PEER_SPECIALIST, until=None)
    return held.exists()


def begun_already(request, form):
    """The plan that this very form began a moment ago, so that two taps are one person."""
    met = request.session.get("met")
    return met["plan"] if met and met["save_id"] == str(form.cleaned_data["save_id"]) else None


def same_name_as(name, request):
    """The walks with someone of the same name: a quiet check, so that one person does not get two plans.

    The peer specialist's own row is held meanwhile, so that of two taps at once the second finds the first.
    """
    # "Someone new" was said about one name; another name is looked at again.
    if as_called(request.POST.get("someone_new", "")) == as_called(name):
        return []
    User.objects.select_for_update(no_key=True).get(pk=request.user.pk)
    walks = people_i_walk_with(request.user).order_by(*by_name("person__user"))
    return [walk for walk in walks if as_called(walk.person.name) == as_called(name)]


def as_called(name):
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
