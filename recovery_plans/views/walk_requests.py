"""A person asks a peer specialist to walk with them: six letters on one screen, typed in on the other."""

from django.http import Http404
from django.shortcuts import redirect, render

from peers import throttling
from peers.models import WalkRequest
from peers.models.walk_requests import waiting
from peers.pagination import code_in
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
        made, letters = WalkRequest.make(person=plan.person, by=request.user)
        LogLine.note(PlanEvent.WALK_ASKED, plan=plan, by=request.user)
        request.session[LETTERS] = {"request": str(made.pk), "letters": letters}
        return redirect("walk-ask", plan=plan.pk)
    kept = request.session.get(LETTERS, {})
    made = WalkRequest.objects.filter(waiting(), person=plan.person, pk=code_in(kept.get("request"))).first()
    if made is None:
        request.session.pop(LETTERS, None)
    shown = {"plan": plan, "made": made, "letters": kept.get("letters")}
    return render(request, "recovery_plans/sharing/ask.html", shown)


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
