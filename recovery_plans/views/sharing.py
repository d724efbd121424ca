"""Who may see what: the person decides, on one page, and can stop at once."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.models import HandOver
from peers.models.hand_overs import open_now
from peers.pagination import code_in
from peers.views.redirects import post_only
from peers.views.removed_characters import report_removed_characters
from peers.ways import way_of
from recovery_plans.forms.sharing import SummaryYesForm
from recovery_plans.models import EntryKind, Grant, SaveIdReused, Section
from recovery_plans.sections import PRIVATE_SECTIONS
from recovery_plans.summaries import read_summary
from recovery_plans.views.lines import save_id_reused, say, show, take_out_draft, take_told_at
from recovery_plans.who_sees import WhoSees


def share(request, plan):
    """Everyone who can see something right now, and a way to stop each."""
    asked = HandOver.objects.filter(open_now(), person=plan.person).select_related("peer", "organization")
    sees = WhoSees(plan)
    shown = {"plan": plan, "sees": sees, "hand_overs": asked.order_by("asked_at")}
    shown["told_at"] = take_told_at(request, {walker.anchor for walker in sees.walkers})
    return render(request, "recovery_plans/sharing/share.html", shown)


def summary(request, plan):
    """Say yes to the one-page summary, after seeing the very page the supervisors will see."""
    organization = plan.person.organization
    if organization is None:
        return render(request, "recovery_plans/sharing/nobody.html", {"plan": plan})
    form = SummaryYesForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _say_yes(request, plan, organization, form):
        take_out_draft(request, form)
        report_removed_characters(request, form)
        messages.success(request, _("Shared. You can stop it here any time."))
        return redirect("share", plan=plan.pk)
    shown = {
        "form": form,
        "organization": organization,
        "sees": WhoSees(plan),
        "summary": read_summary(plan, organization=organization),
    }
    return show(request, "sharing/summary.html", **shown, status=422 if form.errors else 200)


def _say_yes(request, plan, organization, form):
    """Keep what would help, then the yes. False when the form came a second time with other words."""
    data = form.cleaned_data
    try:
        if data["from_us"]:
            plan.add_entry(
                section=Section.NEEDS,
                kind=EntryKind.FROM_US,
                words=data["from_us"],
                save_id=data["save_id"],
                by=request.user,
            )
    except SaveIdReused:
        save_id_reused(form)
        return False
    Grant.say_yes_to_summary(plan=plan, organization=organization, days=data["days"], by=request.user)
    return True


@post_only
def stop_summary(request, plan):
    """Take the yes back, at once."""
    Grant.stop_summary(plan=plan, by=request.user)
    messages.success(request, _("Stopped. No one can open or print your page from now on."))
    return redirect("share", plan=plan.pk)


def part(request, plan, section):
    """Open or close one private part to a peer specialist who walks with the person. Before opening, ask once more."""
    section = _private_section(section)
    sent = request.POST if request.method == "POST" else request.GET
    walk = plan.person.walks_now().select_related("peer").filter(pk=code_in(sent.get("walk"))).first()
    if walk is not None and request.method != "POST":
        return render(request, "recovery_plans/sharing/open_part.html", _what_opens(plan, walk, section))
    wanted = request.POST.get("do")
    if walk is not None and wanted == "open":
        Grant.open_part(plan=plan, walk=walk, section=section, by=request.user)
        say(request, _("Opened. You can close it again any time."), at=f"walk-{walk.pk}")
    elif walk is not None and wanted == "close":
        Grant.close_part(plan=plan, walk=walk, section=section, by=request.user)
        say(request, _("Closed, from now on."), at=f"walk-{walk.pk}")
    return HttpResponseRedirect(f"{reverse('share', kwargs={'plan': plan.pk})}#told")


def _what_opens(plan, walk, section):
    """What the question before opening tells: to whom, which part, and how much stands there. None of its words."""
    return {"plan": plan, "walk": walk, "section": section, "lines": plan.count_entries(section)}


def _private_section(slug):
    try:
        section = Section.from_slug(slug)
    except ValueError:
        raise Http404 from None
    if section not in PRIVATE_SECTIONS:
        raise Http404
    return section


def end_walk(request, plan, walk):
    """Stop walking together. The page says before what closes and what stays; ending it twice changes nothing."""
    found = get_object_or_404(plan.person.walks.select_related("organization", "peer"), pk=walk)
    if request.method != "POST":
        return render(request, "recovery_plans/sharing/end_walk.html", _what_ends(request, plan, found))
    if found.ended_at is None:
        found.end(by=request.user)
        messages.success(request, _("You have stopped walking together. Your plan is closed to them now."))
    return redirect("share", plan=plan.pk)


def _what_ends(request, plan, walk):
    """What closes with this walk, and what stays: cards that they made close, own words and a sign-in name stay."""
    way = way_of(request)
    made = [card for card in way.cards if not card.is_own and card.created_by_id == walk.peer_id]
    return {
        "plan": plan,
        "walk": walk,
        "unopened": any(card.opened_at is None for card in made),
        "opened": any(card.opened_at is not None for card in made),
        "own": [card for card in way.cards if card.is_own],
    }
