"""One's own settings: how I like to read, and my ways in."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import IntegrityError
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from peers import throttling
from peers.context_processors import BRAND
from peers.forms import NAME_TAKEN, CodeForm, DevicePinForm, OwnPassphraseForm, SettingsForm
from peers.models import RecoveryCode, TotpDevice
from peers.models.organization import StaffRole
from peers.qr_codes import qr_code
from peers.views.language import remember
from peers.views.removed_characters import report_removed_characters
from peers.views.signin import throttled
from peers.ways import WayKind, way_of

READING = ("name", "language", "text_size", "plain_font", "calm")


def settings(request):
    """What to call me, and how I like to read."""
    user = request.user
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(user, field) for field in READING},
        user=user,
        person=getattr(user, "person", None),
    )
    if form.is_valid():
        return _keep_reading(request, form)
    has_lock = TotpDevice.is_on(user=user)
    shown = {
        "form": form,
        "has_second_lock": has_lock,
        "is_own_session": way_of(request).is_own,
        "may_lend": user.holds(StaffRole.PEER_SPECIALIST),
    }
    return render(request, "peers/settings.html", shown)


def _keep_reading(request, form):
    user, data = request.user, form.cleaned_data
    changes_language = data["language"] != user.language
    user.read_like(**{field: data[field] for field in READING})
    if form.chooses_known_by:
        user.person.take_known_by(data["known_by"], by=user)
    response = redirect("settings")
    report_removed_characters(request, form)
    has_pages = data["language"] in dict(django_settings.LANGUAGES)
    if changes_language and has_pages:
        remember(response, data["language"])
    with translation.override(data["language"] if changes_language and has_pages else translation.get_language()):
        messages.info(request, _("Saved."))
    return response


def passphrase(request):
    """Take a sign-in name and a passphrase of one's own. Every other device is signed out; this one stays."""
    user = request.user
    # Someone may have forgotten the passphrase; own words are proof enough, as nobody else has seen them.
    ask_current = user.has_passphrase and way_of(request).kind != WayKind.OWN_WORDS
    form = OwnPassphraseForm(
        request.POST if request.method == "POST" else None,
        initial={"username": user.username},
        user=user,
        ask_current=ask_current,
    )
    ask = render_of("peers/settings_passphrase.html", may_have_forgotten=ask_current and hasattr(user, "person"))
    if not form.is_valid():
        return ask(request, form)
    data = form.cleaned_data
    if "current" in data:
        if minutes := throttling.count_guess(request, "passphrase", at=user.username):
            form.add_error("current", throttling.wait_message(minutes))
            return throttled(ask(request, form), minutes)
        if not user.check_password(data["current"]):
            form.add_error("current", _("That is not the passphrase you have now."))
            return ask(request, form)
        throttling.give_back(request, "passphrase", at=user.username)
    if minutes := throttling.count_guess(request, "name", at=user.pk, account=user.pk):
        form.add_error("username", throttling.wait_message(minutes))
        return throttled(ask(request, form), minutes)
    return _take_passphrase(request, form, ask)


def _take_passphrase(request, form, ask):
    user, data = request.user, form.cleaned_data
    if form.name_is_taken(data["username"]):
        form.add_error("username", NAME_TAKEN)
        return ask(request, form)
    try:
        user.take_passphrase(username=data["username"], passphrase=data["passphrase"])
    except IntegrityError:  # someone took the name in the same moment
        user.refresh_from_db()
        form.add_error("username", NAME_TAKEN)
        return ask(request, form)
    throttling.give_back(request, "name", at=user.pk, account=user.pk)
    update_session_auth_hash(request, user)
    report_removed_characters(request, form)
    messages.info(request, _("Saved. Your other devices are signed out."))
    return redirect("settings")


def device_pin(request):
    """A short PIN with which a peer specialist takes back a device that is in a person's hands; blank ends it."""
    form = DevicePinForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "peers/settings_device_pin.html", {"form": form})
    request.user.take_device_pin(form.cleaned_data["pin"])
    messages.info(request, _("Saved."))
    return redirect("settings")


def second_lock(request):
    """Turn the second lock on with a first code from the app, or off with one."""
    user = request.user
    if not user.has_passphrase:
        messages.info(request, _("The second lock goes with a passphrase. Please choose one first."))
        return redirect("settings-passphrase")
    # A GET creates the device, though a GET should change nothing: a phone that went to its code app often loads this
    # page anew on coming back, and must find the secret that the app was just given. Nothing depends on the device
    # before a first code has been right.
    device = TotpDevice.prepare(user=user)
    is_on = device.confirmed_at is not None
    form = CodeForm(request.POST if request.method == "POST" else None)
    ask = render_of("peers/settings_lock.html", has_second_lock=is_on, **({} if is_on else _setup_context(device)))
    if not form.is_valid():
        return ask(request, form)
    if minutes := throttling.count_guess(request, "code", at=user.pk, account=user.pk):
        form.add_error(None, throttling.wait_message(minutes))
        return throttled(ask(request, form), minutes)
    code = form.cleaned_data["code"]
    if not (device.verify(code) if is_on else device.turn_on(code=code)):
        form.add_error("code", throttling.WRONG_CODE)
        return ask(request, form)
    throttling.give_back(request, "code", at=user.pk, account=user.pk)
    if is_on:
        device.turn_off(by=user)
        messages.info(request, _("Your second lock is off."))
        return redirect("settings")
    user.refresh_from_db()
    update_session_auth_hash(request, user)  # their other sessions have ended; this one stays
    return render(request, "peers/settings_lock_codes.html", {"codes": RecoveryCode.make(device=device)})


def _setup_context(device):
    """What a code app needs: the secret, and the same as a QR code."""
    return {"secret": device.secret, "qr": qr_code(device.provisioning_uri(issuer=BRAND))}


def render_of(template, **context):
    """A page with a form, to be asked again."""

    def ask(request, form):
        return render(request, template, {"form": form, **context})

    return ask
