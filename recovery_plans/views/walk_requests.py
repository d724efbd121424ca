"""A person asks a peer specialist to walk with them: six letters on one screen, typed in on the other."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from peers import throttling
from peers.models import WalkRequest
from peers.models.walk_requests import GOOD_FOR, waiting
from peers.views.signin import throttled
from recovery_plans.events import PlanEvent
from recovery_plans.forms.today import LettersForm
from recovery_plans.models import LogLine, Plan
from recovery_plans.models.plan import NotHere
from recovery_plans.views.today import organizations_of

LETTERS = "letters_to_show"


def ask(request, plan):
    """Six letters for the person to show. They stay on this page for as long as they are good, and nowhere else."""
    if request.method == "POST":
        _made, letters = WalkRequest.make(person=plan.person, by=request.user)
        LogLine.note(PlanEvent.WALK_ASKED, plan=plan, by=request.user)
        until = (timezone.now() + GOOD_FOR).isoformat()
        request.session[LETTERS] = {"plan": str(plan.pk), "letters": letters, "until": until}
        return redirect("walk-ask", plan=plan.pk)
    kept = request.session.get(LETTERS, {})
    if kept.get("plan") == str(plan.pk) and WalkRequest.objects.filter(waiting(), person=plan.person).exists():
        shown = {"letters": kept["letters"], "until": datetime.fromisoformat(kept["until"])}
    else:
        request.session.pop(LETTERS, None)
        shown = {}
    return render(request, "recovery_plans/sharing/ask.html", {"plan": plan, **shown})


def answer(request):
    """Someone asked the reader to walk with them: their six letters, and the walk begins."""
    form = LettersForm(request.POST if request.method == "POST" else None, organizations=organizations_of(request.user))
    status = 200
    if form.is_valid():
        guess = {"kind": "letters", "at": request.user.pk}
        if minutes := throttling.count_guess(request, **guess):
            form.add_error(None, throttling.wait_message(minutes))
            return throttled(_page(request, form), minutes)
        plan = _walk_along(request, form)
        if plan is not None:
            throttling.give_back(request, **guess)
            return redirect("together", plan=plan.pk)
        form.add_error("letters", throttling.WRONG_LETTERS)
        status = 422
    return _page(request, form, status=status)


def _page(request, form, status=200):
    return render(request, "recovery_plans/today/asked.html", {"form": form}, status=status)


def _walk_along(request, form):
    """The plan of whoever showed these letters, or None; the usual 404 where the reader works there no more."""
    try:
        return Plan.walk_along(
            letters=form.cleaned_data["letters"], peer=request.user, organization=form.chosen_organization
        )
    except NotHere:
        raise Http404 from None
