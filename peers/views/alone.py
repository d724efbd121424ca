"""Who walks with no one, for administrators: names and since when, never a word of a plan."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from peers.models import HandOver
from peers.models.hand_overs import NobodyToAsk, open_now, who_walk_with_nobody
from peers.organization_forms import AskToMeetForm
from peers.pagination import by_name, one_page
from peers.views.organization import administered_by

PEOPLE_ON_A_PAGE = 50


def people(request):
    """Everyone of the organization who walks with no peer specialist, by name."""
    organization = administered_by(request.user)[0]
    page = one_page(
        who_walk_with_nobody(organization),
        order=by_name("user"),
        limit=PEOPLE_ON_A_PAGE,
        after=request.GET.get("after"),
        among=organization.people.all(),
    )
    asked = HandOver.objects.filter(open_now(), person__in=[person.pk for person in page.rows]).select_related("peer")
    asked_of = {hand_over.person_id: hand_over.peer.name for hand_over in asked}
    for person in page.rows:
        person.asked_peer = asked_of.get(person.pk, "")
    shown = {"people": page.rows, "after": page.after, "is_first_page": page.is_first}
    return render(request, "peers/alone.html", shown)


def ask(request, person):
    """Ask a peer specialist to meet this person. The walk begins only with the person's yes."""
    organization = administered_by(request.user)[0]
    alone = get_object_or_404(who_walk_with_nobody(organization), pk=person)
    form = AskToMeetForm(request.POST if request.method == "POST" else None, organization=organization)
    if form.is_valid():
        peer = form.cleaned_data["peer"]
        try:
            HandOver.ask(person=alone, peer=peer, organization=organization, by=request.user)
        except NobodyToAsk:
            messages.info(request, _("That has changed just now. Please look again."))
        else:
            messages.success(request, _("Asked. They see it on their page for today."))
        return redirect("organization-alone")
    status = 422 if form.errors else 200
    return render(request, "peers/alone_ask.html", {"form": form, "person": alone}, status=status)
