"""The ways in with a passphrase: signing in, the second lock, and joining by invitation."""

import time

from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url

from peers import throttling
from peers.doors import acting_as, is_signed_in
from peers.forms import NAME_TAKEN, CodeForm, JoinForm, SignInForm
from peers.models import Invitation, PlanCard, SecondLock, User
from peers.models.users import signin_name
from peers.signals import card_used
from peers.views import problems
from peers.views.redirects import next_url
from peers.views.words_back import say_what_was_taken_out

BY_PASSPHRASE = "peers.auth_backends.Passphrase"
CODE_WITHIN_SECONDS = 5 * 60


def sign_in(request):
    """A name and a passphrase. Wrong name and wrong passphrase are one answer; many wrong ones mean a short wait."""
    if request.method != "POST":
        return _ask_for_passphrase(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _ask_for_passphrase(request, form)
    said = form.cleaned_data
    name = signin_name(said["username"])
    if minutes := throttling.minutes_to_wait(request, "passphrase", at=name):
        form.add_error(None, throttling.short_break(minutes))
        return slowed(_ask_for_passphrase(request, form), minutes)
    user = authenticate(request, username=name, password=said["passphrase"])
    if user is None:
        throttling.count_wrong(request, "passphrase", at=name)
        form.add_error(None, throttling.WRONG_PAIR)
        return _ask_for_passphrase(request, form)
    return unlock(request, user, backend=BY_PASSPHRASE, shared=said["shared"], to=next_url(request))


def _ask_for_passphrase(request, form):
    path = next_url(request)
    return render(request, "peers/sign_in.html", {"form": form, "next": "" if path == resolve_url("home") else path})


def come_in(request, user, *, backend, shared, to, days=None, card=""):
    """Open the session under a new key, with `card`, its code, where a card opened it.

    On a shared device it closes after ten quiet minutes (peers/doors.py). It ends with the browser, and after twelve
    hours at the latest; on one's own device it may be kept for `days`.
    """
    login(request, user, backend=backend)
    request.session["device"] = "shared" if shared else "own"
    request.session["seen"] = int(time.time())
    request.session.set_expiry(days * 24 * 60 * 60 if days and not shared else 0)
    if card:
        request.session["card"] = card
        with acting_as(user):
            card_used.send(PlanCard, user=user)
    return HttpResponseRedirect(to)


def slowed(response, minutes):
    """The same page, told that it is too early for another guess."""
    response.status_code = 429
    response.headers["Retry-After"] = str(minutes * 60)
    return response


# --- the second lock ---


def unlock(request, user, **way):
    """Come in, as `come_in` says it; where this user has a second lock, only after its code."""
    if SecondLock.is_on(user=user):
        return _go_on_to_second_lock(request, user, way)
    return come_in(request, user, **way)


def _go_on_to_second_lock(request, user, way):
    logout(request)  # whoever was here before is not; and the half-open session has a key of its own
    request.session["waiting"] = {
        "user": str(user.pk),
        "doors": user.get_session_auth_hash(),
        "way": way,
        "since": int(time.time()),
    }
    return redirect("sign-in-code")


def _who_waits(request):
    """The user who has shown a right passphrase or card within five minutes, or None."""
    waiting = request.session.get("waiting")
    if not waiting or time.time() - waiting["since"] > CODE_WITHIN_SECONDS:
        return None
    user = User.objects.select_related("second_lock").filter(pk=waiting["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != waiting["doors"] or not hasattr(user, "second_lock"):
        return None
    return user


def code(request):
    """The second half of the way in: six numbers from the code app."""
    user = _who_waits(request)
    if user is None:
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if minutes := throttling.minutes_to_wait(request, "code", at=user.pk):
            return problems.too_many(request, minutes=minutes)
        if user.second_lock.fits(form.cleaned_data["code"]):
            return come_in(request, user, **request.session.pop("waiting")["way"])
        throttling.count_wrong(request, "code", at=user.pk)
        form.add_error("code", throttling.WRONG_CODE)
    return render(request, "peers/sign_in_code.html", {"form": form})


# --- by invitation ---


def join(request, token):
    """Join the team with a one-time link: as oneself, where one is signed in here; else with a name and a passphrase.

    Whoever holds the link reads the same in either case: nobody learns who has an account.
    """
    invitation = Invitation.waiting(token)
    if invitation is None:
        return render(request, "peers/join.html", {"invitation": None})
    by_passphrase = _is_here_by_passphrase(request)
    if by_passphrase and "as_myself" in request.POST:
        return _join_as_myself(request, invitation)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"name": invitation.name})
    if form.is_valid():
        said = form.cleaned_data
        try:
            user = invitation.accept(name=said["name"], username=said["username"], passphrase=said["passphrase"])
        except IntegrityError:  # someone took the name in the same moment; the invitation still waits
            form.add_error("username", NAME_TAKEN)
        else:
            if user is None:  # the link was used, or ended, in the same moment
                return render(request, "peers/join.html", {"invitation": None})
            say_what_was_taken_out(request, form)
            return come_in(request, user, backend=BY_PASSPHRASE, shared=False, to=resolve_url("home"))
    return render(request, "peers/join.html", {"invitation": invitation, "form": form, "is_here": by_passphrase})


def _is_here_by_passphrase(request):
    """Whether someone is signed in who may work here: a card alone, which may be in any hand, is not enough."""
    return is_signed_in(request) and request.user.has_passphrase and "card" not in request.session


def _join_as_myself(request, invitation):
    if invitation.accept_as(user=request.user) is None:  # the link was used, or ended, in the same moment
        return render(request, "peers/join.html", {"invitation": None})
    update_session_auth_hash(request, request.user)  # their other screens are closed; this very visit stays
    return redirect("home")
