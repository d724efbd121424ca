"""A forgotten passphrase of someone of the team: the link, and the page it leads to."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peers.forms import ForgottenPassphraseForm
from peers.models import PassphraseLink, User
from peers.models.passphrase_links import HasAPlan
from peers.qr_codes import qr_code
from peers.views.organization import administered_by


def make(request, user):
    """An administrator makes a one-time link for someone who works here. It is on this page once, and kept nowhere."""
    organization = administered_by(request.user)[0]
    member = get_object_or_404(
        User.objects.filter(roles__until=None, roles__organization=organization).distinct(), pk=user
    )
    if not member.has_passphrase:
        raise Http404
    shown = {"member": member}
    if request.method == "POST":
        try:
            token = PassphraseLink.make(user=member, by=request.user, organization=organization)
        except HasAPlan:
            shown["has_a_plan"] = True
        else:
            link = request.build_absolute_uri(reverse("passphrase-link", kwargs={"token": token}))
            shown |= {"link": link, "qr": qr_code(link)}
    return render(request, "peers/organization_passphrase_link.html", shown)


def follow(request, token):
    """Choose a new passphrase by a one-time link. It signs nobody in: the second lock is asked for as always."""
    link = PassphraseLink.waiting(token)
    if link is None:
        return render(request, "peers/passphrase_link.html", {"link": None})
    form = ForgottenPassphraseForm(request.POST if request.method == "POST" else None, user=link.user)
    if form.is_valid():
        if not link.accept(passphrase=form.cleaned_data["passphrase"]):  # it was used in the same moment
            return render(request, "peers/passphrase_link.html", {"link": None})
        messages.info(request, _("Saved. Please sign in with your new passphrase."))
        return redirect("sign-in")
    return render(request, "peers/passphrase_link.html", {"link": link, "form": form})
