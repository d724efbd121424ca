"""Signing in with a passphrase, the second lock, and joining by invitation."""

import time

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from peers import throttling
from peers.card_box import empty_box, put_in_box
from peers.doors import acting_as, is_signed_in
from peers.forms import NAME_TAKEN, JoinForm, SignInCodeForm, SignInForm
from peers.hands import HANDS, hands_of, take_back
from peers.known_browsers import remember_browser
from peers.models import Invitation, PlanCard, RecoveryCode, TotpDevice, User
from peers.models.cards import OpenedAlready
from peers.models.users import signin_name
from peers.views import problems
from peers.views.redirects import next_url
from peers.views.removed_characters import report_removed_characters
from peers.ways import BY_PASSPHRASE, CARD, forget_way

SECONDS_FOR_CODE = 5 * 60


def sign_in(request):
    """A name and a passphrase. Wrong name and wrong passphrase are one answer; many wrong ones mean a short wait."""
    if request.method != "POST":
        return _ask_for_passphrase(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _ask_for_passphrase(request, form)
    data = form.cleaned_data
    name = signin_name(data["username"])
    if minutes := throttling.count_guess(request, "passphrase", at=name):
        form.add_error(None, throttling.wait_message(minutes))
        return throttled(_ask_for_passphrase(request, form), minutes)
    user = authenticate(request, username=name, password=data["passphrase"])
    if user is None:
        form.add_error(None, throttling.WRONG_PAIR)
        return _ask_for_passphrase(request, form)
    throttling.give_back(request, "passphrase", at=name)
    return open_session_or_ask_code(
        request, user, backend=BY_PASSPHRASE, shared=data["shared"], next_url=next_url(request)
    )


def _ask_for_passphrase(request, form):
    path = next_url(request)
    return render(request, "peers/sign_in.html", {"form": form, "next": "" if path == resolve_url("home") else path})


def open_session(request, user, *, backend, shared, next_url, days=None, card=""):
    """Sign in under a new session key, with `card`, its code, where it was by a card; then redirect to `next_url`.

    On a shared device the session ends after ten idle minutes (peers/doors.py). It ends with the browser, and after
    twelve hours at the latest; on one's own device it may be kept for `days`.
    """
    given = None
    if card:
        try:
            given = _open_card(user, card)
        except OpenedAlready:
            messages.info(request, _("This card has just been opened. Your own four words open your plan now."))
            return redirect("open")
    login(request, user, backend=backend)
    forget_way(request)
    if HANDS in request.session:  # whoever lent the device has signed in on it anew
        with acting_as(user):
            take_back(request)
    empty_box(request)
    request.session.pop(CARD, None)
    request.session["device"] = "shared" if shared else "own"
    request.session["seen"] = int(time.time())
    request.session.set_expiry(days * 24 * 60 * 60 if days and not shared else 0)
    if card:
        request.session[CARD] = card
    if given:
        own, words, token = given
        put_in_box(request, own, words=words, token=token)
    response = HttpResponseRedirect(next_url)
    if not shared:
        remember_browser(request, response, user=user)
    return response


def _open_card(user, code):
    """Open the card with this code. Returns the own words it gives, or None; raises `OpenedAlready`."""
    with acting_as(user):
        card = PlanCard.objects.select_related("person__user", "person__organization").filter(pk=code).first()
        if card is None:
            raise OpenedAlready
        return card.open()


def throttled(response, minutes):
    """The same page, as a response to a guess that came too early."""
    response.status_code = 429
    response.headers["Retry-After"] = str(minutes * 60)
    return response


# --- the second lock ---


def open_session_or_ask_code(request, user, **session):
    """`open_session` with these arguments; for a user with a second lock, only after its code."""
    if TotpDevice.is_on(user=user):
        return _ask_code_first(request, user, session)
    return open_session(request, user, **session)


def _ask_code_first(request, user, session):
    logout(request)  # ends the session of whoever was signed in before; what waits for a code has a key of its own
    request.session["awaiting_code"] = {
        "user": str(user.pk),
        "auth_hash": user.get_session_auth_hash(),
        "session": session,
        "since": int(time.time()),
    }
    return redirect("sign-in-code")


def _user_awaiting_code(request):
    """The user who has shown a right passphrase or card within five minutes, or None."""
    waiting = request.session.get("awaiting_code")
    if not waiting or time.time() - waiting["since"] > SECONDS_FOR_CODE:
        return None
    user = User.objects.select_related("totp_device").filter(pk=waiting["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != waiting["auth_hash"] or not hasattr(user, "totp_device"):
        return None
    return user


def code(request):
    """The second half of signing in: six numbers from the code app, or a recovery code."""
    user = _user_awaiting_code(request)
    if user is None:
        return redirect("sign-in")
    form = SignInCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if minutes := throttling.count_guess(request, "code", at=user.pk, account=user.pk):
            return problems.too_many(request, minutes=minutes)
        if _is_right(user.totp_device, form.cleaned_data["code"]):
            throttling.give_back(request, "code", at=user.pk, account=user.pk)
            return open_session(request, user, **request.session.pop("awaiting_code")["session"])
        form.add_error("code", throttling.WRONG_CODE)
    return render(request, "peers/sign_in_code.html", {"form": form})


def _is_right(device, code):
    return device.verify(code) if len(code) == device.digits else RecoveryCode.use(device=device, code=code)


# --- by invitation ---


def join(request, token):
    """Join the team with a one-time link: as oneself, where one is signed in; else with a name and a passphrase.

    Whoever holds the link reads the same in either case: nobody learns who has an account.
    """
    invitation = Invitation.waiting(token)
    if invitation is None:
        return render(request, "peers/join.html", {"invitation": None})
    by_passphrase = _is_signed_in_by_passphrase(request)
    if by_passphrase and "as_myself" in request.POST:
        return _join_as_myself(request, invitation)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"name": invitation.name})
    if form.is_valid():
        data = form.cleaned_data
        try:
            user = invitation.accept(name=data["name"], username=data["username"], passphrase=data["passphrase"])
        except IntegrityError:  # someone took the name in the same moment; the invitation can still be used
            form.add_error("username", NAME_TAKEN)
        else:
            if user is None:  # the link was used, or ended, in the same moment
                return render(request, "peers/join.html", {"invitation": None})
            report_removed_characters(request, form)
            return open_session(request, user, backend=BY_PASSPHRASE, shared=False, next_url=resolve_url("home"))
    return render(request, "peers/join.html", {"invitation": invitation, "form": form, "is_here": by_passphrase})


def _is_signed_in_by_passphrase(request):
    """Whether someone is signed in who may join a team.

    By a card alone, anyone who holds it could be signed in; and on a lent device, whoever lent it.
    """
    if not is_signed_in(request) or hands_of(request):
        return False
    return request.user.has_passphrase and CARD not in request.session


def _join_as_myself(request, invitation):
    if invitation.accept_as(user=request.user) is None:  # the link was used, or ended, in the same moment
        return render(request, "peers/join.html", {"invitation": None})
    update_session_auth_hash(request, request.user)  # their other sessions have ended; this one stays
    return redirect("home")
