"""The plan card: the person's way in without mail or phone. Its words are shown once and kept nowhere."""

import json

from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peers.doors import AfterCommit
from peers.encryption import fernet_for
from peers.models import PlanCard
from peers.qr_codes import qr_code
from recovery_plans.events import PlanEvent
from recovery_plans.forms.cards import CardPinForm
from recovery_plans.models import LogLine
from recovery_plans.pdf.plan_sheet import Choices, as_download, print_one
from recovery_plans.pdf_service.client import PdfFailed

# Between making a card and printing it, its words lie boxed in the maker's own session, for ten minutes at most.
TO_PRINT = "card_to_print"
TO_PRINT_SECONDS = 10 * 60


def card(request, plan):
    """Whether there is a card, since when, and a new one."""
    # Here leads "I have written it down". Whoever comes to this page has left the one that shows the words, and from
    # then on nobody prints them: so a look at a page lets them go, on purpose.
    request.session.pop(TO_PRINT, None)
    return _page(request, plan, CardPinForm())


def _page(request, plan, form, status=200):
    person = plan.person
    shown = {
        "plan": plan,
        "form": form,
        "card": PlanCard.objects.filter(person=person, turned_off_at=None).first(),
        "signs_in_otherwise": bool(person.user.roles_now()),
    }
    return render(request, "recovery_plans/cards/card.html", shown, status=status)


@require_POST
def new(request, plan):
    """Make a card and turn off the old one. The words and the square are on this page once."""
    form = CardPinForm(request.POST)
    if plan.person.user.roles_now():
        return redirect("card", plan=plan.pk)  # who works here signs in with a passphrase; a card would open nothing
    if not form.is_valid():
        return _page(request, plan, form, status=422)
    made, words, token = PlanCard.make(person=plan.person, by=request.user, pin=form.cleaned_data["pin"])
    LogLine.note(PlanEvent.CARD_MADE, plan=plan, by=request.user)
    stay(request)
    link = request.build_absolute_uri(reverse("open-link", kwargs={"token": token}))
    to_print = {"plan": str(plan.pk), "words": words, "link": link, "pin": made.has_pin}
    request.session[TO_PRINT] = fernet_for("card to print").encrypt(json.dumps(to_print).encode()).decode()
    shown = {"plan": plan, "words": words, "has_pin": made.has_pin, "qr": qr_code(link), "host": request.get_host()}
    return render(request, "recovery_plans/cards/new.html", shown)


@require_POST
def off(request, plan):
    """Turn the card off. Every screen that was opened with it closes."""
    request.session.pop(TO_PRINT, None)
    if PlanCard.turn_off(person=plan.person, by=request.user):
        LogLine.note(PlanEvent.CARD_TURNED_OFF, plan=plan, by=request.user)
        stay(request)
    # A second tap reads the same: it is true both times.
    messages.success(request, _("The card is turned off. It opens nothing now."))
    return redirect("card", plan=plan.pk)


@require_POST
def pdf(request, plan):
    """Print the card that was just made, wallet size, to cut out. Once: then its words are on paper only."""
    kept = _take_words(request, plan)
    if kept is None:
        messages.info(request, _("The words of a card are kept for ten minutes. Please make a new card."))
        return redirect("card", plan=plan.pk)
    organization = plan.person.organization
    html = render_to_string(
        "print/card.html",
        {
            "name": plan.person.name,
            "for_someone_else": not request.reach.is_owner,
            "four_words": kept["words"].split(),
            "has_pin": kept["pin"],
            "qr": qr_code(kept["link"]),
            "host": request.get_host(),
            "phone": organization.phone if organization else "",
            "page": Choices().page,
            "language": get_language(),
        },
    )
    return AfterCommit(lambda: _printed(request, plan, html))


def _printed(request, plan, html):
    try:
        made = print_one(html)
    except PdfFailed:
        return render(request, "recovery_plans/printing/failed.html", {"plan": plan}, status=503)
    request.session.pop(TO_PRINT, None)
    return as_download(made, called="card")


def _take_words(request, plan):
    """What the card of this plan says, if it was made in this very session within ten minutes; else None."""
    try:
        boxed = request.session.get(TO_PRINT, "").encode()
        kept = json.loads(fernet_for("card to print").decrypt(boxed, ttl=TO_PRINT_SECONDS))
    except InvalidToken:
        return None
    return kept if kept["plan"] == str(plan.pk) else None


def stay(request):
    """Keep this very visit open: turning off a card closes every screen of the person's, and this may be one."""
    if request.reach.is_owner:
        request.user.refresh_from_db()
        update_session_auth_hash(request, request.user)
