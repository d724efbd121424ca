"""Someone who was just met: a name that was misheard, or a plan that was begun by mistake."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from recovery_plans.forms.today import CorrectNameForm
from recovery_plans.models.plan import NotEmpty
from recovery_plans.views.lines import say


def person(request, plan):
    """Correct the name, or take the person back while their plan is empty; until they have opened it themself."""
    if plan.person.has_arrived:
        raise Http404
    if request.POST.get("do") == "take_back":
        return _take_back(request, plan)
    form = CorrectNameForm(request.POST if request.method == "POST" else None, initial={"name": plan.person.name})
    if form.is_valid():
        plan.correct_name(name=form.cleaned_data["name"], by=request.user)
        say(request, _("Saved."), form=form)
        return redirect("today")
    shown = {"plan": plan, "form": form, "is_blank": plan.is_blank}
    return render(request, "recovery_plans/today/person.html", shown, status=422 if form.errors else 200)


def _take_back(request, plan):
    try:
        plan.take_back(by=request.user)
    except NotEmpty:
        messages.info(request, _("There is something in this plan now. It stays."))
        return redirect("person", plan=plan.pk)
    messages.success(request, _("Taken back."))
    return redirect("today")
