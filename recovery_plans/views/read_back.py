"""Read back: one line at a time, the person hears what was typed for them and says yes, or changes it, or not now."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.pagination import code_in
from peers.views.redirects import post_only
from recovery_plans.forms.read_back import OUT, ReadBackForm
from recovery_plans.plan_reading import PlanReading
from recovery_plans.read_back import waiting_from, waiting_lines
from recovery_plans.views.lines import (
    line_of_any_kind,
    offer_undo,
    read_back_url,
    require_own_yes,
    restore_of,
    say,
    show,
)

THE_END = "end"  # where the last line leads to


def read_back(request, plan):
    """The line to read back now; after the last one, that it was the last."""
    require_own_yes(request)
    reading = PlanReading(plan, reach=request.reach, reader=request.user)
    at = request.GET.get("at", "")
    waiting = [] if at == THE_END else waiting_from(reading, code_in(at))
    if not waiting:
        return show(request, "read_back/end.html", reading=reading, waits=bool(waiting_lines(reading)))
    now, *later = waiting
    goes_on = later[0].code if later else THE_END
    return show(
        request,
        "read_back/line.html",
        reading=reading,
        waiting=now,
        goes_on=goes_on,
        change_url=change_url(plan, now),
    )


def change_url(plan, waiting):
    """Where the person changes these words, and comes back here from."""
    line, codes = waiting.line, {"plan": plan.pk}
    if line.KIND == "goal":
        return reverse("goal", kwargs=codes | {"goal": line.pk}) + "?back_to=read-back#goal-words"
    if line.KIND == "step":
        return reverse("step-change", kwargs=codes | {"goal": waiting.goal.pk, "step": line.pk}) + "?back_to=read-back"
    return reverse("entry-change", kwargs=codes | {"line": line.pk}) + "?back_to=read-back"


@post_only
def answer(request, plan, line):
    """Yes, that is me; or take it out. Both go on to the line that comes next."""
    require_own_yes(request)
    found = line_of_any_kind(request, line)
    form = ReadBackForm(request.POST)
    if not form.is_valid():
        return redirect(read_back_url(plan, found.pk))
    version = form.cleaned_data["base_version"]
    if found.is_gone:
        say(request, _("This has been taken out."))
    elif form.cleaned_data["answer"] == OUT and found.version == version:
        found.take_out(by=request.user)
        say(request, _("Taken out. You can bring it back."))
        name, ids = restore_of(found)
        offer_undo(request, name, **ids)
    elif not found.read_back(by=request.user, base_version=version):
        say(request, _("These words have changed. Please read them once more."))
        return redirect(read_back_url(plan, found.pk))
    goes_on = request.POST.get("goes_on", "")
    return redirect(read_back_url(plan, goes_on if goes_on == THE_END else code_in(goes_on)))
