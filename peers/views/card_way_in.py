"""Signing in with a plan card: its four words, or its QR code."""

from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from peers import throttling
from peers.forms import CardForm, CardWordsForm
from peers.models import Organization, PlanCard
from peers.templatetags.alongside import initial
from peers.views.signin import open_session_or_ask_code, throttled
from peers.ways import BY_CARD

DAYS_ON_ONES_OWN_DEVICE = 30


def by_words(request):
    """One field for the four words. A PIN is asked for only when the card has one."""
    if request.method != "POST":
        return _ask_for_words(request, CardWordsForm())
    form = CardWordsForm(request.POST)
    if "pin" in request.POST:
        form.ask_pin()
    if not form.is_valid():
        return _ask_for_words(request, form)
    data = form.cleaned_data
    if minutes := throttling.count_guess(request, "card"):
        return _ask_to_wait(request, form, minutes, _ask_for_words)
    card = PlanCard.by_words(data["card_words"])
    if card is None:
        form.add_error("card_words", throttling.WRONG_WORDS)
        return _ask_for_words(request, form)
    throttling.give_back(request, "card")
    if card.has_pin and "pin" not in form.fields:
        form = CardWordsForm(initial={"card_words": data["card_words"], "device": data["device"]})
        form.ask_pin()
        return _ask_for_words(request, form)
    return _open(request, card, form, _ask_for_words)


def _ask_for_words(request, form):
    return render(request, "peers/open.html", {"form": form, "phone": phone_to_call()})


def by_link(request, token):
    """The QR code on the card. Of the person, the page shows the first letter of their name and nothing else.

    A card that was turned off and one that never was are the same page.
    """
    card = PlanCard.by_token(token)
    if card is None:
        return render(request, "peers/open_link.html", {"form": None, "phone": phone_to_call()})
    form = CardForm(request.POST if request.method == "POST" else None)
    if card.has_pin:
        form.ask_pin()

    def ask(request, form):
        return render(request, "peers/open_link.html", {"form": form, "initial": initial(card.person.name)})

    return _open(request, card, form, ask) if form.is_valid() else ask(request, form)


def _open(request, card, form, ask):
    """The right card: check its PIN, with a wait after too many wrong ones, and sign its person in."""
    data = form.cleaned_data
    if card.has_pin:
        guess = {"kind": "pin", "at": card.pk, "account": card.person.user_id}
        if minutes := throttling.count_guess(request, **guess):
            return _ask_to_wait(request, form, minutes, ask)
        if not card.fits_pin(data["pin"]):
            form.add_error("pin", throttling.WRONG_PIN)
            return ask(request, form)
        throttling.give_back(request, **guess)
    user = card.person.user
    if user.roles_now():
        # Their work opens other people's plans; a card without a passphrase must not.
        form.add_error(None, _("You work here, so please sign in with your name and passphrase."))
        return ask(request, form)
    return open_session_or_ask_code(
        request,
        user,
        backend=BY_CARD,
        shared=data["device"] == "shared",
        days=DAYS_ON_ONES_OWN_DEVICE,
        next_url=resolve_url("home"),
        card=str(card.pk),
    )


def _ask_to_wait(request, form, minutes, ask):
    form.add_error(None, throttling.wait_message(minutes))
    return throttled(ask(request, form), minutes)


def phone_to_call():
    """The number for someone without a card: shown to a stranger only where there is one organization."""
    phones = list(Organization.objects.values_list("phone", flat=True)[:2])
    return phones[0] if len(phones) == 1 else ""
