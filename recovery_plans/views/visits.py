"""Visits: when, how and where the two meet next."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from recovery_plans.access import find_walk, walks_open
from recovery_plans.forms.visits import NextVisitForm
from recovery_plans.models import SaveIdReused, Visit, VisitMoved
from recovery_plans.views.lines import save_id_reused, say, show, take_out_draft

NEXT_TIME = "next-time"  # where the page tells what was done


def visits(request, plan):
    """The next time with each who walks with the person; where it is one, at once that one's page."""
    walks = list(walks_open(plan, reach=request.reach, reader=request.user))
    if len(walks) == 1:
        return redirect("visit", plan=plan.pk, walk=walks[0].pk)
    coming = Visit.next_of(walks)
    return show(request, "visits/visits.html", rows=[(walk, coming.get(walk.pk)) for walk in walks])


def visit(request, plan, walk):
    """The next time with one of them: what stands, and a form to say another day, time, way or place."""
    walk = find_walk(plan, walk, reach=request.reach, reader=request.user)
    if walk.ended_at:
        return over(request, walk) if request.method == "POST" else redirect("visits", plan=plan.pk)
    stands = Visit.next_of([walk]).get(walk.pk)
    if request.method != "POST":
        return visit_page(request, walk, stands, NextVisitForm(visit=stands))
    form = NextVisitForm(request.POST)
    if not form.is_valid():
        return visit_page(request, walk, stands, form, status=422)
    try:
        kept = Visit.set_next(plan=plan, walk=walk, by=request.user, **form.cleaned_data)
    except SaveIdReused:
        save_id_reused(form)
        return visit_page(request, walk, stands, form, status=422)
    except VisitMoved as moved:
        form.data = form.data.copy()
        form.data["instead_of"] = moved.now.pk if moved.now else ""
        form.add_error(None, why_moved(moved))
        return visit_page(request, walk, moved.now, form, status=409)
    take_out_draft(request, form)
    say(request, _("Saved.") if kept else _("No next time is set now. That is fine."), form=form, at=NEXT_TIME)
    return HttpResponseRedirect(f"{reverse('visit', kwargs={'plan': plan.pk, 'walk': walk.pk})}#told")


def over(request, walk):
    """The walk ended before this was saved: that is said, with what was typed."""
    form = NextVisitForm(request.POST)
    not_saved = _("%(name)s does not walk with you any more. This was not saved.")
    form.add_error(None, not_saved % {"name": walk.peer.name})
    return visit_page(request, walk, None, form, status=409)


def why_moved(moved):
    """What was saved before theirs, in words."""
    if moved.now is None:
        return _("The next time was taken out before you saved. Save again to have yours.")
    return _("Another next time was saved before yours. You can see it above. Save again to have yours.")


def visit_page(request, walk, stands, form, *, status=200):
    """The page of the next time with one who walks with the person."""
    return show(
        request,
        "visits/visit.html",
        status=status,
        tells_of={NEXT_TIME},
        walk=walk,
        visit=stands,
        form=form,
    )
