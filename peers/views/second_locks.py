"""Someone lost the phone with their code app: an administrator finds them by name, and turns their second lock off."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from peers.finding import with_this_in_the_name
from peers.organization_forms import FindByNameForm
from peers.pagination import by_name, one_page
from peers.second_locks import add_walkers, people_with_a_second_lock
from peers.views.organization import administered_by

PEOPLE_ON_A_PAGE = 50
# In the session, as a name has no business in an address, nor in what a browser remembers of a form it sent.
LOOKED_FOR = "second_lock_of"


def people(request):
    """Everyone of the organization who has a second lock, by name; or those with this in their name."""
    organization = administered_by(request.user)[0]
    name = request.session.get(LOOKED_FOR, "")
    form = FindByNameForm(request.POST if request.method == "POST" else None, initial={"name": name})
    if form.is_valid():
        request.session[LOOKED_FOR] = form.cleaned_data["name"].strip()
        return redirect("organization-second-locks")
    locked = people_with_a_second_lock(organization)
    page = one_page(
        with_this_in_the_name(locked, name=name, column="user__name") if name else locked,
        order=by_name("user"),
        limit=PEOPLE_ON_A_PAGE,
        after=request.GET.get("after"),
        among=organization.people.all(),
    )
    add_walkers(page.rows)
    shown = {"form": form, "name": name, "people": page.rows, "after": page.after, "is_first_page": page.is_first}
    return render(request, "peers/second_locks.html", shown, status=422 if form.errors else 200)


def turn_off(request, person):
    """Turn this person's second lock off. They read it in their log, and their screens close."""
    organization = administered_by(request.user)[0]
    locked = get_object_or_404(people_with_a_second_lock(organization), pk=person)
    if request.method != "POST":
        add_walkers([locked])
        return render(request, "peers/second_lock_off.html", {"person": locked})
    if locked.user.totp_device.turn_off(by=request.user, organization=organization):
        messages.success(request, _("The second lock is off. Their open screens are closed."))
    else:
        messages.info(request, _("That has changed just now. Please look again."))
    request.session.pop(LOOKED_FOR, None)
    return redirect("organization-second-locks")
