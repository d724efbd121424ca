"""Today: the people a peer specialist walks with, and meeting someone new."""

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from peers.finding import with_this_in_the_name
from peers.models import HandOver, Walk
from peers.models.hand_overs import open_now
from peers.models.organization import StaffRole
from peers.names import plain_name
from peers.pagination import code_in, one_page
from peers.views.redirects import post_only
from recovery_plans.access import own_plan
from recovery_plans.forms.today import FindPersonForm, KnownByForm, NewPersonForm
from recovery_plans.models import Plan
from recovery_plans.models.plan import NotHere
from recovery_plans.today import coming_first, mark_namesakes, mark_visits, namesakes, people_i_walk_with
from recovery_plans.views.drafts import typed_in
from recovery_plans.views.lines import say

PEOPLE_ON_A_PAGE = 50
SEEN_AT_ONCE = 6  # of so many nobody needs to be looked for
# In the session, as a name has no business in an address, nor in what a browser remembers of a form it sent.
LOOKED_FOR = "person_of_today"
BEGUN = "began_to_meet"  # in the session: what was typed of someone new


def today(request):
    """The people I walk with: whom I meet next first, then whom I sat with last; or those with this in their name.

    No flags, no scores, nothing to catch up on.
    """
    name = request.session.get(LOOKED_FOR, "")
    form = FindPersonForm(request.POST if request.method == "POST" else None, initial={"name": name})
    if form.is_valid():
        request.session[LOOKED_FOR] = form.cleaned_data["name"].strip()
        return redirect("today")
    mine, coming = people_i_walk_with(request.user), [] if name else coming_first(request.user)
    page = one_page(
        with_this_in_the_name(mine, name=name, column="person__user__name")
        if name
        else mine.exclude(pk__in=[walk.pk for walk in coming]),
        order=[F("together_at").desc()],
        limit=PEOPLE_ON_A_PAGE,
        after=request.GET.get("after"),
        among=Walk.objects.filter(peer=request.user),
    )
    mark_visits(page.rows)
    walks = [*coming, *page.rows] if page.is_first else page.rows
    mark_namesakes(walks)
    asked = HandOver.objects.filter(open_now(), peer=request.user).select_related("person__user").order_by("asked_at")
    shown = {"walks": walks, "after": page.after, "is_first_page": page.is_first, "to_meet": asked}
    shown |= {"form": form, "name": name, "own_plan": own_plan(request.user)}
    shown["may_look_for_someone"] = name or form.errors or page.after or len(walks) > SEEN_AT_ONCE
    return render(request, "recovery_plans/today/today.html", shown, status=422 if form.errors else 200)


def new_person(request):
    """Meet someone: one name, three lines read aloud, and their yes. Then straight to the first question."""
    form = NewPersonForm(
        request.POST if request.method == "POST" else None,
        organizations=organizations_of(request.user),
        initial={"language": get_language(), **request.session.get(BEGUN, {})},
    )
    apart = KnownByForm(request.POST if "someone_new" in request.POST else None)
    shown = {"form": form, "apart": apart, "same_name": []}
    if form.is_valid():
        begun = begun_already(request, form)
        if begun:
            return redirect("together", plan=begun)
        shown["same_name"] = same_name_as(form.cleaned_data["name"], request, apart)
        if not shown["same_name"]:
            return redirect("together", plan=meet(request, form, apart).pk)
    return render(request, "recovery_plans/today/new_person.html", shown)


@post_only
def hold_new_person(request):
    """Hold the name that was typed in this session alone: there is no plan yet, and nobody has said yes."""
    save_id = code_in(request.POST.get("save_id"))
    try:
        fields = typed_in(NewPersonForm, request.POST)
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=422)
    request.session[BEGUN] = {name: values[0] for name, values in fields.items()}
    return JsonResponse({"asked": str(save_id), "save_id": str(save_id), "version": 0})


def organizations_of(user):
    """Where this user works as a peer specialist today; the door has seen to it that there is one."""
    return [held.organization for held in user.roles_now() if held.role == StaffRole.PEER_SPECIALIST]


def meet(request, form, apart):
    """The plan of whoever was met, begun by this form; the usual 404 where the reader works there no more."""
    data = form.cleaned_data
    try:
        plan = Plan.meet(
            name=data["name"],
            language=data["language"],
            peer=request.user,
            organization=form.chosen_organization,
            known_by=apart.chosen if apart.is_valid() else "",
        )
    except NotHere:
        raise Http404 from None
    request.session.pop(BEGUN, None)
    request.session["met"] = {"save_id": str(data["save_id"]), "plan": str(plan.pk)}
    say(request, form=form)
    return plan


def begun_already(request, form):
    """The plan that this very form began a moment ago, so that two taps are one person."""
    met = request.session.get("met")
    return met["plan"] if met and met["save_id"] == str(form.cleaned_data["save_id"]) else None


def same_name_as(name, request, apart):
    """The walks with someone of the same name: a quiet check, so that one person does not get two plans."""
    # "Someone new" was said about one name; another name is looked at again.
    if plain_name(request.POST.get("someone_new", "")) == plain_name(name) and apart.is_valid():
        return []
    return namesakes(request.user, name=name)
