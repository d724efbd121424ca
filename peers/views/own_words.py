"""Own words in place: a session that a card of another hand opened becomes the person's own."""

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from peers import throttling
from peers.card_box import empty_box
from peers.hands import BY_PASSPHRASE_THERE, come_by, hands_of
from peers.models import PlanCard, TotpDevice
from peers.models.cards import CardKind
from peers.views.own_words_box import cards_with_pin, new_form, own_words_page
from peers.views.redirects import next_url
from peers.views.signin import throttled
from peers.ways import BY_PASSPHRASE, CARD, forget_way, way_of


@require_http_methods(["GET", "HEAD", "POST"])
def own_words(request):
    """The four words, the passphrase, or the PIN of before: whichever is right makes this session the person's own."""
    if way_of(request).is_own:
        return redirect(next_url(request))
    form = new_form(request, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return own_words_page(request, form, next_path=next_url(request))
    if hands_of(request) and TotpDevice.is_on(user=request.user):  # nobody has shown the code of that lock there
        form.add_error(None, _("You have a second lock. To open all of your plan, sign in on a device of your own."))
        return own_words_page(request, form, next_path=next_url(request))
    guess = {"kind": "pin", "at": f"own {request.user.pk}", "account": request.user.pk}
    if minutes := throttling.count_guess(request, **guess):
        form.add_error(None, throttling.wait_message(minutes))
        return throttled(own_words_page(request, form, next_path=next_url(request)), minutes)
    fits = _fits(request, form)
    if fits or (form.errors and not form.cleaned_data.get("pin")):  # right, or right and not enough yet
        throttling.give_back(request, **guess)
    if not fits:
        if not form.errors:
            form.add_error(None, _("That is not it. Please check the spelling and try again."))
        return own_words_page(request, form, next_path=next_url(request))
    empty_box(request)
    messages.info(request, _("Welcome. All of your plan is open to you now."))
    return redirect(next_url(request))


@transaction.atomic
def _fits(request, form):
    """Whether what was typed is the person's; if so the session is theirs from here on."""
    data, way = form.cleaned_data, way_of(request)
    if data.get("passphrase"):
        return request.user.check_password(data["passphrase"]) and _by_passphrase(request, way)
    if data.get("card_words"):
        return _by_words(request, form, way)
    return any(card.fits_pin(data["pin"]) for card in cards_with_pin(way)) and _by_pin(request, way)


def _by_passphrase(request, way):
    _need_not_wait(way)
    if hands_of(request):
        come_by(request, BY_PASSPHRASE_THERE)
        return True
    request.session.pop(CARD, None)
    login(request, request.user, backend=BY_PASSPHRASE)
    forget_way(request)
    return True


def _need_not_wait(way):
    """Whoever knows what only the person knows has opened the card themself. Returns the own words it gave, if any."""
    if way.ticket is None:
        return None
    if way.ticket.kind == CardKind.NEW:
        way.ticket.open_all_now()
    given = [card for card in way.cards if card.given_through_id == way.ticket.pk]
    return given[-1] if given else None


def _by_words(request, form, way):
    card = PlanCard.by_words(form.cleaned_data["card_words"])
    if card is None or not card.is_own or card.person.user_id != request.user.pk:
        return False
    if not card.fits_pin(form.cleaned_data.get("pin") or ""):
        form.ask_pin()
        form.add_error("pin", _("These words have a PIN. Please type it too."))
        return False
    if card.waits:
        day = date_format(card.opens_all_from, "DATE_FORMAT")
        form.add_error(
            "card_words", _("These words are right. They open all of your plan from %(day)s.") % {"day": day}
        )
        return False
    card.person = request.user.person  # so that it is noted whose device it was opened on
    card.open()
    # Words that this very card gave show nothing of who opened it; those of before do.
    shows_who = way.ticket is not None and card.given_through_id != way.ticket.pk
    return _come_in_by(request, (_need_not_wait(way) if shows_who else None) or card)


def _by_pin(request, way):
    """The PIN of before shows that it is the person."""
    given = _need_not_wait(way)
    return given is not None and _come_in_by(request, given)


def _come_in_by(request, card):
    if hands_of(request):
        come_by(request, str(card.pk))
        return True
    request.session[CARD] = str(card.pk)
    request.session.cycle_key()
    forget_way(request)
    return True
