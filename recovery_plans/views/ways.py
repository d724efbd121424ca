"""Ways in: every way that opens this plan as the person now, and how each is ended. The person's alone."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from peers.models import PlanCard
from peers.pagination import code_in
from peers.views.card_way_in import DAYS_ON_ONES_OWN_DEVICE
from peers.views.redirects import post_only
from peers.ways import WayKind, way_of


def ways_in(request, plan):
    """Every way that works now."""
    way, user = way_of(request), request.user
    prefetch_related_objects(way.cards, "created_by")
    shown = {
        "plan": plan,
        "way": way,
        "own": [card for card in way.cards if card.is_own],
        "unopened": [card for card in way.cards if not card.is_own and card.opened_at is None],
        "opened": [card for card in way.cards if not card.is_own and _may_be_open(card)],
        "by_passphrase": way.kind == WayKind.PASSPHRASE,
        "may_end_passphrase": not user.roles_now() and any(card.opens_all for card in way.cards),
        "works_here": bool(user.roles_now()),
    }
    return render(request, "recovery_plans/ways/ways.html", shown)


def _may_be_open(card):
    """Whether a screen that this card opened may still be open: on one's own device it is kept for so many days."""
    return card.opened_at is not None and card.opened_at > timezone.now() - timedelta(days=DAYS_ON_ONES_OWN_DEVICE)


@post_only
def end(request, plan):
    """End one way in; the last one that is the person's own stays, so that nobody shuts themself out by a tap."""
    way, user, wanted = way_of(request), request.user, request.POST.get("way")
    own = [card for card in way.cards if card.opens_all]
    if wanted == "passphrase":
        if not user.has_passphrase or user.roles_now() or not own:
            return _stays(request, plan)
        user.end_passphrase()
        if way.kind != WayKind.PASSPHRASE:
            update_session_auth_hash(request, user)
    else:
        card = next((card for card in way.cards if card.pk == code_in(wanted)), None)
        if card is not None and card.opens_all and len(own) == 1 and not user.has_passphrase:
            return _stays(request, plan)
        if card is not None:
            card.turn_off(by=user)
    messages.success(request, _("Ended. It opens nothing now, and each screen it opened is closed."))
    return redirect("ways-in", plan=plan.pk)


def _stays(request, plan):
    messages.info(request, _("This is your only way in of your own. Make own words first, then end this one."))
    return redirect("ways-in", plan=plan.pk)


@post_only
def end_others(request, plan):
    """End every way in but the one this session came by, and every other screen that is open."""
    way, user = way_of(request), request.user
    PlanCard.turn_off_others(person=plan.person, by=user, but=way.card)
    if way.kind != WayKind.PASSPHRASE and user.has_passphrase:
        user.end_passphrase()
    user.end_all_sessions()
    update_session_auth_hash(request, user)
    messages.success(request, _("All other ways in have ended, and every other screen is closed."))
    return redirect("ways-in", plan=plan.pk)


@post_only
def new_card(request, plan):
    """Answer whether a new card, made by another hand, was right. No turns it off, and ends what it opened."""
    asked, answer = way_of(request).asks_about, request.POST.get("answer")
    if asked is not None and asked.pk == code_in(request.POST.get("card")):
        if answer == "yes":
            asked.say_right(by=request.user)
            messages.success(request, _("Good. Thank you."))
        elif answer == "no":
            asked.say_wrong(by=request.user)
            messages.success(request, _("The new card is off, and each screen it opened is closed."))
    return redirect("plan", plan=plan.pk)
