"""Meeting someone whom the organization asked about: a walk begins only with the person's yes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from peers.models import HandOver
from peers.models.hand_overs import open_now
from peers.views.redirects import post_only
from recovery_plans.models import Plan


def meet(request, hand_over):
    """The first meeting, with the name and nothing else; said together, the yes begins the walk."""
    asked = get_object_or_404(
        HandOver.objects.filter(open_now(), peer=request.user).select_related("person__user", "peer", "organization"),
        pk=hand_over,
    )
    if request.method != "POST":
        return render(request, "recovery_plans/today/meet.html", {"asked": asked})
    if request.POST.get("do") != "yes":
        asked.answer(yes=False, by=request.user)
        messages.success(request, _("All right. The organization can ask someone else."))
        return redirect("today")
    plan = Plan.begin_walk(hand_over=asked, by=request.user)
    if plan is None:
        raise Http404
    return redirect("together", plan=plan.pk)


@post_only
def answer(request, plan, hand_over):
    """The person's own answer, on their own screen."""
    asked = get_object_or_404(
        HandOver.objects.filter(open_now(), person=plan.person).select_related("person__user", "peer", "organization"),
        pk=hand_over,
    )
    if request.POST.get("do") == "yes":
        Plan.begin_walk(hand_over=asked, by=request.user)
        messages.success(request, _("You walk together now. Your story and your hard days stay closed."))
    else:
        asked.answer(yes=False, by=request.user)
        messages.success(request, _("All right. Nothing has changed."))
    return redirect("share", plan=plan.pk)
