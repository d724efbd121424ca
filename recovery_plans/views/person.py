"""Someone who was just met: a name that was misheard, a plan that was begun by mistake; or who has another's name."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from recovery_plans.forms.today import CorrectNameForm, KnownByForm
from recovery_plans.models.plan import NotEmpty
from recovery_plans.today import may_be_told_apart
from recovery_plans.views.lines import say


def person(request, plan):
    """Correct the name, or take the person back while their plan is empty; until they have opened it themself.

    Where the reader walks with another of the same name, also what tells the two apart.
    """
    arrived, do = plan.person.has_arrived, request.POST.get("do", "")
    asks_apart = may_be_told_apart(request.user, plan.person)
    if arrived and not (asks_apart and (do == "tell_apart" or request.method != "POST")):
        raise Http404
    if do == "take_back":
        return _take_back(request, plan)
    apart = _apart_form(request, plan) if asks_apart else None
    if apart and apart.is_valid():
        return _tell_apart(request, plan.person, apart)
    form = None if arrived else _name_form(request, plan)
    if form and form.is_valid():
        plan.correct_name(name=form.cleaned_data["name"], by=request.user)
        say(request, _("Saved."), form=form)
        return redirect("today")
    shown = {"plan": plan, "form": form, "apart": apart, "is_blank": not arrived and plan.is_blank}
    wrong = (form and form.errors) or (apart and apart.errors)
    return render(request, "recovery_plans/today/person.html", shown, status=422 if wrong else 200)


def _name_form(request, plan):
    sent = request.method == "POST" and request.POST.get("do") != "tell_apart"
    return CorrectNameForm(request.POST if sent else None, initial={"name": plan.person.name})


def _apart_form(request, plan):
    sent = request.POST.get("do") == "tell_apart"
    return KnownByForm(request.POST if sent else None, initial={"known_by": plan.person.known_by})


def _tell_apart(request, person, form):
    """Keep what tells the person apart, unless they have set it themself in this very moment."""
    if not person.take_known_by(form.chosen, by=request.user):
        person.refresh_from_db(fields=["known_by"])
    if person.known_by == form.chosen:
        say(request, _("Saved."), form=form)
    else:
        messages.info(request, _("They have chosen something since. That stays."))
    return redirect("today")


def _take_back(request, plan):
    try:
        plan.take_back(by=request.user)
    except NotEmpty:
        messages.info(request, _("There is something in this plan now. It stays."))
        return redirect("person", plan=plan.pk)
    messages.success(request, _("Taken back."))
    return redirect("today")
