"""The start: the welcome page, or straight on to where one's own day begins."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from peers.card_box import is_in_box
from peers.doors import acting_as, is_signed_in
from peers.hands import hands_of, to_the_page_in_hand
from peers.models import Person
from peers.models.organization import StaffRole
from peers.views.redirects import post_only
from recovery_plans.access import own_plan
from recovery_plans.models import Plan
from recovery_plans.who_sees import WhoSees

WHERE_WORK_BEGINS = {
    StaffRole.PEER_SPECIALIST: "today",
    StaffRole.SUPERVISOR: "team",
    StaffRole.ADMINISTRATOR: "organization",
}


@require_safe
def home(request):
    """Where everyone begins. Someone new to their plan is told first whose it is and how to leave."""
    if not is_signed_in(request):
        return render(request, "peers/welcome.html")
    if hands_of(request):
        return to_the_page_in_hand(request)
    with acting_as(request.user):
        return _where_to_begin(request, request.user)


def _where_to_begin(request, user):
    for role, page in WHERE_WORK_BEGINS.items():
        if user.holds(role):
            return redirect(page)
    plan = own_plan(user)
    if plan is None:
        return redirect("settings")
    if is_in_box(request):
        return redirect("card-words", plan=plan.pk)
    if user.welcomed_at is None:
        return redirect("before")
    return redirect("plan", plan=plan.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def before(request):
    """Before the first time: whose plan it is, who can see it, how to leave, that one can stop. Shown once."""
    if request.method == "POST":
        request.user.arrive()
        return redirect("home")
    plan = own_plan(request.user)
    return render(request, "recovery_plans/plan/before.html", {"sees": WhoSees(plan) if plan else None})


@post_only
def start_own_plan(request):
    """Begin a plan of one's own. No organization knows of it; saying it twice changes nothing."""
    person = Person.on_their_own(user=request.user)
    plan = Plan.start(person=person, by=request.user)
    return redirect("plan", plan=plan.pk)
