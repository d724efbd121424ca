"""In their hands: a device of somebody who works here is with the person, and opens only what is the person's.

The session stays that of whoever lent it, and of what it holds nothing is reachable until they take it back.
What is done meanwhile is the person's, and recorded as what it was: theirs, on somebody else's device
(docs/decisions/0016-in-their-hands.md).
"""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, logout
from django.contrib.messages import get_messages
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from peers.models import User
from peers.signals import device_taken_back

HANDS = "hands"  # in the session
BY_PASSPHRASE_THERE = "passphrase"
# What a session keeps whoever holds the device: whose it is, and how it ends.
KEPT = (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, "_session_expiry", "device", "seen")

NOTHING_TYPED = {"came_by": "", "auth_hash": ""}


@dataclass(frozen=True)
class Hands:
    """Who lent the device, where the person is meant to be, and what they have shown to be theirs since then."""

    lender: User
    page: str
    came_by: str = ""  # the code of the own words typed there, or BY_PASSPHRASE_THERE
    language: str = ""  # of the pages, where they chose one there


def in_their_hands(get_response):
    """Middleware: while the device is in the person's hands, the user of each request is the person."""

    def middleware(request):
        request.hands = None
        if settings.SESSION_COOKIE_NAME in request.COOKIES and HANDS in request.session:
            _take_up(request, request.session[HANDS])
        return get_response(request)

    return middleware


def _take_up(request, kept):
    lender = request.user
    if not lender.is_authenticated:  # their session has ended meanwhile, and this with it
        return
    users = User.objects.select_related(*settings.USER_READ_WITH)
    person = users.filter(person=kept["person"], is_active=True).first()
    if person is None:
        logout(request)
        return
    person.on_device_of = lender
    request.user = person
    # As every session of theirs, what they opened there closes with another passphrase, or when they end all others.
    is_open = constant_time_compare(kept["auth_hash"], person.get_session_auth_hash())
    came_by = kept["came_by"] if is_open else ""
    request.hands = Hands(lender=lender, page=kept["page"], came_by=came_by, language=kept["language"])


def hands_of(request):
    """Who lent this device, and the rest, while it is in the person's hands; else None."""
    return getattr(request, "hands", None)


def forget_hands(request):
    """The session is over, and with it that the device is in somebody's hands."""
    request.hands = None


def to_the_page_in_hand(request):
    """The answer to every address that does not open in the person's hands: the page they are meant to be at."""
    return redirect(hands_of(request).page)


def put_in_their_hands(request, *, person, page):
    """Put the device into the person's hands, at this page. What the session held beside waits until it is back.

    A door may call its view a second time: then it is there already, and so it is for `take_back`.
    """
    if HANDS in request.session:
        return
    before = _put_away(request)
    request.session[HANDS] = {"person": str(person.pk), "page": page, "language": "", "before": before} | NOTHING_TYPED
    _turn(request)


def take_back(request):
    """The device is with its owner again: what the session held before is there, and nothing that came in between."""
    if HANDS not in request.session:
        return
    mark = request.session[HANDS]
    device_taken_back.send(Hands, person=mark["person"], by=hands_of(request).lender)
    before = mark["before"]
    _put_away(request)
    request.session.update(before)
    _turn(request)


def come_by(request, way):
    """The person has typed what only they know: their own words, by their code, or their passphrase."""
    came = {"came_by": way, "auth_hash": request.user.get_session_auth_hash()}
    request.session[HANDS] = {**request.session[HANDS], **came}
    request.session.cycle_key()


def read_in(request, language):
    """The pages are in this language until the device is given back. Its owner's choice is not touched."""
    request.session[HANDS] = {**request.session[HANDS], "language": language}


def _put_away(request):
    """Take everything out of the session but whose it is. Returns what that was."""
    found = {name: request.session[name] for name in list(request.session.keys()) if name not in KEPT}
    for name in found:
        del request.session[name]
    found.pop(HANDS, None)
    return found


def _turn(request):
    """Another session key, other form tokens, no messages: a page of before sends nothing any more."""
    request.session.cycle_key()
    rotate_token(request)
    get_messages(request).used = True
