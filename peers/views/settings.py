"""One's own settings: how I like to read, and my ways in."""

from django.conf import settings as place
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from peers import throttling
from peers.context_processors import BRAND
from peers.forms import NAME_TAKEN, CodeForm, OwnPassphraseForm, SettingsForm
from peers.models import PlanCard, SecondLock
from peers.models.users import signin_name
from peers.qr_codes import square
from peers.views.language import remember
from peers.views.signin import slowed
from peers.views.words_back import say_what_was_taken_out

READING = ("name", "language", "text_size", "plain_font", "calm")


def settings(request):
    """What to call me, and how I like to read."""
    user = request.user
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(user, field) for field in READING},
        user=user,
    )
    if form.is_valid():
        return _keep_reading(request, form)
    has_lock = SecondLock.is_on(user=user)
    return render(request, "peers/settings.html", {"form": form, "has_second_lock": has_lock})


def _keep_reading(request, form):
    user, said = request.user, form.cleaned_data
    changes_language = said["language"] != user.language
    user.read_like(**{field: said[field] for field in READING})
    response = redirect("settings")
    say_what_was_taken_out(request, form)
    speaks = said["language"] in dict(place.LANGUAGES)
    if changes_language and speaks:
        remember(response, said["language"])
    with translation.override(said["language"] if changes_language and speaks else translation.get_language()):
        messages.info(request, _("Kept."))
    return response


def passphrase(request):
    """Take a sign-in name and a passphrase of one's own. Every other device is signed out; this one stays."""
    user = request.user
    # Someone may have forgotten the passphrase; a card they made themselves is proof enough, one from another hand not.
    came_by = request.session.get("card")
    ask_current = user.has_passphrase and not (came_by and PlanCard.is_own(came_by, user=user))
    form = OwnPassphraseForm(
        request.POST if request.method == "POST" else None,
        initial={"username": user.username},
        user=user,
        ask_current=ask_current,
    )
    ask = render_of("peers/settings_passphrase.html", may_have_forgotten=ask_current and came_by)
    if not form.is_valid():
        return ask(request, form)
    said = form.cleaned_data
    if "current" in said:
        if minutes := throttling.minutes_to_wait(request, "passphrase", at=signin_name(user.username)):
            form.add_error("current", throttling.short_break(minutes))
            return slowed(ask(request, form), minutes)
        if not user.check_password(said["current"]):
            throttling.count_wrong(request, "passphrase", at=signin_name(user.username))
            form.add_error("current", _("That is not the passphrase you have now."))
            return ask(request, form)
    if minutes := throttling.minutes_to_wait(request, "name", at=user.pk):
        form.add_error("username", throttling.short_break(minutes))
        return slowed(ask(request, form), minutes)
    return _take_passphrase(request, form, ask)


def _take_passphrase(request, form, ask):
    user, said = request.user, form.cleaned_data
    if form.name_is_taken(said["username"]):
        throttling.count_wrong(request, "name", at=user.pk)
        form.add_error("username", NAME_TAKEN)
        return ask(request, form)
    try:
        user.take_passphrase(username=said["username"], passphrase=said["passphrase"])
    except IntegrityError:  # someone took the name in the same moment
        user.refresh_from_db()
        form.add_error("username", NAME_TAKEN)
        return ask(request, form)
    update_session_auth_hash(request, user)
    say_what_was_taken_out(request, form)
    messages.info(request, _("Kept. Your other devices are signed out."))
    return redirect("settings")


def second_lock(request):
    """Turn the second lock on with a first code from the app, or off with one."""
    user = request.user
    if not user.has_passphrase:
        messages.info(request, _("The second lock goes with a passphrase. Please choose one first."))
        return redirect("settings-passphrase")
    # A first look prepares it, though a look should change nothing: a phone that went to its code app often loads this
    # page anew on coming back, and must find the key that the app was just given. It opens nothing and asks for nothing
    # before a first code has fitted.
    lock = SecondLock.prepare(user=user)
    is_on = lock.confirmed_at is not None
    form = CodeForm(request.POST if request.method == "POST" else None)
    ask = render_of("peers/settings_lock.html", has_second_lock=is_on, **({} if is_on else _to_scan(lock)))
    if not form.is_valid():
        return ask(request, form)
    if minutes := throttling.minutes_to_wait(request, "code", at=user.pk):
        form.add_error(None, throttling.short_break(minutes))
        return slowed(ask(request, form), minutes)
    given = form.cleaned_data["code"]
    if not (lock.fits(given) if is_on else lock.turn_on(code=given)):
        throttling.count_wrong(request, "code", at=user.pk)
        form.add_error("code", throttling.WRONG_CODE)
        return ask(request, form)
    if is_on:
        lock.turn_off(by=user)
    messages.info(request, _("Your second lock is off.") if is_on else _("Your second lock is on."))
    return redirect("settings")


def _to_scan(lock):
    """What a code app needs: the key, and the same as a square."""
    return {"secret": lock.secret, "qr": square(lock.address(issuer=BRAND))}


def render_of(template, **context):
    """A page with a form, to be asked again."""

    def ask(request, form):
        return render(request, template, {"form": form, **context})

    return ask
